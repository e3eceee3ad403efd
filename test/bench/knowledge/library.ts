import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Embedder } from '../../../agents/contract/index.ts';
import { chunkMarkdown } from '../../../agents/core/knowledge/chunk.ts';
import { builtInSources } from '../../../agents/host/knowledge/built-in/sources.ts';
import { builtInTree } from '../../../agents/host/knowledge/built-in/tree.ts';
import { indexSource } from '../../../agents/host/knowledge/index-source.ts';
import { KnowledgeDatabase } from '../../../agents/host/knowledge/knowledge-database.ts';
import { sourceFiles } from '../../../agents/host/knowledge/readers/source-files.ts';
import { textOf } from '../../../agents/host/knowledge/readers/text.ts';
import { AGENTS } from '../../../agents/specialists/index.ts';
import { LocalModels } from '../../../models/local-models.ts';
import { packModels } from '../../../models/packed.ts';
import type { Place } from './questions.ts';

export const AT = '2026-06-01T00:00:00.000Z';

/** A folder that is gone when the work is done. */
export async function inFolder<T>(work: (dir: string) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'quarterdeck-knowledge-'));
  try {
    return await work(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const RESOURCES = fileURLToPath(new URL('../../../resources/', import.meta.url));
const BUNDLED = join(RESOURCES, 'models');

/** The embedding model the app ships, made on this machine where it is not there yet; undefined where neither can be. */
export async function shippedEmbedder(dataDir: string): Promise<{ embedder: Embedder; close(): Promise<void> } | undefined> {
  if (!existsSync(BUNDLED)) await packModels(RESOURCES).catch((e: unknown) => process.stderr.write(`no embedding model: ${String(e)}\n`));
  const models = new LocalModels({ dataDir, bundled: BUNDLED, env: process.env, warn: (text) => process.stderr.write(`${text}\n`) });
  const embedder = await models.embedder();
  return embedder === null ? undefined : { embedder, close: () => models.close() };
}

const always = { told: () => undefined, ended: () => false };

/** What is built in, indexed as the app does it. */
export async function openLibrary(file: string): Promise<{ db: KnowledgeDatabase; passages: Place[] }> {
  const db = new KnowledgeDatabase(file);
  const passages: Place[] = [];
  for (const { name, root, trust, licence, from } of builtInSources(AGENTS)) {
    const tree = builtInTree(from, AT);
    db.putSource({ name, root, trust, licence, form: 'builtIn', watched: false });
    await indexSource(db, name, sourceFiles(tree, 'builtIn'), always);
    for await (const entry of tree.entries()) {
      if ('because' in entry) continue;
      let text = '';
      for await (const piece of textOf(entry.read())) text += piece;
      passages.push(
        ...chunkMarkdown(text).map((passage) => ({ source: name, path: entry.path, heading: passage.heading, text: passage.text })),
      );
    }
    await tree.close();
  }
  return { db, passages };
}

/** Makes all vectors; how many, and in how many milliseconds. */
export async function embedAll(db: KnowledgeDatabase, embedder: Embedder, most = Infinity): Promise<{ count: number; ms: number }> {
  const signal = new AbortController().signal;
  let count = 0;
  const begun = performance.now();
  for (;;) {
    const texts = db.withoutVector(embedder.name, 8);
    if (texts.length === 0 || count >= most) return { count, ms: performance.now() - begun };
    const made = await embedder.embed(
      texts.map(({ text }) => text),
      signal,
    );
    if (!made.ok) throw new Error(made.failure.message);
    db.vectors.put(
      embedder.name,
      texts.map(({ meant }) => meant),
      made.value,
    );
    count += texts.length;
  }
}
