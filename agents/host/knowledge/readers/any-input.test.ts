import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Chunker, type Passage, chunkMarkdown } from '../../../core/knowledge/chunk.ts';
import { docx, pdf, zip } from '../../doubles/documents.ts';
import { BadDocx, docxToMarkdown } from './docx.ts';
import { BadPage, fragmentToMarkdown, pageToMarkdown } from './html.ts';
import { MARKUPS, asMarkdown } from './markup.ts';
import { BadPdf, pdfToMarkdown } from './pdf.ts';
import { NotText, textOf } from './text.ts';
import { BadXml, readXml } from './xml.ts';
import { BadZip } from './zip.ts';

/** Whatever a document holds, it is read or refused in words, in a time that grows with its length. */

const sign = fc.constantFrom(
  ...['\n', '\r\n', '\r', ' ', '\t', '#', '# ', '```', '~~~', '---\n', 'title: "x"\n', '* ', '::', ':x: ', '|===', '-', '=', '^'],
  ...['<pre>', '</pre>', '<h2>', '<td>', '<br>', '<!--', '-->', '<![CDATA[', '<table>', '</p>', '<script>', '&#0;', '&', '"', '{{'],
  ...['\0', '\ud83d', '\ude00', '😀', '\u2028', '\ufeff', 'word', 'x'.repeat(70_000), '😀'.repeat(33_000), '\n'.repeat(300)],
);
const anything = fc.oneof(
  fc.array(sign, { maxLength: 25 }).map((all) => all.join('')),
  fc.string({ unit: 'binary', maxLength: 200 }),
);
const cuts = fc.array(fc.nat(150_000), { maxLength: 12 });

function piecesOf(text: string, places: readonly number[]): string[] {
  const at = [...new Set(places)].filter((place) => place < text.length).sort((a, b) => a - b);
  return [0, ...at].map((from, i) => text.slice(from, at[i]));
}

async function* flowing<T>(pieces: readonly T[]): AsyncGenerator<T> {
  for (const piece of pieces) yield await Promise.resolve(piece);
}

async function joined(pieces: AsyncIterable<string>): Promise<string> {
  let all = '';
  for await (const piece of pieces) all += piece;
  return all;
}

function passagesOf(pieces: readonly string[]): Passage[] {
  const chunker = new Chunker();
  return [...pieces.flatMap((piece) => chunker.add(piece)), ...chunker.end()];
}

/** No half of a letter in it. */
const isWhole = (text: string) => !/\p{Surrogate}/u.test(text);

/** Said in words, and no fault of ours. */
const REFUSALS = [NotText, BadXml, BadZip, BadDocx, BadPage, BadPdf];
const refused = (error: unknown): string => {
  if (REFUSALS.some((refusal) => error instanceof refusal)) return '';
  throw error;
};

const LIMIT = { numRuns: 60 };

test('cut anywhere, any text is the same passages, each from a line that the text has, each of whole letters', () => {
  fc.assert(
    fc.property(anything, cuts, (text, places) => {
      const passages = chunkMarkdown(text);
      expect(passagesOf(piecesOf(text, places))).toEqual(passages);
      const lines = text.split(/\r\n|\r|\n/).length;
      expect(passages.filter(({ line }) => line < 1 || line > lines)).toEqual([]);
      if (isWhole(text)) expect(passages.filter((p) => !isWhole(p.text))).toEqual([]);
    }),
    LIMIT,
  );
});

test.each(MARKUPS)('cut anywhere, any %s is the same passages', (markup) =>
  fc.assert(
    fc.asyncProperty(anything, cuts, async (text, places) => {
      const whole = await joined(asMarkdown(flowing([text]), markup));
      const pieces: string[] = [];
      for await (const piece of asMarkdown(flowing(piecesOf(text, places)), markup)) pieces.push(piece);
      expect(passagesOf(pieces)).toEqual(chunkMarkdown(whole));
    }),
    LIMIT,
  ),
);

