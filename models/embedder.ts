import { availableParallelism } from 'node:os';
import type { AbortSignalLike, Embedder, Failure, Outcome } from '../agents/contract/index.ts';
import { LlamaRunner, type RunnerOptions } from './llama/runner.ts';
import { readGgufHeader } from './gguf-header.ts';

/** Enough for a text to be stopped between two parts, and for a crash to cost little. */
const TEXTS_AT_ONCE = 16;
/** More would take memory for what nobody waits for. The process is of low priority, so the app has its cores when it wants them. */
const MOST_THREADS = 2;

/** A started embedder; `close` ends its process. */
export interface LocalEmbedder extends Embedder {
  close(): Promise<void>;
}

/** Vectors by a model file on this machine, in a process of its own. Fails with a sentence where the file is none that can do it. */
export async function localEmbedder(path: string, options: Omit<RunnerOptions, 'load'>): Promise<Outcome<LocalEmbedder>> {
  const header = await readGgufHeader(path);
  if (!header.ok) return header;
  const { purpose, name, embeddingLength } = header.value;
  if (purpose !== 'embedding' || embeddingLength === null) return { ok: false, failure: wrongKind(path) };
  const threads = Math.min(MOST_THREADS, availableParallelism());
  const runner = new LlamaRunner({ ...options, load: { path, purpose, contextTokens: 512, gpu: 'off', threads } });
  return {
    ok: true,
    value: {
      name: name ?? path,
      dimensions: embeddingLength,
      embed: (texts, signal) => embedAll(runner, texts, signal),
      close: () => runner.close(),
    },
  };
}

async function embedAll(runner: LlamaRunner, texts: readonly string[], signal: AbortSignalLike): Promise<Outcome<Float32Array[]>> {
  const vectors: Float32Array[] = [];
  for (let from = 0; from < texts.length; from += TEXTS_AT_ONCE) {
    const work = { type: 'embed', texts: texts.slice(from, from + TEXTS_AT_ONCE) } as const;
    let done = await runner.run(work, signal);
    // The same texts once more: a process may be ended from outside, by a machine short of memory.
    if (!done.ok && done.failure.code === 'model-unavailable') done = await runner.run(work, signal);
    if (!done.ok) return done;
    if (done.value.type !== 'vectors') return { ok: false, failure: { code: 'internal', message: 'The model answered something else.' } };
    vectors.push(...done.value.vectors);
  }
  return { ok: true, value: vectors };
}

const wrongKind = (path: string): Failure => ({
  code: 'bad-input',
  message: `${path} is a model that writes, and makes no vectors.`,
  hint: 'Choose an embedding model, for example all-MiniLM-L6-v2.',
});
