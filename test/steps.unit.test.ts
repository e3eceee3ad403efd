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

test('what failed outside of any test is named by its file, so that it is run again and known', () => {
  const here = import.meta.dirname.replace(/\/test$/, '');
  const output = `
⎯⎯⎯⎯⎯⎯ Unhandled Errors ⎯⎯⎯⎯⎯⎯

Vitest caught 2 unhandled errors during the test run.

⎯⎯⎯⎯⎯⎯ Unhandled Error ⎯⎯⎯⎯⎯⎯⎯
Error: [vitest-pool]: Worker forks emitted error.
 ❯ EventEmitter.onTaskError node_modules/vitest/dist/index.js:6031:21

Caused by: Error: Worker exited unexpectedly with signal SIGSEGV during started state while running test file ${here}/models/a.test.ts
 ❯ ChildProcess.emitUnexpectedExit node_modules/vitest/dist/index.js:5447:33

⎯⎯⎯⎯⎯ Uncaught Exception ⎯⎯⎯⎯⎯
Error: late
 ❯ Timeout._onTimeout test/b.test.ts:2:50

This error originated in "test/b.test.ts" test file. It doesn't mean the error was thrown inside the file itself, but while it was running.
⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯

 Test Files  1 passed (1)
`;
  const ended = `Worker exited unexpectedly with signal SIGSEGV during started state while running test file ${here}/models/a.test.ts`;
  expect(failedTests(output)).toEqual([
    `|outside of any test| models/a.test.ts: Error: [vitest-pool]: Worker forks emitted error. Caused by: Error: ${ended}`,
    '|outside of any test| test/b.test.ts: Error: late',
  ]);
});
