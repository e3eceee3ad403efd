import { docxToMarkdown } from './docx.ts';
import { epubToMarkdown } from './epub.ts';
import { pageToMarkdown } from './html.ts';
import { mailToMarkdown, mailsOf } from './mail.ts';
import { type Markup, asMarkdown } from './markup.ts';
import { isManual } from './markup/man.ts';
import { notebookToMarkdown } from './notebook.ts';
import { odtToMarkdown } from './odt.ts';
import { pdfToMarkdown } from './pdf.ts';
import { tableToMarkdown } from './rows.ts';
import { rtfToMarkdown } from './rtf.ts';
import { rulesToMarkdown } from './rules.ts';
import { pageText, textOf, whole } from './text.ts';
import { issuesOf, mayBeIssues } from './tracker.ts';
import type { TreeFile } from './tree.ts';
import { wikiPages } from './wiki-export.ts';
import { zipIn } from './zip.ts';

/** A document of a source, as Markdown in pieces. Its path is inside the source. */
export interface ReadDocument {
  readonly path: string;
  /** When it was last changed, as far as is known. */
  readonly at: string | null;
  readonly text: AsyncIterable<string> | Iterable<string>;
}

type Documents = AsyncIterable<ReadDocument>;

/** How files of a form are read; most hold one document, some many. */
interface Reader {
  /** Which limit of a file's bytes holds for it. */
  readonly most: 'textBytes' | 'pageBytes' | 'wholeBytes';
  documents(file: TreeFile): Documents;
}

const one = (most: Reader['most'], text: (file: TreeFile) => ReadDocument['text']): Reader => ({
  most,
  async *documents(file) {
    yield await Promise.resolve({ path: file.path, at: file.at, text: text(file) });
  },
});
const many = (most: Reader['most'], documents: (file: TreeFile) => Documents): Reader => ({ most, documents });

const inMemory = (read: (bytes: Buffer) => string) =>
  one('pageBytes', async function* (file) {
    yield read(await whole(file.read()));
  });
const streamed = (read: (bytes: Buffer) => AsyncIterable<string>) =>
  one('wholeBytes', async function* (file) {
    yield* read(await whole(file.read()));
  });
const markup = (form: Markup) => one('textBytes', (file) => asMarkdown(textOf(file.read()), form));

const PAGE = inMemory((bytes) => pageToMarkdown(pageText(bytes)));
const PDF = streamed(pdfToMarkdown);
const DOCX = streamed(docxToMarkdown);
const ODT = streamed(odtToMarkdown);
const EPUB = streamed(epubToMarkdown);
const RTF = inMemory(rtfToMarkdown);
const RST = markup('rst');

const table = inMemory((bytes) => tableToMarkdown(pageText(bytes)));
const notebook = one('pageBytes', async function* (file) {
  yield* asMarkdown(pieces(notebookToMarkdown(pageText(await whole(file.read())))), 'markdown');
});
const mail = many('pageBytes', async function* (file) {
  const { at, markdown } = mailToMarkdown((await whole(file.read())).toString('latin1'));
  yield { path: file.path, at: at ?? file.at, text: [markdown] };
});
const mailbox = many('wholeBytes', async function* (file) {
  let number = 0;
  for (const source of mailsOf((await whole(file.read())).toString('latin1').replaceAll('\r\n', '\n'))) {
    const { at, markdown } = mailToMarkdown(source);
    yield { path: `${file.path}/${(number += 1)}`, at, text: [markdown] };
  }
});
const wikiExport = many('textBytes', async function* (file) {
  for await (const { title, at, markdown } of wikiPages(textOf(file.read()))) yield { path: `${file.path}/${title}`, at, text: [markdown] };
});
const issues = many('wholeBytes', async function* (file) {
  const found = issuesOf(pageText(await whole(file.read())));
  for (const { id, at, markdown } of found)
    yield {
      path: found.length === 1 ? file.path : `${file.path}/${id}`,
      at: at ?? file.at,
      text: asMarkdown(pieces(markdown), 'markdown'),
    };
});
const rules = many('pageBytes', async function* (file) {
  const markdown = rulesToMarkdown(pageText(await whole(file.read())), RUNBOOK.test(file.path));
  if (markdown !== undefined) yield { path: file.path, at: file.at, text: [markdown] };
});

async function* pieces(text: string): AsyncGenerator<string> {
  yield await Promise.resolve(text);
}

const RUNBOOK = /run-?_?book/i;

