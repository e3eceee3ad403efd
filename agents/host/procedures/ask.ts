import type { AskNotice } from '../../contract/ask.ts';
import type { AppParts } from '../app-parts.ts';
import { found, must, os } from './os.ts';

/** Questions in plain words. */
export function askProcedures({ asking }: Pick<AppParts, 'asking'>) {
  return {
    ask: {
      answer: os.ask.answer.handler(async ({ input, errors, signal }) => must(await asking.answer(input, undefined, signal), errors)),
      follow: os.ask.follow.handler(async function* ({ input, errors, signal }) {
        const told: AskNotice[] = [];
        let wake: () => void = () => undefined;
        const ended = new AbortController();
        const both = signal === undefined ? ended.signal : AbortSignal.any([signal, ended.signal]);
        const answering = asking.answer(
          input,
          (words) => {
            told.push({ type: 'doing', words });
            wake();
          },
          both,
        );
        let over = false;
        const end = () => {
          over = true;
          wake();
        };
        answering.then(end, end);
        try {
          while (!over || told.length > 0) {
            const next = told.shift();
            if (next !== undefined) yield next;
            else if (!over) await new Promise<void>((resolve) => (wake = resolve));
          }
          yield { type: 'answer' as const, answer: must(await answering, errors) };
        } finally {
          ended.abort();
        }
      }),
      sessions: os.ask.sessions.handler(() => ({ sessions: asking.sessions.list() })),
      session: os.ask.session.handler(({ input, errors }) => ({
        answers: found(asking.sessions.of(input.session), `conversation ${input.session}`, errors),
      })),
      forget: os.ask.forget.handler(({ input, errors }) => ({
        forgotten: found(asking.sessions.forget(input.session) || undefined, `conversation ${input.session}`, errors),
      })),
    },
  };
}
