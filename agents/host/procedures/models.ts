import { isAbsolute } from 'node:path';
import type { Envelope, Failure, HostEvent, ModelProgress, Outcome } from '../../contract/index.ts';
import { usesIn } from '../../core/questions/uses.ts';
import type { AppParts } from '../app-parts.ts';
import { personHere } from '../person.ts';
import type { ReadableStore } from '../ports/store.ts';
import { pagesBack } from '../store/log-pages.ts';
import { type Failed, must, os } from './os.ts';

/** The models on this machine, and what is set about them. */
export function modelProcedures({ ports: { library, clock }, store }: Pick<AppParts, 'ports' | 'store'>) {
  const changed = (change: string) => store.append([{ type: 'model.changed', change, by: personHere() } satisfies HostEvent]);
  const after = async (outcome: Outcome<undefined>, change: string, errors: Failed) => {
    must(outcome, errors);
    await changed(change);
    return library.state();
  };
  const taken = (steps: AsyncGenerator<Outcome<ModelProgress>, void>, change: string, errors: Failed) =>
    (async function* () {
      for await (const step of steps) {
        const progress = must(step, errors);
        if (progress.stage === 'done') await changed(`${change} (${progress.note ?? ''})`);
        yield progress;
      }
    })();
  return {
    models: {
      list: os.models.list.handler(() => library.state()),
      used: os.models.used.handler(async ({ input }) => {
        const since = new Date(clock.now() - input.days * DAY_MS).toISOString();
        const uses = usesIn(await answersSince(store, since));
        return { since, uses, cost: uses.reduce((sum, u) => sum + u.cost, 0) };
      }),
      pull: os.models.pull.handler(({ input, errors, signal }) =>
        taken(library.pull(input.name, signal ?? NEVER), `pulled the model ${input.name}`, errors),
      ),
      import: os.models.import.handler(({ input, errors, signal }) => {
        if (!isAbsolute(input.path)) must({ ok: false, failure: relative(input.path) }, errors);
        return taken(library.import(input.path, input.sha256, signal ?? NEVER), `took in the model ${input.path}`, errors);
      }),
      use: os.models.use.handler(async ({ input, errors }) =>
        after(
          await library.use(input.name, input.purpose),
          input.name === null ? `no model is used any more (${input.purpose ?? 'instruct'})` : `uses the model ${input.name}`,
          errors,
        ),
      ),
      remove: os.models.remove.handler(async ({ input, errors }) =>
        after(await library.remove(input.name), `deleted the model ${input.name}`, errors),
      ),
      set: os.models.set.handler(async ({ input, errors }) => {
        const { key, ...rest } = input;
        const said = [
          ...Object.entries(rest).map(([k, v]) => `${k} ${JSON.stringify(v)}`),
          ...(key === undefined ? [] : [key === null ? 'key removed' : 'a new key']),
        ];
        const change = Object.fromEntries(Object.entries(input).filter(([, v]) => v !== undefined));
        return after(await library.set(change), `set about models: ${said.join(', ')}`, errors);
      }),
    },
  };
}

const NEVER = new AbortController().signal;
const DAY_MS = 24 * 60 * 60_000;

/** What models were asked not before `since`: a log of years is not read for the last days. */
async function answersSince(store: Pick<ReadableStore, 'events' | 'lastSeq'>, since: string): Promise<Envelope[]> {
  const answers: Envelope[] = [];
  for await (const page of pagesBack(store)) {
    answers.push(...page.filter((e) => e.event.type === 'model.answered' && e.at >= since));
    if ((page[0]?.at ?? '') < since) break;
  }
  return answers;
}

const relative = (path: string): Failure => ({
  code: 'bad-input',
  message: `${path} does not say where it begins.`,
  hint: 'Give the whole path.',
});
