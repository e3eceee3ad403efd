import type { InferencePort } from '../agents/contract/index.ts';

/** The port where there is no model: every question is answered "unavailable", and the asker words things by template. */
export const noModel: InferencePort = {
  model: null,
  answer: () =>
    Promise.resolve({
      ok: false,
      failure: {
        code: 'model-unavailable',
        message: 'No language model is configured.',
        hint: 'Everything but free-text explanations works without one.',
      },
    }),
};
