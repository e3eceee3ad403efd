import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aroundChanges, lineDiff } from './line-diff.ts';

const told = (lines: ReturnType<typeof lineDiff>) => lines.map(({ tone, text }) => `${{ same: ' ', gone: '-', new: '+' }[tone]}${text}`);

test('what was changed in the middle is told, and what is the same stays', () => {
  expect(told(lineDiff('a\nb\nc\nd\n', 'a\nB\nc\nd\ne\n'))).toEqual([' a', '-b', '+B', ' c', ' d', '+e']);
  expect(told(lineDiff('', 'a\nb'))).toEqual(['+a', '+b']);
});

test('without its new lines a diff is the text before, without those that are gone the text after', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { minLength: 1, maxLength: 12 }).map((l) => l.join('\n'));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = lineDiff(before, after);
      const without = (tone: string) =>
        lines
          .filter((l) => l.tone !== tone)
          .map((l) => l.text)
          .join('\n');
      expect([without('new'), without('gone')]).toEqual([before, after].map((t) => t.replace(/\n$/, '')));
    }),
  );
});

test('of much that is the same only what stands around a change is shown', () => {
  const lines = lineDiff('1\n2\n3\n4\n5\n6\n7\n8', '1\n2\n3\n4\n5\n6\n7\nx');
  expect(aroundChanges(lines, 1)).toEqual([
    { tone: 'same', text: '7' },
    { tone: 'gone', text: '8' },
    { tone: 'new', text: 'x' },
  ]);
});
