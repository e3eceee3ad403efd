import { EventEmitter, on } from 'node:events';
import type { Envelope } from '../contract/index.ts';
import type { WritableStore } from './ports/store.ts';
import { pagesAfter } from './store/log-pages.ts';

/** Entries read from the log at once by somebody who was away. */
const PAGE = 500;

export type Bus = ReturnType<typeof createBus>;

/**
 * Tells everybody who listens what was appended, in order and without a gap: a listener first reads the log from where it was, then
 * follows. The log is the buffer, so a slow listener costs nothing but its own lateness.
 */
export function createBus(store: WritableStore) {
  const emitter = new EventEmitter();
  emitter.setMaxListeners(0);
  const closed = new AbortController();
  const tell = (envelopes: readonly Envelope[]) => {
    if (envelopes.length > 0) emitter.emit('appended');
    return envelopes;
  };
  const announcing: WritableStore = {
    ...store,
    append: async (events) => tell(await store.append(events)),
    appendWithPlan: async (events, plan) => tell(await store.appendWithPlan(events, plan)),
    appendWithMaintenance: async (events, maintenance, ended) => tell(await store.appendWithMaintenance(events, maintenance, ended)),
    appendWithIncidents: async (events, incidents, dismissals) => tell(await store.appendWithIncidents(events, incidents, dismissals)),
  };

  async function* stream(since: number, signal: AbortSignal | undefined): AsyncGenerator<Envelope> {
    const ended = AbortSignal.any([closed.signal, ...(signal === undefined ? [] : [signal])]);
    const news = on(emitter, 'appended', { signal: ended });
    let last = since;
    try {
      for (;;) {
        for await (const page of pagesAfter(store, last, PAGE)) {
          for (const envelope of page) yield envelope;
          last = page.at(-1)?.seq ?? last;
        }
        await news.next();
      }
    } catch (error) {
      if (!ended.aborted) throw error;
    }
  }

  return { store: announcing, stream, close: () => closed.abort() };
}
