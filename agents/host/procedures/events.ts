import { withEventMeta } from '@orpc/server';
import type { AppParts } from '../app-parts.ts';
import type { Bus } from '../bus.ts';
import { os } from './os.ts';

export function eventProcedures({ store, stream }: Pick<AppParts, 'store'> & Pick<Bus, 'stream'>) {
  return {
    events: {
      list: os.events.list.handler(async ({ input }) => {
        const events = await store.events(input.since, input.limit);
        const wanted = events.filter((e) => input.context === undefined || ('context' in e.event && e.event.context === input.context));
        return { events: [...wanted], last: events.at(-1)?.seq ?? (await store.lastSeq()) };
      }),
      stream: os.events.stream.handler(async function* ({ input, lastEventId, signal }) {
        const since = lastEventId === undefined ? (input.since ?? (await store.lastSeq())) : Number(lastEventId);
        for await (const envelope of stream(Number.isSafeInteger(since) ? since : 0, signal))
          yield withEventMeta(envelope, { id: String(envelope.seq) });
      }),
    },
  };
}
