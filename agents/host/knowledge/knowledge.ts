import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import type { Failure, IndexReport, KnowledgeSource, Outcome, SearchKnowledge, Trust } from '../../contract/index.ts';
import { chunkMarkdown } from '../../core/knowledge/chunk.ts';
import type { Clock } from '../ports.ts';
import { StoreError } from '../store/failures.ts';
import { KnowledgeDatabase } from './knowledge-database.ts';
import { readDocuments } from './read-documents.ts';

const KNOWLEDGE_FILE = 'knowledge.db';

/** The sources of knowledge and the search in them. Its file is opened when it is first needed. @throws StoreError where that file fails. */
export class Knowledge {
  readonly #file: string;
  readonly #clock: Clock;
  #open: KnowledgeDatabase | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #closing = false;

  constructor(dataDir: string, clock: Clock) {
    this.#file = join(dataDir, KNOWLEDGE_FILE);
    this.#clock = clock;
  }

  sources(): KnowledgeSource[] {
    return this.#with((db) => db.sources());
  }

  page(source: string, path: string) {
    return this.#with((db) => db.page(source, path));
  }

  readonly search: SearchKnowledge = ({ text, top }) => Promise.resolve().then(() => this.#with((db) => db.search(text, top)));

  /** `path`: absolute. A source that is there already is read again. */
  add(given: { path: string; name?: string | undefined; trust: Trust; licence?: string | undefined }): Promise<Outcome<IndexReport>> {
    return this.#afterTheLast(async () => {
      const name = given.name ?? basename(given.path);
      const there = this.#source(name);
      if (there !== undefined && there.root !== given.path) {
        const message = `There is a source ${name} already, read from ${there.root}.`;
        return { ok: false, failure: { code: 'conflict', message, hint: 'Give this one another name with --name.' } };
      }
      return this.#index({ name, root: given.path, trust: given.trust, licence: given.licence ?? null });
    });
  }

  reindex(name: string): Promise<Outcome<IndexReport>> {
    return this.#afterTheLast(async () => {
      const there = this.#source(name);
      return there === undefined ? noSource(name) : this.#index(there);
    });
  }

  remove(name: string): Promise<Outcome<KnowledgeSource>> {
    return this.#afterTheLast((): Promise<Outcome<KnowledgeSource>> => {
      const there = this.#source(name);
      if (there === undefined) return Promise.resolve(noSource(name));
      this.#with((db) => {
        db.removeSource(name);
      });
      return Promise.resolve({ ok: true, value: there });
    });
  }

  /** An indexing that is on its way ends after the document it is at; the next one goes on from there. */
  async close(): Promise<void> {
    this.#closing = true;
    await this.#last;
    this.#open?.close();
    this.#open = undefined;
  }

  #source(name: string): KnowledgeSource | undefined {
    return this.sources().find((source) => source.name === name);
  }

  async #index(source: Pick<KnowledgeSource, 'name' | 'root' | 'trust' | 'licence'>): Promise<Outcome<IndexReport>> {
    const { name, root } = source;
    const report = { added: 0, changed: 0, unchanged: 0, removed: 0, skipped: [] as { path: string; because: string }[] };
    const gone = this.#with((db) => db.documents(name));
    try {
      for await (const document of readDocuments(root)) {
        if (this.#closing)
          return { ok: false, failure: { code: 'cancelled', message: `The reading of ${name} was ended; it goes on with reindex.` } };
        if ('because' in document) {
          report.skipped.push({ path: document.path, because: document.because });
          continue;
        }
        const { path, text } = document;
        const hash = createHash('sha256').update(text).digest('hex');
        const before = gone.get(path);
        gone.delete(path);
        report[before === undefined ? 'added' : before === hash ? 'unchanged' : 'changed'] += 1;
        if (before === hash) continue;
        this.#with((db) => {
          if (db.documents(name).size === 0) db.putSource(source);
          db.putDocument(name, path, hash, chunkMarkdown(text));
        });
      }
    } catch (error) {
      if (error instanceof StoreError) throw error;
      return { ok: false, failure: unreadable(root, error) };
    }
    return this.#with((db) => {
      db.putSource(source);
      for (const path of gone.keys()) db.removeDocument(name, path);
      db.indexed(name, new Date(this.#clock.now()).toISOString());
      const now = db.sources().find((s) => s.name === name);
      if (now === undefined) return noSource(name);
      return { ok: true, value: { source: now, ...report, removed: gone.size } };
    });
  }

  #afterTheLast<T>(run: () => Promise<T>): Promise<T> {
    const next = this.#last.then(run);
    this.#last = next.catch(() => undefined);
    return next;
  }

  #with<T>(work: (db: KnowledgeDatabase) => T): T {
    try {
      this.#open ??= new KnowledgeDatabase(this.#file);
      return work(this.#open);
    } catch (error) {
      throw new StoreError(fileFailure(this.#file, error));
    }
  }
}

const noSource = (name: string): { readonly ok: false; readonly failure: Failure } => ({
  ok: false,
  failure: { code: 'not-found', message: `There is no source ${name}.`, hint: 'quarterdeck knowledge list shows them.' },
});

const wordsOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

const unreadable = (root: string, error: unknown): Failure => ({
  code: 'bad-input',
  message: `${root} cannot be read: ${wordsOf(error)}.`,
  hint: 'Give a file or a folder that is there and that you may read.',
});

function fileFailure(file: string, error: unknown): Failure {
  const code = error instanceof BetterSqlite3.SqliteError ? error.code : '';
  if (code === 'SQLITE_FULL')
    return { code: 'data-dir-full', message: `There is no room left for ${file}.`, hint: 'Free space on that disk.' };
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB')
    return {
      code: 'store-corrupt',
      message: `${file} is damaged.`,
      hint: 'Move it aside and add the sources again; nothing else is in it.',
    };
  return { code: 'internal', message: `${file} cannot be used: ${wordsOf(error)}.` };
}
