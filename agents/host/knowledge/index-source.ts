import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { IndexReport } from '../../contract/index.ts';
import { Chunker } from '../../core/knowledge/chunk.ts';
import type { KnowledgeDatabase } from './knowledge-database.ts';
import type { ReadDocument } from './readers/documents.ts';
import { type SourceFile, reasonOf } from './readers/source-files.ts';
import type { LeftOut } from './readers/tree.ts';

export type Counts = Omit<IndexReport, 'source'>;

/** A document up to this length is put as a whole, or not touched where it has not changed; a longer one piece by piece. */
const SHORT = 4 * 2 ** 20;
/** Others are let in after so many milliseconds of work. */
const TURN = 20;

export interface Reading {
  /** Files looked at so far. */
  told(done: number): void;
  /** Why it ends before its end: somebody closes the app, or takes the source away. */
  ended(): boolean;
}

/**
 * Reads what has changed in a source. What was read stays when it is ended in between, by itself or with the process: the next reading
 * passes over it. Undefined where it was ended.
 */
export async function indexSource(
  db: KnowledgeDatabase,
  name: string,
  files: AsyncIterable<SourceFile | LeftOut>,
  { told, ended }: Reading,
): Promise<Counts | undefined> {
  const counts = { added: 0, changed: 0, unchanged: 0, removed: 0, skipped: [] as LeftOut[] };
  const before = db.files(name);
  let looked = 0;
  let turn = performance.now();
  const pause = async () => {
    if (performance.now() - turn < TURN) return;
    await setImmediate();
    turn = performance.now();
  };
  for await (const file of files) {
    if (ended()) return undefined;
    await pause();
    told((looked += 1));
    if ('because' in file) {
      counts.skipped.push(file);
      continue;
    }
    const known = before.get(file.path);
    before.delete(file.path);
    if (known === file.stamp) {
      counts.unchanged += db.countOf(name, file.path);
      continue;
    }
    const gone = db.documents(name, file.path);
    let whole = true;
    for await (const document of file.documents()) {
      if (ended()) return undefined;
      await pause();
      if ('because' in document) {
        counts.skipped.push(document);
        // What could not be read this time may be there still.
        whole &&= document.path === file.path;
        continue;
      }
      const last = gone.get(document.path);
      gone.delete(document.path);
      try {
        const done = await put(db, name, file.path, document, last, ended, pause);
        if (done === 'ended') return undefined;
        counts[done] += 1;
      } catch (error) {
        if (isOfDatabase(error)) throw error;
        db.removeDocument(name, document.path);
        counts.skipped.push({ path: document.path, because: reasonOf(error) });
      }
    }
    for (const path of whole ? gone.keys() : []) {
      db.removeDocument(name, path);
      counts.removed += 1;
    }
    db.putFile(name, file.path, file.stamp);
  }
  for (const path of before.keys()) counts.removed += db.removeFile(name, path);
  return counts;
}

const isOfDatabase = (error: unknown) => error instanceof Error && error.name === 'SqliteError';

async function put(
  db: KnowledgeDatabase,
  source: string,
  file: string,
  { path, at, text }: ReadDocument,
  last: string | undefined,
  ended: () => boolean,
  pause: () => Promise<void>,
): Promise<'added' | 'changed' | 'unchanged' | 'ended'> {
  const hash = createHash('sha256');
  const chunker = new Chunker();
  const kept: string[] = [];
  let length = 0;
  let open: ReturnType<KnowledgeDatabase['putDocument']> | undefined;
  for await (const piece of text) {
    hash.update(piece);
    length += piece.length;
    if (open === undefined) kept.push(piece);
    else open.add(chunker.add(piece));
    if (open === undefined && length > SHORT) {
      open = db.putDocument(source, file, path, at);
      for (const early of kept.splice(0)) {
        open.add(chunker.add(early));
        await pause();
      }
    }
    if (ended()) return 'ended';
    await pause();
  }
  const digest = hash.digest('hex');
  if (open === undefined && digest === last) return 'unchanged';
  db.together(() => {
    open ??= db.putDocument(source, file, path, at);
    for (const piece of kept) open.add(chunker.add(piece));
    open.add(chunker.end());
    open.finish(digest);
  });
  return last === undefined ? 'added' : 'changed';
}
