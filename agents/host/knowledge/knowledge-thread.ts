import { parentPort, workerData } from 'node:worker_threads';
import type { IndexReport, KnowledgeSource, Outcome } from '../../contract/index.ts';
import { fileFailure, noSource, unreadable } from './failures.ts';
import { indexSource } from './index-source.ts';
import { KnowledgeDatabase } from './knowledge-database.ts';
import { builtInTree } from './built-in/tree.ts';
import type { KnowledgeCall, KnowledgeCalls, KnowledgeClose, KnowledgeReply, KnowledgeRequest, SourceToRead } from './protocol.ts';
import { FORM_WORDS, formOf, sourceFiles } from './readers/source-files.ts';
import { openTree } from './readers/tree.ts';

/** The thread of the knowledge: one connection; sources are read one after the other, and searched meanwhile. */

const { file } = workerData as { readonly file: string };

let open: KnowledgeDatabase | undefined;
const db = () => (open ??= new KnowledgeDatabase(file));
let closing = false;
/** What is being read now. */
let reading: { readonly name: string; done: number; readonly total: number | null; stopped: boolean } | undefined;
/** What is to be taken away: its reading, also one that waits for its turn, ends. */
const leaving = new Map<string, number>();
let last: Promise<unknown> = Promise.resolve();

function sources(): KnowledgeSource[] {
  return db()
    .sources()
    .map(({ unfinished: _, ...source }) => ({
      ...source,
      state: reading?.name === source.name ? 'reading' : source.problem !== null ? 'failed' : 'ready',
      progress: reading?.name === source.name ? { done: reading.done, total: reading.total } : null,
    }));
}

const sourceOf = (name: string) => sources().find((source) => source.name === name);

async function index(source: SourceToRead, at: string): Promise<Outcome<IndexReport>> {
  const { name, root, builtIn } = source;
  const there = sourceOf(name);
  if (there !== undefined && there.root !== root && builtIn === undefined)
    return {
      ok: false,
      failure: {
        code: 'conflict',
        message: `There is a source ${name} already, read from ${there.root}.`,
        hint: 'Give this one another name with --name.',
      },
    };
  let tree;
  try {
    tree = builtIn === undefined ? await openTree(root) : builtInTree(builtIn, at);
  } catch (error) {
    const failure = unreadable(root, error);
    // What was read of it before is found all the same.
    if (there !== undefined) db().failed(name, failure.message);
    return { ok: false, failure };
  }
  try {
    const form = builtIn === undefined ? await formOf(tree) : 'builtIn';
    const usual = FORM_WORDS[form];
    db().putSource({
      name,
      root,
      form,
      trust: source.trust ?? there?.trust ?? usual.trust,
      licence: source.licence ?? there?.licence ?? usual.licence,
      watched: source.watched,
    });
    const files = db().files(name).size;
    const now = { name, done: 0, total: files === 0 ? null : files, stopped: false };
    reading = now;
    const counts = await indexSource(db(), name, sourceFiles(tree, form), {
      told: (done) => (now.done = done),
      ended: () => closing || leaving.has(name),
    });
    if (counts === undefined) {
      const message = `The reading of ${name} was ended; what was read of it stays, and the rest is read the next time.`;
      return { ok: false, failure: { code: 'cancelled', message } };
    }
    if (
      counts.added + counts.changed + counts.unchanged === 0 &&
      counts.skipped.length === 0 &&
      there === undefined &&
      builtIn === undefined
    ) {
      db().removeSource(name);
      return { ok: false, failure: nothingIn(root) };
    }
    db().indexed(name, at);
    reading = undefined;
    const after = sourceOf(name);
    return after === undefined ? noSource(name) : { ok: true, value: { source: after, ...counts } };
  } catch (error) {
    if (error instanceof Error && error.name === 'SqliteError') throw error;
    const failure = unreadable(root, error);
    db().failed(name, failure.message);
    return { ok: false, failure };
  } finally {
    reading = undefined;
    await tree.close();
  }
}

const nothingIn = (root: string) => ({
  code: 'bad-input' as const,
  message: `There is no document in ${root}.`,
  hint: 'Markdown, HTML, PDF, Word and plain text are read, and others that quarterdeck knowledge --help names.',
});

const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
  const next = last.then(work);
  last = next.catch(() => undefined);
  return next;
};

type Handlers = {
  readonly [C in KnowledgeCall]: (...args: KnowledgeCalls[C]['args']) => KnowledgeCalls[C]['answer'] | Promise<KnowledgeCalls[C]['answer']>;
};
const handlers: Handlers = {
  sources,
  unfinished: () =>
    db()
      .sources()
      .filter((source) => source.unfinished)
      .map(({ name }) => name),
  page: (source, path) => db().passages.page(source, path),
  search: (text, top, vector) => db().passages.search(text, top, vector),
  searchTeam: (text, top, vector) => db().passages.searchTeam(text, top, vector),
  index: (source, at) => inTurn(() => index(source, at)),
  remove: async (name) => {
    leaving.set(name, (leaving.get(name) ?? 0) + 1);
    return inTurn((): Promise<Outcome<KnowledgeSource>> => {
      const count = (leaving.get(name) ?? 1) - 1;
      if (count === 0) leaving.delete(name);
      else leaving.set(name, count);
      const there = sourceOf(name);
      if (there === undefined) return Promise.resolve(noSource(name));
      db().removeSource(name);
      return Promise.resolve({ ok: true, value: there });
    });
  },
  withoutVector: (model, count) => db().withoutVector(model, count),
  putVectors: (model, meant, vectors) => void db().vectors.put(model, meant, vectors),
  again: () => void db().vectors.again(),
  vectors: (model) => ({ done: model === null ? 0 : db().vectors.done(model), total: db().passages.total() }),
};

const say = (reply: KnowledgeReply) => parentPort?.postMessage(reply);

async function answer({ id, call, args }: KnowledgeRequest): Promise<void> {
  try {
    const handle = handlers[call] as (...given: readonly unknown[]) => unknown;
    say({ id, value: await handle(...args) });
  } catch (error) {
    say({ id, failure: fileFailure(file, error) });
  }
}

parentPort?.on('message', (request: KnowledgeRequest | KnowledgeClose) => {
  if (request.call !== 'close') {
    void answer(request);
    return;
  }
  closing = true;
  void last.then(() => {
    open?.close();
    parentPort?.close();
  });
});
