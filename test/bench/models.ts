import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type ModelEngine, type ModelPrompt, QUESTION_IDS } from '../../agents/contract/index.ts';
import { serve } from '../../agents/host/serve.ts';
import { forkModelProcess } from '../../models/llama/process.ts';
import { localEngine } from '../../models/local-engine.ts';
import { scriptedEngine } from '../../models/scripted.ts';
import { instructModel } from '../models/test-models.ts';
import { type QuestionCase, questionCases } from './ask/question-cases.ts';
import { table } from './table.ts';

/** What a model adds and costs, question by question: facts kept, made up, what of that reaches a reader, speed; and the app while it answers. */

const INCIDENTS = 5;
const CALLS = 40;
/** As the product does: who waits longer reads the template. */
const LIMIT_MS = 30_000;
const NEVER = new AbortController().signal;
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
const ms = (value: number) => (Number.isNaN(value) ? '-' : `${value.toFixed(value < 10 ? 1 : 0)} ms`);

export async function benchModels(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'quarterdeck-bench-models-'));
  const file = await instructModel();
  mkdirSync(join(dir, 'models'), { recursive: true });
  if (file !== undefined) {
    copyFileSync(file, join(dir, 'models', 'small.gguf'));
    writeFileSync(join(dir, 'models', 'settings.json'), JSON.stringify({ instruct: 'small.gguf' }));
  }
  const served = await serve({ dataDir: dir, demo: true, env: process.env, log: () => undefined });
  if (!served.ok) throw new Error(served.failure.message);
  const { client } = served.value.running.app;
  const small = file === undefined ? undefined : localEngine(file, 'SmolLM2-135M Q4_1', { start: forkModelProcess, env: process.env });
  try {
    const incidents = await waitFor(async () => {
      const { incidents: found } = await client.incidents.list({});
      const waiting = found.filter((i) => i.plans.some((p) => p.state === 'awaitingApproval'));
      return found.length >= INCIDENTS && waiting.length >= 4 ? found : undefined;
    });
    const engines: [string, ModelEngine | null][] = [
      ['none (template)', null],
      ['scripted, true to the facts', scriptedEngine(truthful)],
      ['scripted, swaps and invents', scriptedEngine(careless)],
      ...(small === undefined ? [] : [[small.name, small] as [string, ModelEngine]]),
    ];
    const cases = await questionCases(client, incidents.slice(0, INCIDENTS));
    const rows: string[][] = [];
    for (const [name, engine] of engines)
      for (const id of QUESTION_IDS)
        rows.push([
          name,
          id,
          ...(await measure(
            engine,
            cases.filter((c) => c.asked.id === id),
          )),
        ]);
    process.stdout.write(
      `\neach kind of question, put to each model (facts of a choice: what it chose, and whether that was given)\n${table(
        [
          'model',
          'question',
          'facts kept in its answers',
          'made up in its answers',
          'shown',
          'made up, reaching a reader',
          'right',
          'speed',
        ],
        rows,
      )}\n`,
    );
    if (small === undefined) return;
    const quiet = await app(client, undefined);
    const busy = await app(client, small);
    process.stdout.write(
      `\nthe app while a model answers, in the same run\n${table(
        ['measure', 'without', 'while it answers', 'at most'],
        [
          ['longest block of the event loop', ms(quiet.block), ms(busy.block), '20 ms more'],
          ['a page of the feed, median', ms(quiet.feed), ms(busy.feed), 'unaffected'],
          ['a yes to a plan, until it is recorded', ms(quiet.decide), ms(busy.decide), 'unaffected'],
          ['told to stop while it writes, until it has', '', ms(busy.stopWriting), '200 ms'],
          ['told to stop while it reads a long question', '', ms(busy.stopReading), '200 ms'],
        ],
      )}\n`,
    );
  } finally {
    await small?.close();
    await served.value.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

const linesOf = (prompt: ModelPrompt) => prompt.data.split('\n').map((line) => line.slice(2));
/** What may be chosen, as the form of the answer says. */
const choicesIn = ({ schema }: ModelPrompt) => {
  const [list] = Object.values((schema as { properties: Record<string, { items?: { enum?: string[] } }> }).properties);
  return list?.items?.enum;
};
const key = ({ schema }: ModelPrompt) => Object.keys((schema as { properties: object }).properties)[0] ?? '';

const truthful = (prompt: ModelPrompt) => {
  const choices = choicesIn(prompt);
  const text = linesOf(prompt)
    .map((line) => `This was found: ${line}.`)
    .join(' ');
  return JSON.stringify(choices === undefined ? { text } : { [key(prompt)]: choices.slice(0, 1) });
};
/** As small models do: two words change places and a name is added; something is chosen that was not given. */
const careless = (prompt: ModelPrompt) => {
  if (choicesIn(prompt) !== undefined) return JSON.stringify({ [key(prompt)]: ['payments-db'] });
  const words = linesOf(prompt).join('. ').split(' ');
  [words[1], words[3]] = [words[3] ?? '', words[1] ?? ''];
  return JSON.stringify({ text: `${words.join(' ')}. Check payments-db as well.` });
};

/** The answers of a model to questions of one kind; null: what is said without one. */
async function measure(engine: ModelEngine | null, cases: readonly QuestionCase[]): Promise<string[]> {
  let [kept, given, made, reached, shown, late, right, tokens, took] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (const { asked, said, isRight } of cases) {
    const begun = performance.now();
    const answer = engine === null ? null : await engine.answer(asked.prompt, AbortSignal.timeout(LIMIT_MS));
    took += performance.now() - begun;
    if (answer?.ok === false && answer.failure.code === 'cancelled') late += 1;
    const json = answer?.ok === true ? parsed(answer.value.text) : undefined;
    if (answer?.ok === true) {
      tokens += answer.value.outputTokens;
      const counted = said(json);
      given += counted.given;
      kept += counted.kept;
      made += counted.made;
    }
    const read = json === undefined ? undefined : asked.read(json);
    if (read?.ok === true) shown += 1;
    // What a reader gets: the model's where it was let through, else the template's.
    const value = read?.ok === true ? read.value : asked.template;
    reached += said(value).made;
    if (isRight(value)) right += 1;
  }
  return [
    engine === null ? '' : `${kept} of ${given}`,
    engine === null ? '' : String(made),
    engine === null ? 'the template' : `${shown} of ${cases.length}${late === 0 ? '' : `, ${late} too late`}, else the template`,
    String(reached),
    `${right} of ${cases.length}`,
    tokens === 0 ? '' : `${(tokens / (took / 1000)).toFixed(0)} tokens/s, ${(took / cases.length / 1000).toFixed(1)} s an answer`,
  ];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Client = Extract<Awaited<ReturnType<typeof serve>>, { ok: true }>['value']['running']['app']['client'];

/** The app's own work, with a model that answers without end beside it. */
async function app(client: Client, engine: ModelEngine | undefined) {
  const stop = new AbortController();
  const endless: ModelPrompt = {
    instructions: 'Write a list.',
    data: 'Names of colours.',
    examples: [],
    schema: { type: 'array', items: { type: 'string' }, minItems: 900 },
    maxTokens: 3_000,
  };
  if (engine !== undefined) await engine.answer({ ...endless, maxTokens: 4 }, NEVER);
  const writing = engine?.answer(endless, stop.signal);
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  const feed: number[] = [];
  for (let i = 0; i < CALLS; i++) {
    const begun = performance.now();
    await client.events.list({ limit: 200 });
    await client.incidents.list({});
    feed.push(performance.now() - begun);
    await new Promise((done) => setTimeout(done, 25));
  }
  const decide: number[] = [];
  for (const plan of (await client.plans.list({ state: 'waiting' })).plans.slice(0, 2)) {
    const begun = performance.now();
    // A no needs the same record as a yes, and leaves the fleet as it is for the next run.
    await client.plans.decide({ id: plan.id, hash: plan.hash, decision: 'rejected', by: 'bench', reason: 'measured' });
    decide.push(performance.now() - begun);
  }
  loop.disable();
  let [stopWriting, stopReading] = [NaN, NaN];
  if (engine !== undefined && writing !== undefined) {
    let begun = performance.now();
    stop.abort();
    await writing;
    stopWriting = performance.now() - begun;
    await engine.answer({ ...endless, maxTokens: 4 }, NEVER);
    const other = new AbortController();
    const reading = engine.answer({ ...endless, data: 'word '.repeat(900) }, other.signal);
    await new Promise((done) => setTimeout(done, 300));
    begun = performance.now();
    other.abort();
    await reading;
    stopReading = performance.now() - begun;
  }
  return { block: loop.max / 1e6 - 1, feed: median(feed), decide: median(decide), stopWriting, stopReading };
}

async function waitFor<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let i = 0; i < 240; i++) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((done) => setTimeout(done, 500));
  }
  throw new Error('The demo fleet shows too few incidents.');
}
