import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { KnowledgeSource, Trust } from '../../../contract/index.ts';
import { confluencePages } from './confluence.ts';
import { type ReadDocument, documentsIn, limitOf, unreadEnding } from './documents.ts';
import { BadDocx } from './docx.ts';
import { BadPage } from './html.ts';
import { hugoToMarkdown } from './hugo.ts';
import { BadPdf } from './pdf.ts';
import { BadRtf } from './rtf.ts';
import { SlackChannelsSchema, SlackDaySchema, SlackUsersSchema, threadsOf } from './slack.ts';
import { postsOf } from './stack-overflow.ts';
import { NotText, pageText, textOf, whole } from './text.ts';
import { type LeftOut, type Tree, type TreeFile, words } from './tree.ts';
import { BadXml } from './xml.ts';
import { BadZip } from './zip.ts';

/** What is read, or passed over, as one: a file, or the files of a channel. */
export interface SourceFile {
  readonly path: string;
  /** The same as the last time: nothing in it has changed. */
  readonly stamp: string;
  documents(): AsyncIterable<ReadDocument | LeftOut>;
}

type Form = KnowledgeSource['form'];

/** What is said of a form where whoever adds it does not say. */
export const FORM_WORDS: Readonly<Record<Form, { readonly trust: Trust; readonly licence: string | null }>> = {
  builtIn: { trust: 'own', licence: 'Apache-2.0' },
  files: { trust: 'own', licence: null },
  confluence: { trust: 'own', licence: null },
  slack: { trust: 'own', licence: null },
  stackOverflow: { trust: 'public', licence: 'CC BY-SA 4.0' },
  kubernetesDocs: { trust: 'vendor', licence: 'CC BY 4.0' },
};

export const LIMITS = {
  /** Of a text, which is read as it flows by. */
  textBytes: 2 ** 30,
  /** Of a document that is in memory as a whole. */
  wholeBytes: 100 * 2 ** 20,
  pageBytes: 20 * 2 ** 20,
  files: 100_000,
};
export type Limits = typeof LIMITS;

/** Pages of the Kubernetes documentation. */
const HUGO_PAGE = /\.(?:md|markdown)$/i;

/** What the files of a source are, by what lies in it. */
export async function formOf(tree: Tree): Promise<Form> {
  const has = async (path: string) => (await tree.file(path)) !== undefined;
  if (await has('entities.xml')) return 'confluence';
  if ((await has('channels.json')) && (await has('users.json'))) return 'slack';
  if (await has('Posts.xml')) return 'stackOverflow';
  return (await has('content/en/docs/_index.md')) ? 'kubernetesDocs' : 'files';
}

export function sourceFiles(tree: Tree, form: Form, limits: Limits = LIMITS): AsyncIterable<SourceFile | LeftOut> {
  switch (form) {
    case 'confluence':
      return exported(tree, 'entities.xml', async function* (file) {
        for await (const { id, at, markdown } of confluencePages(() => textOf(file.read())))
          yield { path: `pages/${id}`, at, text: [markdown] };
      });
    case 'stackOverflow':
      return exported(tree, 'Posts.xml', async function* (file) {
        for await (const { path, at, markdown } of postsOf(textOf(file.read()))) yield { path, at, text: [markdown] };
      });
    case 'slack':
      return slackChannels(tree, limits);
    default:
      return singleFiles(tree, form, limits);
  }
}

async function* exported(tree: Tree, name: string, read: (file: TreeFile) => AsyncIterable<ReadDocument>): AsyncGenerator<SourceFile> {
  const file = await tree.file(name);
  if (file !== undefined) yield { path: name, stamp: file.stamp, documents: () => leavingOut(name, read(file)) };
}

