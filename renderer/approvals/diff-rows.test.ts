import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type DiffRow, hunksOf, indentOf } from './diff-rows.ts';

const diff = `--- Service shop/cart (now)
+++ Service shop/cart (after)
@@ -9,4 +9,5 @@ spec.selector
     targetPort: 8080
   selector:
-    app: crat
+    app: cart
+    tier: web
`;

test('a removed and an added line stand side by side, with what differs in them', () => {
  const [hunk] = hunksOf(diff);
  expect(hunk).toEqual({
    place: 'spec.selector',
    rows: [
      { same: '    targetPort: 8080' },
      { same: '  selector:' },
      { left: { text: '    app: crat', from: 10, to: 12 }, right: { text: '    app: cart', from: 10, to: 12 } },
      { left: undefined, right: { text: '    tier: web', from: 0, to: 0 } },
    ],
  });
  expect(indentOf(hunk?.rows ?? [])).toBe(2);
});

test('a removed line that looks like a heading is a removed line', () => {
  expect(hunksOf('--- a\n+++ b\n@@ -1 +0,0 @@\n--- x\n')[0]?.rows).toEqual([{ left: { text: '-- x', from: 0, to: 0 }, right: undefined }]);
});

test('no line of a diff is lost, none is made up, and the sides join to what they were', () => {
  const line = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '-', '+', '@', '\\', '🚢', 'ش') });
  const change = fc.record({ sign: fc.constantFrom(' ', '-', '+'), text: line });
  let tried = 0;
  fc.assert(
    fc.property(fc.array(change, { minLength: 1 }), (changes) => {
      tried++;
      const rows = hunksOf(`--- a\n+++ b\n@@ -1 +1 @@ x\n${changes.map((c) => c.sign + c.text).join('\n')}\n`)[0]?.rows ?? [];
      const sides = (pick: 'left' | 'right') =>
        rows.flatMap((r: DiffRow) => ('same' in r ? [r.same] : r[pick] === undefined ? [] : [r[pick].text]));
      expect(sides('left')).toEqual(changes.filter((c) => c.sign !== '+').map((c) => c.text));
      expect(sides('right')).toEqual(changes.filter((c) => c.sign !== '-').map((c) => c.text));
      for (const row of rows)
        if (!('same' in row) && row.left !== undefined && row.right !== undefined) {
          const { left, right } = row;
          expect(left.text.slice(0, left.from) + right.text.slice(right.from, right.to) + left.text.slice(left.to)).toBe(right.text);
        }
    }),
  );
  process.stdout.write(`diffs side by side: ${tried} tried\n`);
});
