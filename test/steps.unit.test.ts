import { expect, test } from 'vitest';
import { failedTests } from './steps.ts';

test('what failed is named with what it said, the seed of a property included, in one line each', () => {
  const output = `
 FAIL  |unit| agents/host/a.test.ts > numbers > any come back
 FAIL  |unit| agents/host/a.test.ts > numbers > all come back
Error: Property failed after 3 tests
{ seed: -18, path: "2:0", endOnFailure: true }
Counterexample: [[-0]]

Hint: more
 ❯ agents/host/a.test.ts:20:3

 FAIL  |ui| test/ui/b.test.ts > opens
Error: Test timed out in 30000ms.
 ❯ test/ui/b.test.ts:1:1
`;
  const said = 'Error: Property failed after 3 tests { seed: -18, path: "2:0", endOnFailure: true } Counterexample: [[-0]]';
  expect(failedTests(output)).toEqual([
    `|unit| agents/host/a.test.ts > numbers > any come back: ${said}`,
    `|unit| agents/host/a.test.ts > numbers > all come back: ${said}`,
    '|ui| test/ui/b.test.ts > opens: Error: Test timed out in 30000ms.',
  ]);
  expect(failedTests('Tests  3 passed')).toEqual([]);
});
