import { createRouterClient, implement, withEventMeta } from '@orpc/server';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { afterEach, expect, test } from 'vitest';
import { contract } from '../../agents/contract/index.ts';
import type { App } from '../../agents/host/app.ts';
import { type HostPort, MOST_UNTAKEN, carryPort } from '../../agents/host/port.ts';
import { followEvents } from '../../renderer/bridge/bridge.ts';
import { type Port, portBridge } from '../../renderer/bridge/port.ts';

/** The carrier between a window and the host, over real MessagePorts: those of Node's threads, which Electron's behave like. */

const AT = '2026-01-01T00:00:00.000Z';
const os = implement(contract);
const entry = (seq: number) => ({ v: 1 as const, seq, at: AT, prev: '', hash: '', event: { type: 'app.stopped' as const } });

let made = 0;
let closedStreams = 0;
const router = {
  app: {
    info: os.app.info.handler(() => ({
      version: '0.0.0',
      demo: true,
      dataDir: '/nowhere',
      model: null,
      user: 'kim',
      lastEvent: 0,
      startedAt: AT,
    })),
  },
  plans: {
    // A plan nobody settles: the call stays open.
    settled: os.plans.settled.handler(() => new Promise<never>(() => undefined)),
    get: os.plans.get.handler(({ errors }) => {
      throw errors.FAILED({ data: { code: 'plan-unknown', message: 'There is no such plan.' } });
    }),
  },
  events: {
    stream: os.events.stream.handler(async function* ({ lastEventId }) {
      try {
        for (let seq = Number(lastEventId ?? 0) + 1; seq <= 2_000; seq++) {
          made = seq;
          yield withEventMeta(entry(seq), { id: String(seq) });
        }
      } finally {
        closedStreams++;
      }
    }),
  },
};
const app = { router, client: createRouterClient(router) } as unknown as App;

const open: MessagePort[] = [];
function pair() {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  carryPort(app.router, port2 as unknown as HostPort);
  return { bridge: portBridge(port1 as unknown as Port), ours: port1, hosts: port2 };
}
afterEach(() => {
  for (const port of open.splice(0)) port.close();
  made = 0;
  closedStreams = 0;
});

const until = async (holds: () => boolean) => {
  for (let i = 0; i < 500 && !holds(); i++) await new Promise((resolve) => setImmediate(resolve));
};

test('a call is answered, and an expected failure arrives with its code', async () => {
  const { bridge } = pair();
  expect((await bridge.client.app.info({})).user).toBe('kim');
  await expect(bridge.client.plans.get({ id: 'x' })).rejects.toMatchObject({ data: { code: 'plan-unknown' } });
});

test('a call under way fails when the port dies', async () => {
  const { bridge, hosts } = pair();
  const call = bridge.client.plans.settled({ id: 'x' });
  await bridge.client.app.info({});
  hosts.close();
  await expect(call).rejects.toThrow();
  expect(bridge.dead.aborted).toBe(true);
});

test('a call on a port that died fails at once', async () => {
  const { bridge, hosts } = pair();
  hosts.close();
  await until(() => bridge.dead.aborted);
  await expect(bridge.client.app.info({})).rejects.toThrow('Reload the window');
});

test('the host does not run ahead of a reader that is busy, and goes on when it reads', async () => {
  const { bridge } = pair();
  const stream = await bridge.client.events.stream({});
  const reader = stream[Symbol.asyncIterator]();
  await reader.next();
  for (let i = 0; i < 20; i++) await bridge.client.app.info({});
  expect(made).toBeLessThanOrEqual(MOST_UNTAKEN + 2);
  let seen = 1;
  for (let item = await reader.next(); item.done !== true; item = await reader.next()) seen++;
  expect(seen).toBe(2_000);
});

test('calls are answered while a stream is held back', async () => {
  const { bridge } = pair();
  const reader = (await bridge.client.events.stream({}))[Symbol.asyncIterator]();
  await reader.next();
  await until(() => made > MOST_UNTAKEN);
  expect((await bridge.client.app.info({})).version).toBe('0.0.0');
});

test('a stream that was left frees the window for the next one', async () => {
  const { bridge } = pair();
  for (let round = 0; round < 5; round++) {
    const reader = (await bridge.client.events.stream({}))[Symbol.asyncIterator]();
    for (let i = 0; i < 10; i++) await reader.next();
    await reader.return?.();
  }
  const last = (await bridge.client.events.stream({}))[Symbol.asyncIterator]();
  for (let i = 1; i <= 3 * MOST_UNTAKEN; i++) expect((await last.next()).value).toMatchObject({ seq: i });
});

test('a stream ends at the host when its port dies', async () => {
  const { bridge, ours } = pair();
  const reader = (await bridge.client.events.stream({}))[Symbol.asyncIterator]();
  await reader.next();
  ours.close();
  await until(() => closedStreams === 1);
  expect(closedStreams).toBe(1);
});

test('the page follows the log behind the last entry it took', async () => {
  const { bridge } = pair();
  const stop = new AbortController();
  const took: number[] = [];
  await followEvents(
    bridge,
    1_990,
    {
      connected: () => undefined,
      lost: () => stop.abort(),
      took: (envelope) => took.push(envelope.seq),
    },
    stop.signal,
  );
  expect(took).toEqual([1_991, 1_992, 1_993, 1_994, 1_995, 1_996, 1_997, 1_998, 1_999, 2_000]);
});
