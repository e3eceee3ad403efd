import type { Envelope } from '../../agents/contract/index.ts';
import { type Bridge, failureOf, followEvents } from '../bridge/bridge.ts';
import { ALL_PARTS, type Part, partsOf, withNews } from './news.ts';
import { FIRST_FEED, type PageState, usePage } from './page.ts';

/** Changes that come together are read and drawn together. */
const GATHER_MS = 60;
/** After the first reading everything is read once more, for an event may have fallen between its answers; so much later, milliseconds. */
const AFTER_FIRST_MS = 1_500;
/** Between attempts to read again what could not be read, milliseconds. */
const AGAIN_MS = 2_000;

/**
 * Keeps the page's state like the host's: reads everything once, then follows the event log and reads again what an event made stale.
 * Returns the function that stops it.
 */
export function keepLive(bridge: Bridge): () => void {
  const { client, dead } = bridge;
  const ended = new AbortController();
  const stale = new Set<Part>();
  let news: Envelope[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let later: ReturnType<typeof setTimeout> | undefined;
  let reading = false;

  const soon = (ms = GATHER_MS) => {
    timer ??= setTimeout(() => {
      timer = undefined;
      void settle();
    }, ms);
  };
  const readAll = () => {
    for (const part of ALL_PARTS) stale.add(part);
    soon();
  };

  const READ: Readonly<Record<Part, () => Promise<Partial<PageState>>>> = {
    contexts: async () => ({ contexts: await client.contexts.list({}) }),
    incidents: async () => {
      const [open, dismissed] = await Promise.all([client.incidents.list({}), client.incidents.list({ state: 'dismissed' })]);
      return { incidents: open.incidents, accepted: dismissed.incidents };
    },
    plans: async () => ({ plans: (await client.plans.list({})).plans }),
    hold: async () => ({ hold: await client.hold.get({}) }),
    autonomy: async () => ({ autonomy: await client.autonomy.get({}) }),
    agents: async () => ({ agents: (await client.agents.list({})).agents }),
  };

  /** Takes what has gathered into the state, all at once. One run at a time; what comes meanwhile waits for the next. */
  async function settle(): Promise<void> {
    if (reading) return;
    reading = true;
    const came = news;
    news = [];
    const parts = [...stale];
    stale.clear();
    const read = await Promise.allSettled(parts.map((part) => READ[part]()));
    reading = false;
    if (ended.signal.aborted) return;
    // What was not read stays stale; the stream breaks for the same reason and says so.
    for (const [i, part] of parts.entries()) if (read[i]?.status === 'rejected') stale.add(part);
    const known: Partial<PageState> = Object.assign({}, ...read.map((r) => (r.status === 'fulfilled' ? r.value : {})));
    if (came.length > 0 || parts.length > 0)
      usePage.setState(({ feed, lastSeq }) => ({
        ...known,
        ...(came.length === 0 ? {} : { feed: withNews(feed, came), lastSeq: Math.max(lastSeq, came.at(-1)?.seq ?? 0) }),
      }));
    if (news.length > 0) soon();
    else if (stale.size > 0) soon(AGAIN_MS);
  }

  async function begin(): Promise<void> {
    // All at once: the first picture waits for one answer and not for one after the other.
    const [info, ...parts] = await Promise.all([client.app.info({}), ...ALL_PARTS.map((part) => READ[part]())]);
    usePage.setState(Object.assign({ info }, ...parts) as Partial<PageState>);
    const { events } = await client.events.list({ since: Math.max(0, info.lastEvent - FIRST_FEED), limit: FIRST_FEED });
    // Entries may have come between the two answers: the stream goes on behind what is here.
    const last = Math.max(info.lastEvent, events.at(-1)?.seq ?? 0);
    usePage.setState({ feed: events.toReversed(), lastSeq: last });
    await followEvents(
      bridge,
      last,
      {
        connected: () => {
          usePage.setState({ phase: 'live', failure: undefined, lostAt: undefined });
          if (later !== undefined) readAll();
          // What was read at the beginning is a moment old; the first picture goes before it.
          else later = setTimeout(readAll, AFTER_FIRST_MS);
        },
        lost: (failure) => usePage.setState(({ lostAt }) => ({ phase: 'lost', failure, lostAt: lostAt ?? Date.now() })),
        took: (envelope) => {
          news.push(envelope);
          for (const part of partsOf(envelope.event)) stale.add(part);
          soon();
        },
      },
      ended.signal,
    );
  }

  const died = () => usePage.setState({ phase: 'dead' });
  dead.addEventListener('abort', died);
  void (async () => {
    while (!ended.signal.aborted && !dead.aborted) {
      try {
        await begin();
        return;
      } catch (error) {
        if (!dead.aborted) usePage.setState(({ lostAt }) => ({ phase: 'lost', failure: failureOf(error), lostAt: lostAt ?? Date.now() }));
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
  })();

  return () => {
    ended.abort();
    dead.removeEventListener('abort', died);
    clearTimeout(timer);
    clearTimeout(later);
  };
}
