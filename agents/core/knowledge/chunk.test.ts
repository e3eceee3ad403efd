import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chunkMarkdown, tokenEstimate } from './chunk.ts';

test('a document is cut at its headings, with their path and the line; of what stands before it the title stays', () => {
  const document =
    '---\ntitle: x\n---\n# Memory\n\nIt was killed.\n\n## What to do\n\n```sh\n# not a heading\nkubectl get pods\n```\n\nThen wait.\n';
  expect(chunkMarkdown(document)).toEqual([
    { heading: 'x > Memory', line: 6, text: 'It was killed.' },
    { heading: 'x > Memory > What to do', line: 10, text: '```sh\n# not a heading\nkubectl get pods\n```\n\nThen wait.' },
  ]);
});

test('a level that is left out, and one that ends, leave no trace in the path', () => {
  expect(chunkMarkdown('# A\n### C\nx\n## B\ny').map(({ heading }) => heading)).toEqual(['A > C', 'A > B']);
});

test('a block that fits is not cut: the text before it ends first', () => {
  const code = `\`\`\`\n${'line of code\n'.repeat(30)}\`\`\``;
  expect(chunkMarkdown(`${'word '.repeat(120).trim()}\n\n${code}`).map(({ text }) => text)).toEqual(['word '.repeat(120).trim(), code]);
});

test('of any text, nothing but blank is lost outside of headings, and every passage is short enough', () => {
  const line = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 3000 }),
    fc.constantFrom('', '```', '~~~~', 'kubectl get pods', 'x'.repeat(5000), '漢'.repeat(1000)),
  );
  const plain = (text: string) => text.replaceAll(/\s/gu, '');
  fc.assert(
    fc.property(
      fc.array(
        line.filter((text) => !/^\s*(#|---)/.test(text)),
        { maxLength: 12 },
      ),
      (lines) => {
        const passages = chunkMarkdown(lines.join('\n'));
        expect(plain(passages.map(({ text }) => text).join(''))).toBe(plain(lines.join('\n').replaceAll(/\r\n?/g, '\n')));
        for (const { text } of passages) {
          expect(text.length).toBeLessThanOrEqual(900);
          expect(tokenEstimate(text)).toBeLessThanOrEqual(400);
        }
      },
    ),
    { numRuns: 100 },
  );
});
