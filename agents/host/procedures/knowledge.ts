import { isAbsolute } from 'node:path';
import type { Outcome } from '../../contract/index.ts';
import type { Knowledge } from '../knowledge/knowledge.ts';
import { StoreError } from '../store/failures.ts';
import { type Failed, must, os } from './os.ts';

/** What is known beforehand, and the search in it. */
export function knowledgeProcedures({ knowledge }: { readonly knowledge: Knowledge }) {
  return {
    knowledge: {
      sources: os.knowledge.sources.handler(({ errors }) => worded(errors, async () => ({ ok: true, value: await knowledge.sources() }))),
      add: os.knowledge.add.handler(({ input, errors }) =>
        worded(errors, () =>
          isAbsolute(input.path)
            ? knowledge.add(input)
            : {
                ok: false,
                failure: { code: 'bad-input', message: `${input.path} does not say where it begins.`, hint: 'Give the whole path.' },
              },
        ),
      ),
      remove: os.knowledge.remove.handler(({ input, errors }) => worded(errors, () => knowledge.remove(input.name))),
      reindex: os.knowledge.reindex.handler(({ input, errors }) => worded(errors, () => knowledge.reindex(input.name))),
      embed: os.knowledge.embed.handler(({ errors }) => worded(errors, async () => ({ ok: true, value: await knowledge.embed() }))),
      search: os.knowledge.search.handler(({ input, errors }) =>
        worded(errors, async () => ({ ok: true, value: await knowledge.search(input) })),
      ),
      page: os.knowledge.page.handler(({ input, errors }) =>
        worded(errors, async () => {
          const passages = await knowledge.page(input.source, input.path);
          return passages.length > 0
            ? { ok: true, value: { passages } }
            : { ok: false, failure: { code: 'not-found', message: `There is no document ${input.path} in the source ${input.source}.` } };
        }),
      ),
    },
  };
}

/** A file that fails is an expected failure here: nothing of the clusters is in it. */
async function worded<T>(errors: Failed, work: () => Outcome<T> | Promise<Outcome<T>>): Promise<T> {
  let outcome: Outcome<T>;
  try {
    outcome = await work();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    outcome = { ok: false, failure: error.failure };
  }
  return must(outcome, errors);
}
