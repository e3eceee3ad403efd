import type { AbortSignalLike, ModelAnswer, ModelEngine, ModelPrompt, Outcome } from '../agents/contract/index.ts';
import { LlamaRunner, type RunnerOptions } from './llama/runner.ts';

/** A started model; `close` ends its process. */
export interface LocalEngine extends ModelEngine {
  readonly runner: LlamaRunner;
  close(): Promise<void>;
}

/** Enough for every question there is, and little enough memory for a laptop. */
export const CONTEXT_TOKENS = 4_096;

/** Answers by a model file on this machine, in a process of its own. */
export function localEngine(path: string, name: string, options: Omit<RunnerOptions, 'load'> & { readonly threads?: number }): LocalEngine {
  const { threads, ...rest } = options;
  const load = {
    path,
    purpose: 'instruct',
    contextTokens: CONTEXT_TOKENS,
    gpu: 'auto',
    ...(threads === undefined ? {} : { threads }),
  } as const;
  const runner = new LlamaRunner({ ...rest, load });
  return {
    name,
    where: 'local',
    contextTokens: CONTEXT_TOKENS,
    runner,
    answer: (prompt, signal) => answer(runner, prompt, signal),
    close: () => runner.close(),
  };
}

async function answer(runner: LlamaRunner, prompt: ModelPrompt, signal: AbortSignalLike): Promise<Outcome<ModelAnswer>> {
  const done = await runner.run({ type: 'answer', prompt }, signal);
  if (!done.ok) return done;
  return done.value.type === 'answered'
    ? { ok: true, value: done.value.answer }
    : { ok: false, failure: { code: 'internal', message: 'The model answered something else.' } };
}
