import { copyFile, mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { embeddingModel } from '../test/models/test-models.ts';
import { localEmbedder } from './embedder.ts';
import { LocalModels } from './local-models.ts';
import { type ModelProcess, forkModelProcess } from './llama/process.ts';
import { LlamaRunner } from './llama/runner.ts';

const file = await embeddingModel();
const none = new AbortController().signal;

const cosine = (a: Float32Array | undefined, b: Float32Array | undefined) => a?.reduce((sum, x, i) => sum + x * (b?.[i] ?? 0), 0) ?? NaN;

/** Starts processes, and remembers them. */
function starter() {
  const started: ModelProcess[] = [];
  return {
    started,
    start: (...args: Parameters<typeof forkModelProcess>) => {
      const process = forkModelProcess(...args);
      started.push(process);
      return process;
    },
  };
}

async function opened(path: string, more: { idleMs?: number } = {}) {
  const { started, start } = starter();
  const made = await localEmbedder(path, { start, env: process.env, ...more });
  if (!made.ok) throw new Error(made.failure.message);
  return { started, embedder: made.value };
}

test.skipIf(file === undefined)('texts that mean the same are near, others are not; long and empty ones have a vector too', async () => {
  const { embedder } = await opened(file ?? '');
  try {
    const done = await embedder.embed(
      [
        'a pod is evicted because the node has no memory',
        'the machine ran out of RAM and the container was removed',
        'bread and butter',
        '',
        'the node has no memory '.repeat(200),
      ],
      none,
    );
    if (!done.ok) throw new Error(done.failure.message);
    const [evicted, removed, bread, empty, long] = done.value;
    expect([embedder.name, embedder.dimensions, done.value.map((v) => v.length)]).toEqual([
      'all-MiniLM-L6-v2',
      384,
      [384, 384, 384, 384, 384],
    ]);
    expect(cosine(evicted, removed)).toBeGreaterThan(0.45);
    expect(cosine(evicted, bread)).toBeLessThan(0.15);
    expect(empty?.every((x) => x === 0)).toBe(true);
    for (const vector of [evicted, removed, bread, long]) expect(cosine(vector, vector)).toBeCloseTo(1, 5);
  } finally {
    await embedder.close();
  }
});

test.skipIf(file === undefined)('a process that is killed in the middle is started again, and no text is lost', async () => {
  const { embedder, started } = await opened(file ?? '');
  try {
    await embedder.embed(['first'], none);
    const many = embedder.embed(
      Array.from({ length: 20 }, (_, i) => `text ${String(i)} `.repeat(8)),
      none,
    );
    process.kill(started[0]?.pid ?? 0, 'SIGSEGV');
    expect(await many).toMatchObject({ ok: true, value: { length: 20 } });
    expect(started).toHaveLength(2);
  } finally {
    await embedder.close();
  }
});

test.skipIf(file === undefined)('who waits can give up; the next one is answered', async () => {
  const { embedder } = await opened(file ?? '');
  try {
    await embedder.embed(['warm'], none);
    const stop = new AbortController();
    const given = embedder.embed(
      Array.from({ length: 500 }, () => 'a long text '.repeat(100)),
      stop.signal,
    );
    const begun = performance.now();
    stop.abort();
    expect(await given).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
    expect(performance.now() - begun).toBeLessThan(2_000);
    expect(await embedder.embed(['next'], none)).toMatchObject({ ok: true });
  } finally {
    await embedder.close();
  }
});

test.skipIf(file === undefined)('with nothing to do the process ends, and with the next text there is one again', async () => {
  const { embedder, started } = await opened(file ?? '', { idleMs: 50 });
  try {
    await embedder.embed(['one'], none);
    const ended = new Promise<string>((done) => started[0]?.onEnd(done));
    expect(await ended).toBe('signal SIGKILL');
    expect(await embedder.embed(['two'], none)).toMatchObject({ ok: true });
    expect(started).toHaveLength(2);
  } finally {
    await embedder.close();
  }
});

test.skipIf(file === undefined)('a damaged model is said in words', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-embedder-'));
  try {
    const path = join(folder, 'model.gguf');
    await copyFile(file ?? '', path);
    await truncate(path, 20_000_000);
    expect(await localEmbedder(path, { start: forkModelProcess, env: {} })).toMatchObject({
      ok: false,
      failure: { code: 'bad-input', message: `${path} is cut off: it has 20000000 of at least 25279136 bytes.` },
    });
    const runner = new LlamaRunner({
      load: { path, purpose: 'embedding', contextTokens: 512, gpu: 'off' },
      start: forkModelProcess,
      env: process.env,
    });
    const loaded = await runner.loaded();
    expect(loaded).toMatchObject({ ok: false, failure: { code: 'bad-input' } });
    await runner.close();
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.skipIf(file === undefined)(
  'the one in the data directory is taken before the one that came with the app; files that are no models are passed over',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-models-'));
    const warnings: string[] = [];
    const bundled = join(folder, 'bundled');
    const models = new LocalModels({ dataDir: folder, bundled, env: process.env, warn: (m) => void warnings.push(m) });
    try {
      expect(await models.embedder()).toBeNull();
      await mkdir(join(folder, 'models'));
      await writeFile(join(folder, 'models', 'a.gguf'), '<html>');
      expect(await models.embedder()).toBeNull();
      await mkdir(bundled);
      await copyFile(file ?? '', join(bundled, 'b.gguf'));
      const embedder = await models.embedder();
      expect(embedder?.name).toBe('all-MiniLM-L6-v2');
      expect(await models.embedder()).toBe(embedder);
      expect(warnings).toEqual([]);
    } finally {
      await models.close();
      await rm(folder, { recursive: true });
    }
  },
);
