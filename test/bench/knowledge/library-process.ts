import { setTimeout as pause } from 'node:timers/promises';
import { indexSource } from '../../../agents/host/knowledge/index-source.ts';
import { KnowledgeDatabase } from '../../../agents/host/knowledge/knowledge-database.ts';
import { sourceFiles } from '../../../agents/host/knowledge/readers/source-files.ts';
import { openTree } from '../../../agents/host/knowledge/readers/tree.ts';

/**
 * What the knowledge's thread does, in a process with nothing else in it, so that its memory and its work can be told from those of the
 * benchmark: reads a folder, is given vectors, and is asked.
 */

export type LibraryCall =
  | { readonly call: 'index'; readonly folder: string }
  | { readonly call: 'texts'; readonly model: string; readonly count: number }
  | { readonly call: 'put'; readonly model: string; readonly meant: readonly number[]; readonly vectors: readonly Float32Array[] }
  | {
      readonly call: 'ask';
      readonly how: 'both' | 'words' | 'vectors';
      readonly model: string;
      readonly asked: readonly { readonly ask: string; readonly values: Float32Array }[];
    }
  | { readonly call: 'memory' };

/** Milliseconds by the clock and of the processor. */
export interface Taken {
  readonly clock: number;
  readonly processor: number;
}

const [, , file = ''] = process.argv;
const db = new KnowledgeDatabase(file);

function timed<T>(work: () => T): { readonly value: T; readonly taken: Taken } {
  const [cpu, clock] = [process.cpuUsage(), performance.now()];
  const value = work();
  const { user, system } = process.cpuUsage(cpu);
  return { value, taken: { clock: performance.now() - clock, processor: (user + system) / 1_000 } };
}

const TOP = 5;

async function answer(call: LibraryCall): Promise<unknown> {
  switch (call.call) {
    case 'index': {
      const [cpu, clock] = [process.cpuUsage(), performance.now()];
      db.putSource({ name: 'large', root: call.folder, form: 'files', trust: 'own', licence: null, watched: false });
      await indexSource(db, 'large', sourceFiles(await openTree(call.folder), 'files'), { told: () => undefined, ended: () => false });
      const { user, system } = process.cpuUsage(cpu);
      return { passages: db.passages.total(), clock: performance.now() - clock, processor: (user + system) / 1_000 };
    }
    case 'texts':
      return db.withoutVector(call.model, call.count);
    case 'put':
      db.vectors.put(call.model, call.meant, call.vectors);
      return undefined;
    case 'ask': {
      const find = ({ ask, values }: (typeof call.asked)[number]) =>
        call.how === 'vectors'
          ? db.vectors.nearest(call.model, values, 60)
          : db.passages.search(ask, TOP, call.how === 'both' ? { model: call.model, values } : undefined);
      for (const question of call.asked.slice(0, 10)) find(question);
      return call.asked.map((question) => timed(() => find(question)).taken);
    }
    case 'memory':
      // What only waits to be collected is not in use.
      for (let i = 0; i < 4; i += 1) {
        globalThis.gc?.();
        await pause(50);
      }
      return process.memoryUsage.rss();
  }
}

process.on('message', (call: LibraryCall) => {
  void answer(call).then(
    (value) => process.send?.({ value }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.on('disconnect', () => db.close());
