import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MARKUPS, asMarkdown } from './markup.ts';
import { textOf } from './text.ts';
import { readXml } from './xml.ts';

/** However a file comes in pieces, what is read of it is the same. */

const SIGNS = ['\n', '\r\n', '\r', '=', '---', '====', '....', '////', '```', '* ', ' ', '   ', '::', ':x:', '// ', 'ü', '😀', 'word'];
const LINES = ['== A\n', 'Title\n=====\n', '.. code:: sh\n\n', '#+begin_src\n', '#+end_src\n', '#+title: T\n', '-----\n', '[source]\n'];
const text = fc.array(fc.constantFrom(...SIGNS, ...LINES), { maxLength: 40 }).map((all) => all.join(''));
const cuts = fc.array(fc.nat(200), { maxLength: 12 });

async function* cutAt<T extends string | Buffer>(all: T, places: readonly number[]): AsyncGenerator<T> {
  let from = 0;
  for (const at of [...new Set(places)].sort((a, b) => a - b)) {
    yield await Promise.resolve(all.slice(from, at) as T);
    from = Math.max(from, Math.min(at, all.length));
  }
  yield all.slice(from) as T;
}

async function joined(pieces: AsyncIterable<string>): Promise<string> {
  let all = '';
  for await (const piece of pieces) all += piece;
  return all;
}

test.each(MARKUPS)('%s cut anywhere is the same Markdown', (markup) =>
  fc.assert(
    fc.asyncProperty(text, cuts, async (all, places) => {
      expect(await joined(asMarkdown(cutAt(all, places), markup))).toBe(await joined(asMarkdown(cutAt(all, []), markup)));
    }),
  ),
);

test('a line without end is cut into lines at the same places, between letters, in the memory of one piece', async () => {
  for (const all of [`=${'😀'.repeat(100_000)}\r\nend`, `${'x'.repeat(2 ** 16)}\r\n${'x'.repeat(2 ** 16 + 1)}\r\n`]) {
    const whole = await joined(asMarkdown(cutAt(all, []), 'asciidoc'));
    expect(Buffer.from(whole).toString()).toBe(whole);
    expect(whole.replaceAll('\n', '')).toBe(all.replaceAll(/\r?\n/g, ''));
    for (const step of [1_000, 2 ** 16, 2 ** 16 + 1, 99_991])
      expect(
        await joined(
          asMarkdown(
            cutAt(
              all,
              Array.from({ length: 250 }, (_, i) => i * step),
            ),
            'asciidoc',
          ),
        ),
      ).toBe(whole);
  }
});

test('bytes cut anywhere are the same text, or the same refusal', () => {
  const bytes = fc.oneof(
    text.map((all) => Buffer.from(all)),
    text.map((all) => Buffer.from(`\ufeff${all}`)),
    text.map((all) => Buffer.from(`\ufeff${all}`, 'utf16le')),
    fc
      .array(fc.constantFrom('Knoten ', 'gr\xfcn', '\xc3', 'caf\xe9 ', ' und '), { maxLength: 20 })
      .map((all) => Buffer.from(all.join(''), 'latin1')),
  );
  const said = (pieces: AsyncIterable<Buffer>) => joined(textOf(pieces)).catch(String);
  return fc.assert(
    fc.asyncProperty(bytes, cuts, async (all, places) => {
      expect(await said(cutAt(all, places))).toBe(await said(cutAt(all, [])));
    }),
  );
});

test('XML cut anywhere is the same elements and text', () => {
  const xml = fc
    .array(fc.constantFrom('<w:t>', '</w:t>', ' ', 'word', '&amp;', '<a b="x > y"/>', '<![CDATA[<x> ]]>', '<!-- > -->', '😀'), {
      maxLength: 30,
    })
    .map((all) => all.join(''));
  const said = async (pieces: AsyncIterable<string>) => {
    const events: unknown[] = [];
    for await (const event of readXml(pieces, true)) events.push(event);
    return events;
  };
  return fc.assert(
    fc.asyncProperty(xml, cuts, async (all, places) => {
      expect(await said(cutAt(all, places))).toEqual(await said(cutAt(all, [])));
    }),
  );
});
