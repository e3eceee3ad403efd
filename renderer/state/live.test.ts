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

test('the first picture waits for one answer: no list waits for another', async () => {
  const asked = new Set<string>();
  const open: (() => void)[] = [];
  const host = growingHost([]);
  const slow = <T>(name: string, answer: T) => {
    asked.add(name);
    return new Promise<T>((resolve) => open.push(() => resolve(answer)));
  };
  const client = {
    ...(host.client as unknown as Record<string, object>),
    app: { info: () => slow('info', { lastEvent: 1 }) },
    contexts: { list: () => slow('contexts', { contexts: [], problems: [] }) },
    plans: { list: () => slow('plans', { plans: [] }) },
  };
  stop = keepLive({ ...host, client } as unknown as Bridge);
  expect([...asked].sort()).toEqual(['contexts', 'info', 'plans']);
  for (const answer of open) answer();
  await expect.poll(() => usePage.getState().lastSeq).toBe(3);
});

test('what an event made stale does not wait for all to be read once more', async () => {
  const listed: string[] = [];
  const host = growingHost([]);
  const client = {
    ...(host.client as unknown as Record<string, object>),
    contexts: { list: () => (listed.push('contexts'), Promise.resolve({ contexts: [], problems: [] })) },
    agents: { list: () => (listed.push('agents'), Promise.resolve({ agents: [] })) },
    events: {
      list: () => Promise.resolve({ events: [entry(1)], last: 1 }),
      async *stream() {
        yield { ...entry(2), event: { type: 'agent.paused', agent: 'a', by: 'me' } };
        await new Promise(() => undefined);
      },
    },
  };
  stop = keepLive({ ...host, client } as unknown as Bridge);
  await expect.poll(() => listed.length).toBe(5);
  expect(listed).toEqual(['contexts', 'agents', 'agents', 'contexts', 'agents']);
});
