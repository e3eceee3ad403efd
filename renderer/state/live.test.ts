import { afterEach, expect, test } from 'vitest';
import type { Envelope } from '../../agents/contract/index.ts';
import type { Bridge } from '../bridge/bridge.ts';
import { keepLive } from './live.ts';
import { usePage } from './page.ts';

const entry = (seq: number): Envelope => ({
  v: 1,
  seq,
  at: '2026-11-23T14:00:00.000Z',
  prev: '',
  hash: '',
  event: { type: 'app.stopped' },
});

let stop: () => void = () => undefined;
afterEach(() => stop());

/** A host whose log grows between two answers; it tells what it was asked to go on behind, and has no more than is given here. */
function growingHost(begun: string[]): Bridge {
  const log = [entry(1), entry(2), entry(3)];
  const none = () => Promise.resolve({ contexts: [], incidents: [], plans: [], agents: [] });
  async function* stream(since: number) {
    yield* log.filter((e) => e.seq > since);
    await new Promise(() => undefined);
  }
  const client = {
    app: { info: () => Promise.resolve({ lastEvent: 1 }) },
    contexts: { list: none },
    incidents: { list: none },
    plans: { list: none },
    agents: { list: none },
    hold: { get: none },
    autonomy: { get: none },
    events: {
      list: () => Promise.resolve({ events: log.slice(0, 2), last: 2 }),
      stream: (_: object, { lastEventId }: { lastEventId: string }) => {
        begun.push(lastEventId);
        return Promise.resolve(stream(Number(lastEventId)));
      },
    },
  };
  return { client, dead: new AbortController().signal } as unknown as Bridge;
}

test('an entry that came while the page was opened is in the feed once', async () => {
  const begun: string[] = [];
  stop = keepLive(growingHost(begun));
  await expect.poll(() => usePage.getState().feed.map((e) => e.seq)).toEqual([3, 2, 1]);
  expect(begun).toEqual(['2']);
  expect(usePage.getState().lastSeq).toBe(3);
});