/** What the files of a form are called, and how it is read. What is told by its beginning alone is read only where it begins so. */
const FORMS: readonly (readonly [name: RegExp, reader: Reader, begins?: (begin: string, path: string) => boolean])[] = [
  [/\.(?:md|markdown)$/i, markup('markdown')],
  [/\.mdx$/i, markup('mdx')],
  [/\.(?:adoc|asciidoc|asc)$/i, markup('asciidoc')],
  [/\.rst$/i, RST],
  [/\.org$/i, markup('org')],
  [/\.(?:mediawiki|wiki)$/i, markup('mediawiki')],
  [/\.textile$/i, markup('textile')],
  [/\.(?:txt|text)$/i, markup('plain')],
  // A file that is there for readers, and needs no ending.
  [/(?:^|\/)(?:readme|runbook|howto|faq|install|notes?|changelog|changes|news|contributing)$/i, markup('plain')],
  [/\.x?html?$/i, PAGE],
  [/\.pdf$/i, PDF],
  [/\.docx?$/i, DOCX],
  [/\.odt$/i, ODT],
  [/\.epub$/i, EPUB],
  [/\.rtf$/i, RTF],
  [/\.ipynb$/i, notebook],
  [/\.eml$/i, mail],
  [/\.mbox$/i, mailbox],
  [/\.[ct]sv$/i, table],
  [/\.[1-9][a-z]{0,3}$/, markup('man'), isManual],
  [/\.xml$/i, wikiExport, (begin) => /<mediawiki[\s>]/.test(begin)],
  [/\.(?:json|ndjson|jsonl)$/i, issues, mayBeIssues],
  [/\.ya?ml$/i, rules, (begin, path) => RUNBOOK.test(path) || /^kind:\s{0,9}["']?PrometheusRule\b|^groups:/m.test(begin)],
];
/** What people write documents in that are not read; what is no document at all is passed over without a word. */
const UNREAD = /\.(?:docm|pages|pptx?|odp|key|xlsx?|ods|tex|one|chm|enex|msg)$/i;

/** So much of a file tells what it is. */
const TELLING = 64 * 1024;

/** The ending of a document that is in a form nobody here reads. */
export const unreadEnding = (path: string): string | undefined => UNREAD.exec(path.toLowerCase())?.[0];

/**
 * Which limit holds for a file that may be read, by its name, and whether the name says for sure that it is a document; undefined for what
 * is none.
 */
export function limitOf(path: string): { readonly most: Reader['most']; readonly isSure: boolean } | undefined {
  const [, reader, begins] = FORMS.find(([name]) => name.test(path)) ?? [];
  return reader === undefined ? undefined : { most: reader.most, isSure: begins === undefined };
}

/** The documents in a file. What it begins with says more than its name, where it is sure. */
export async function* documentsIn(file: TreeFile): AsyncGenerator<ReadDocument> {
  const [, byName, begins] = FORMS.find(([name]) => name.test(file.path)) ?? [];
  if (byName === undefined) return;
  // What cannot be read at all says so when it is read by its name.
  const begin = await beginningOf(file).catch(() => Buffer.alloc(0));
  if (begins !== undefined && !begins(begin.toString('latin1'), file.path)) return;
  yield* ((await byBeginning(file, begin)) ?? byName).documents(file);
}

async function beginningOf(file: TreeFile): Promise<Buffer> {
  const read: Buffer[] = [];
  let length = 0;
  for await (const piece of file.read()) {
    read.push(piece);
    length += piece.length;
    if (length >= TELLING) break;
  }
  return Buffer.concat(read).subarray(0, TELLING);
}

const isText = (path: string) => /\.(?:txt|text|doc)$|(?:^|\/)[^.]+$/i.test(path);

/** Another form than the name says: whoever saves a page as text, or a document of one word processor under the ending of another. */
async function byBeginning(file: TreeFile, begin: Buffer): Promise<Reader | undefined> {
  const text = begin.subarray(0, 1_024).toString('latin1');
  if (text.startsWith('%PDF-')) return PDF;
  if (text.startsWith('{\\rtf')) return RTF;
  if (text.startsWith('PK\x03\x04')) return inArchive(await whole(file.read()));
  if (!isText(file.path)) return undefined;
  if (/^[^\w<]{0,8}<(?:!doctype html|html[\s>])/i.test(text)) return PAGE;
  return /^\.\. (?:[\w-]{1,40}::|_[^:\n]{1,100}:)|:(?:ref|doc|term|class|func):`/m.test(begin.toString('latin1')) ? RST : undefined;
}

async function inArchive(bytes: Buffer): Promise<Reader | undefined> {
  const archive = await zipIn(bytes).catch(() => undefined);
  if (archive === undefined) return undefined;
  if ((await archive.file('word/document.xml')) !== undefined) return DOCX;
  if ((await archive.file('META-INF/container.xml')) !== undefined) return EPUB;
  return (await archive.file('content.xml')) === undefined ? undefined : ODT;
}
