import { copyFile, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ModelPrompt } from '../agents/contract/index.ts';
import { embeddingModel, instructModel } from '../test/models/test-models.ts';
import { type ModelProcess, forkModelProcess } from './llama/process.ts';
import { type LocalEngine, localEngine } from './local-engine.ts';

const [file, vectors] = [await instructModel(), await embeddingModel()];
const none = new AbortController().signal;

const prompt = (more: Partial<ModelPrompt> = {}): ModelPrompt => ({
  instructions: 'Answer in JSON.',
  data: 'Say yes or no.',
  examples: [],
  schema: { type: 'object', properties: { answer: { enum: ['yes', 'no'] } }, required: ['answer'], additionalProperties: false },
  maxTokens: 40,
  ...more,
});
/** Something that goes on and on. */
const long = prompt({ schema: { type: 'array', items: { type: 'string' }, minItems: 500 }, maxTokens: 2_000 });

async function withEngine(work: (engine: LocalEngine, started: ModelProcess[]) => Promise<void>, path = file ?? '') {
  const started: ModelProcess[] = [];
  const start: typeof forkModelProcess = (...args) => {
    const process = forkModelProcess(...args);
    started.push(process);
    return process;
  };
  const engine = localEngine(path, 'small', { start, env: process.env, threads: 1 });
  try {
    await work(engine, started);
  } finally {
    await engine.close();
  }
}

test.skipIf(file === undefined)(
  'an answer has the form that was asked for; one that is cut off says so; one too long for the model is refused',
  () =>
    withEngine(async (engine) => {
      const answer = await engine.answer(prompt(), none);
      expect(answer).toMatchObject({ ok: true, value: { cutOff: false } });
      expect(answer.ok && (JSON.parse(answer.value.text) as { answer: string }).answer).toMatch(/^(yes|no)$/);
      const cut = await engine.answer({ ...long, maxTokens: 5 }, none);
      expect(cut).toMatchObject({ ok: true, value: { cutOff: true } });
      const tooLong = await engine.answer(prompt({ data: 'word '.repeat(5_000) }), none);
      expect(tooLong).toMatchObject({ ok: false, failure: { code: 'bad-input' } });
      expect(tooLong.ok === false && tooLong.failure.message).toContain('The question is too long for this model');
    }),
);

test.skipIf(file === undefined)(
  'a native crash in the middle of an answer is said, and the next question is answered by a new process',
  () =>
    withEngine(async (engine, started) => {
      await engine.answer(prompt(), none);
      const given = engine.answer(long, none);
      await new Promise<void>((done) => setImmediate(done));
      process.kill(started[0]?.pid ?? 0, 'SIGSEGV');
      expect(await given).toMatchObject({
        ok: false,
        failure: { code: 'model-unavailable', message: "The model's process ended in the middle of its work: signal SIGSEGV." },
      });
      expect(await engine.answer(prompt(), none)).toMatchObject({ ok: true });
      expect(started).toHaveLength(2);
    }),
);

test.skipIf(file === undefined)('a model that never stops is stopped, also while it reads a long question', () =>
  withEngine(async (engine) => {
    await engine.answer(prompt(), none);
    for (const question of [long, prompt({ data: 'word '.repeat(1_500) })]) {
      const stop = new AbortController();
      const given = engine.answer(question, stop.signal);
      await new Promise<void>((done) => setImmediate(done));
      stop.abort();
      expect(await given).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
    }
  }),
);

test.skipIf(vectors === undefined)('a model that makes vectors is not asked to write', () =>
  withEngine(async (engine) => {
    expect(await engine.answer(prompt(), none)).toMatchObject({
      ok: false,
      failure: { code: 'bad-input', message: `${vectors ?? ''} is a model that makes vectors, and cannot write.` },
    });
  }, vectors),
);

test.skipIf(file === undefined)('a model whose weights are damaged ends in a sentence, never in the end of the app', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-engine-'));
  try {
    const path = join(folder, 'damaged.gguf');
    await copyFile(file ?? '', path);
    const bytes = await open(path, 'r+');
    // The number of its layers.
    await bytes.write(Buffer.alloc(4_000, 255), 0, 4_000, 200);
    await bytes.close();
    await withEngine(async (engine) => {
      const answer = await engine.answer(prompt(), none);
      expect(answer.ok === false && answer.failure.message).toMatch(/damaged or cut off|could not be loaded|process ended/);
    }, path);
  } finally {
    await rm(folder, { recursive: true });
  }
});