async function* singleFiles(tree: Tree, form: Form, limits: Limits): AsyncGenerator<SourceFile | LeftOut> {
  const root = 'content/en/';
  const unread = new Map<string, number>();
  let count = 0;
  for await (const entry of tree.entries()) {
    const { path } = entry;
    if (form === 'kubernetesDocs' && !(path.startsWith(root) && HUGO_PAGE.test(path))) continue;
    if ('because' in entry) {
      yield entry;
      continue;
    }
    const limit = limitOf(path);
    if (limit === undefined) {
      const ending = unreadEnding(path);
      if (ending !== undefined) unread.set(ending, (unread.get(ending) ?? 0) + 1);
      continue;
    }
    count += limit.isSure ? 1 : 0;
    if (count > limits.files) {
      yield { path, because: `A source has at most ${limits.files} documents; this one and what follows it were left out.` };
      return;
    }
    const most = form === 'kubernetesDocs' ? limits.wholeBytes : limits[limit.most];
    if (entry.bytes > most) {
      if (limit.isSure) yield { path, because: `It has ${entry.bytes} bytes; at most ${most} are read of such a file.` };
      continue;
    }
    const name = form === 'kubernetesDocs' ? path.slice(root.length) : path;
    const documents = form === 'kubernetesDocs' ? () => hugoPage(tree, entry, name) : () => documentsIn(entry);
    yield { path, stamp: entry.stamp, documents: () => leavingOut(name, documents()) };
  }
  for (const [ending, files] of unread)
    yield { path: `*${ending}`, because: `Such files are not read (${files} here). Save them as PDF, HTML or Markdown.` };
}

async function* hugoPage(tree: Tree, file: TreeFile, path: string): AsyncGenerator<ReadDocument> {
  const example = async (name: string) => {
    const found = await tree.file(`content/en/examples/${name.replace(/^\//, '')}`);
    return found === undefined || found.bytes > 2 ** 20 ? undefined : pageText(await whole(found.read()));
  };
  yield { path, at: file.at, text: [await hugoToMarkdown(pageText(await whole(file.read())), example)] };
}

/** The channels of an export, each with all its days: an answer may come days after its question. */
async function* slackChannels(tree: Tree, limits: Limits): AsyncGenerator<SourceFile | LeftOut> {
  const read = async <T>(path: string, schema: z.ZodType<T>): Promise<T> => {
    const file = await tree.file(path);
    if (file === undefined) throw new NotText(`${path} is missing from the export.`);
    return schema.parse(JSON.parse(pageText(await whole(file.read()))));
  };
  const users = new Map((await read('users.json', SlackUsersSchema)).map((u) => [u.id, u.profile?.real_name ?? u.name]));
  const channels = new Set((await read('channels.json', SlackChannelsSchema)).map((c) => c.name));
  const days = new Map<string, TreeFile[]>();
  for await (const entry of tree.entries()) {
    const [channel = '', day] = entry.path.split('/');
    if ('because' in entry) yield entry;
    else if (day?.endsWith('.json') === true && channels.has(channel)) {
      if (entry.bytes > limits.wholeBytes)
        yield { path: entry.path, because: `It has ${entry.bytes} bytes; at most ${limits.wholeBytes} are read of such a file.` };
      else days.set(channel, [...(days.get(channel) ?? []), entry]);
    }
  }
  for (const [channel, files] of days) {
    const stamp = createHash('sha256')
      .update(files.map((f) => `${f.path}:${f.stamp}`).join('\n'))
      .digest('hex');
    yield {
      path: channel,
      stamp,
      async *documents() {
        const messages: z.output<typeof SlackDaySchema> = [];
        for (const file of files) {
          try {
            messages.push(...SlackDaySchema.parse(JSON.parse(pageText(await whole(file.read())))));
          } catch (error) {
            yield { path: file.path, because: reasonOf(error) };
          }
        }
        for (const { id, at, markdown } of threadsOf(channel, messages, users)) yield { path: `${channel}/${id}`, at, text: [markdown] };
      },
    };
  }
}

async function* leavingOut(path: string, documents: AsyncIterable<ReadDocument>): AsyncGenerator<ReadDocument | LeftOut> {
  try {
    yield* documents;
  } catch (error) {
    yield { path, because: `${reasonOf(error)} What comes before that was read.` };
  }
}

/** Why a document is left out, as a sentence. */
export function reasonOf(error: unknown): string {
  if (
    error instanceof NotText ||
    error instanceof BadPage ||
    error instanceof BadPdf ||
    error instanceof BadDocx ||
    error instanceof BadRtf
  )
    return error.message;
  if (error instanceof BadXml) return `It cannot be read as XML: ${error.message}.`;
  if (error instanceof BadZip) return `Its archive cannot be read: ${error.message}.`;
  if (error instanceof SyntaxError) return 'It is not JSON, whatever its name says.';
  if (error instanceof z.ZodError) return 'It is JSON, but not what such an export holds.';
  return `It cannot be read: ${words(error)}.`;
}
