import type { InferencePort, ModelAnswer, ModelEngine, ModelPrompt, ModelSettings, Outcome } from '../agents/contract/index.ts';

/** A model that answers as it is told, for tests: each question is handed to the script, with the signal that stops it. */
export type Script = (
  prompt: ModelPrompt,
  stopped: Promise<void>,
) => string | Partial<ModelAnswer> | Promise<string | Partial<ModelAnswer>>;

export function scriptedEngine(script: Script, where: 'local' | 'remote' = 'local', contextTokens = 8_192): ModelEngine {
  return {
    name: 'scripted',
    where,
    contextTokens,
    answer: async (prompt, signal): Promise<Outcome<ModelAnswer>> => {
      const stopped = new Promise<void>((done) => signal.addEventListener('abort', () => done()));
      const said = await Promise.race([script(prompt, stopped), stopped]);
      if (said === undefined || signal.aborted)
        return { ok: false, failure: { code: 'cancelled', message: 'The model was told to stop.' } };
      const answer = typeof said === 'string' ? { text: said } : said;
      return { ok: true, value: { text: '', cutOff: false, inputTokens: 0, outputTokens: 0, ...answer } };
    },
  };
}

/** A port with these engines. */
export function scripted(engines: Partial<Record<'local' | 'remote', ModelEngine>>, settings: ModelSettings): InferencePort {
  return { engine: (where) => Promise.resolve(engines[where] ?? null), settings: () => settings };
}