describe('is read, or refused in words', () => {
  test('any page, whole or a part of one', () => {
    fc.assert(
      fc.property(anything, (text) => {
        for (const read of [pageToMarkdown, fragmentToMarkdown])
          try {
            chunkMarkdown(read(text));
          } catch (error) {
            refused(error);
          }
      }),
      LIMIT,
    );
  });

  test('any bytes as text, as a Word document, as a PDF', () =>
    fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom('', 'PK\x03\x04', '%PDF-1.7\n', '\xff\xfe'),
        async (tail, head) => {
          const bytes = Buffer.concat([Buffer.from(head, 'latin1'), tail]);
          await joined(textOf(flowing([bytes]))).catch(refused);
          await joined(docxToMarkdown(bytes)).catch(refused);
        },
      ),
      LIMIT,
    ));

  test('a Word document of any text, with any byte of its file another', () =>
    fc.assert(
      fc.asyncProperty(anything, fc.nat(), fc.nat(255), async (text, place, byte) => {
        const bytes = docx(`<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`, { Code: 'Code' });
        await joined(docxToMarkdown(bytes)).catch(refused);
        bytes[place % bytes.length] = byte;
        await joined(docxToMarkdown(bytes)).catch(refused);
        await joined(docxToMarkdown(bytes.subarray(0, place % bytes.length))).catch(refused);
      }),
      LIMIT,
    ));

  test('an archive whose list lies about a length', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(0xffffffff), async (says) => {
        await joined(docxToMarkdown(zip([{ name: 'word/document.xml', bytes: '<w:p/>', says }]))).catch(refused);
      }),
      LIMIT,
    ));

  test('a PDF with any byte another, or without its end', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(255), async (place, byte) => {
        const bytes = pdf(['It is evicted.']);
        const at = place % bytes.length;
        await joined(pdfToMarkdown(Buffer.from(bytes).fill(byte, at, at + 1))).catch(refused);
        await joined(pdfToMarkdown(bytes.subarray(0, at))).catch(refused);
      }),
      { numRuns: 15 },
    ));
});

describe('takes no longer than its length asks for', () => {
  const RUN = 50_000;
  /** Processor time: what grows with the square of the length takes many seconds. */
  const SECONDS = 1;
  const SPACE = [' ', '\t', '\n', '\r'];
  const TEXT = {
    heads: ['', '# a', 'title: a', '---\ntitle: a', ':x:', '::', '[', '#+title: a'],
    runs: [...SPACE, '#', ' #', '`', '=', '-', ':', '*', '[', '\ud800'],
  };
  const PAGE = {
    heads: ['', '<pre>a', '<h1>a', '<p>a', '<td>a', '<a b="', '<!--'],
    runs: [...SPACE, '#', '`', '-', '¶', '<br>', '<td>', '<b>', '&', '"', ' x="'],
  };
  const XML = {
    heads: ['', '<a ', '<a b="', '<!--', '<![CDATA[', '<?'],
    runs: [...SPACE, ' b=">"', " b='>'", '"', '<b/>', '-', ']', '>', '&amp;'],
  };
  const drained = async (events: AsyncIterable<unknown>) => {
    for await (const event of events) expect(event).toBeDefined();
  };
  const readers: Record<string, [read: (text: string) => unknown, given: typeof TEXT]> = {
    passages: [chunkMarkdown, TEXT],
    page: [pageToMarkdown, PAGE],
    fragment: [fragmentToMarkdown, PAGE],
    ...Object.fromEntries(MARKUPS.map((markup) => [markup, [(text: string) => joined(asMarkdown(flowing([text]), markup)), TEXT]])),
    // In pieces, as a file comes.
    xml: [(text) => drained(readXml(flowing(text.match(/[^]{1,500}/g) ?? []))), XML],
    docx: [(text) => joined(docxToMarkdown(docx(`<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`, {}))), PAGE],
  };

  test.each(Object.entries(readers))('%s', async (_name, [read, { heads, runs }]) => {
    const slow: string[] = [];
    for (const head of heads)
      for (const run of runs) {
        const text = `${head}${run.repeat(RUN / run.length)}z z\n`;
        const { user } = process.cpuUsage();
        try {
          await read(text);
        } catch (error) {
          refused(error);
        }
        const took = (process.cpuUsage().user - user) / 1e6;
        if (took > SECONDS) slow.push(`${JSON.stringify(head)} and ${JSON.stringify(run)}: ${took.toFixed(1)} s`);
      }
    expect(slow).toEqual([]);
  });
});
