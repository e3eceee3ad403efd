import type { AppParts } from '../app-parts.ts';
import { pickRunbooks } from '../runbooks/runbook-picks.ts';
import { found, must, os } from './os.ts';

/** What the team has learned from incidents. */
export function runbookProcedures(parts: Pick<AppParts, 'runbooks' | 'book' | 'store' | 'orchestrator' | 'inference'>) {
  const { runbooks, book, store } = parts;
  return {
    runbooks: {
      pick: os.runbooks.pick.handler(async ({ input, errors, signal }) => {
        const known = book.open().find((i) => i.id === input.incident) ?? (await store.incident(input.incident));
        return must(await pickRunbooks(parts, found(known, `incident ${input.incident}`, errors), signal), errors);
      }),
      list: os.runbooks.list.handler(() => ({ runbooks: runbooks.list().map(({ text: _text, ...row }) => row) })),
      show: os.runbooks.show.handler(({ input, errors }) => found(runbooks.of(input.code), `runbook ${input.code}`, errors)),
      accept: os.runbooks.accept.handler(async ({ input, errors }) =>
        must(await runbooks.accept(input.code, input.hash, input.by), errors),
      ),
      reject: os.runbooks.reject.handler(async ({ input, errors }) =>
        must(await runbooks.reject(input.code, input.hash, input.by, input.reason), errors),
      ),
      history: os.runbooks.history.handler(({ input }) => ({ versions: runbooks.history(input.code) })),
    },
  };
}
