import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { SeriesStore } from '../series/series-store.ts';
import { Feed } from './feed.ts';
import { gapsOf } from './gaps.ts';
import { byUrl } from './prometheus.ts';

/** What sources get wrong, into the real store in its thread: what is taken, what is not, and how it is said. */

const START = Date.UTC(2026, 0, 5, 8);
const MINUTE = 60_000;
const NODE = { node: 'node-1' };

async function feeding() {
  const dir = mkdtempSync(join(tmpdir(), 'quarterdeck-feed-'));
  const store = new SeriesStore({ dataDir: dir, log: () => undefined });
  onTestFinished(async () => {
    await store.close();
    rmSync(dir, { recursive: true, force: true });
  });
  let now = START;
  const feed = new Feed(await store.feed(), () => now);
  onTestFinished(() => feed.close());
  const of = feed.of('one');
  const ask = async (query: string, start = START, end = now) => {
    const answer = await store.call('query', 'one', { query, start, end, step: MINUTE, instant: start === end, limit: 100 });
    if (!answer.ok) throw new Error(answer.failure.message);
    return answer.value.series.map((s) => [s.at.map((at) => (at - START) / MINUTE), s.values]);
  };
  /** Messages of one port are in order; the answer to a question comes after what was sent before it. */
  const arrived = async () => {
    of.send();
    await of.last();
  };
  const sayings = () =>
    gapsOf({
      sources: [{ kind: 'metricsApi', name: '', state: 'used', samples: 0, because: '', needs: null, lastAt: null }],
      refused: of.refused,
      keepsPods: true,
      share: of.share,
    });
  return { of, ask, arrived, sayings, turn: (to: number) => (now = to) };
}

test('what is no number or below zero is left out, and counted in a sentence', async () => {
  const { of, ask, arrived, sayings } = await feeding();
  for (const [i, value] of [1, NaN, Infinity, -3, 2].entries()) of.put('node_memory_bytes', NODE, START + i * 1000, value);
  await arrived();
  expect(of.refused).toMatchObject({ notANumber: 2, negative: 1 });
  expect(await ask('count_over_time(node_memory_bytes[1m])', START + MINUTE, START + MINUTE)).toEqual([[[1], [1]]]);
  expect(sayings()).toContain('3 values were left out, for they were no number, or below zero where nothing can be.');
});

test('the same reading twice is one value; one that comes late finds its place', async () => {
  const { of, ask, arrived, turn } = await feeding();
  for (const minute of [1, 3, 3, 2]) {
    turn(START + minute * MINUTE);
    of.put('node_memory_bytes', NODE, START + minute * MINUTE, minute);
  }
  turn(START + 4 * MINUTE);
  await arrived();
  expect(of.refused).toMatchObject({ duplicate: 1, late: 1 });
  expect(await ask('node_memory_bytes')).toEqual([
    [
      [1, 2, 3, 4],
      [1, 2, 3, 3],
    ],
  ]);
});

test('a counter that begins again counts on', async () => {
  const { of, ask, arrived, turn } = await feeding();
  for (const [minute, value] of [100, 160, 20, 80].entries()) {
    turn(START + minute * MINUTE);
    of.put('node_network_receive_bytes_total', NODE, START + minute * MINUTE, value);
  }
  await arrived();
  expect(await ask('increase(node_network_receive_bytes_total[3m1s])', START + 3 * MINUTE, START + 3 * MINUTE)).toEqual([
    [[3], [140 * (181 / 180)]],
  ]);
});

test('a clock an hour ahead is not believed: the values have the time they came at, and it is said', async () => {
  const { of, ask, arrived, turn, sayings } = await feeding();
  for (const minute of [0, 1, 2]) {
    turn(START + minute * MINUTE);
    of.put('node_memory_bytes', NODE, START + (60 + minute) * MINUTE, 5 + minute);
  }
  await arrived();
  expect(await ask('node_memory_bytes')).toEqual([
    [
      [0, 1, 2],
      [5, 6, 7],
    ],
  ]);
  expect(sayings()).toContain("3 values came with a time more than two minutes from this machine's, and were given the time they came at.");
});

test('a night asleep is a hole: nothing stands for it, and no rate reaches across', async () => {
  const { of, ask, arrived, turn } = await feeding();
  const put = (minute: number, value: number) => {
    turn(START + minute * MINUTE);
    of.put('node_network_receive_bytes_total', NODE, START + minute * MINUTE, value);
  };
  for (const minute of [0, 1, 2]) put(minute, 60 * minute);
  for (const minute of [600, 601]) put(minute, 1_000_000 + 60 * minute);
  await arrived();
  const [there] = await ask('rate(node_network_receive_bytes_total[5m])');
  expect(there).toEqual([[1, 2, 3, 4, 5, 6, 601].filter((m) => (there?.[0] as number[]).includes(m)), expect.any(Array)]);
  expect((there?.[0] as number[]).filter((m) => m > 6 && m < 601)).toEqual([]);
  expect(Math.max(...(there?.[1] as number[]))).toBeLessThan(1.5);
});

test('a hundred thousand label sets: as many as the share are kept, the others counted and said', async () => {
  const { of, arrived, sayings } = await feeding();
  for (let i = 0; i < 100_000; i++) of.put('workload_requests_per_second', { namespace: 'a', workload: 'b', class: String(i) }, START, 1);
  await arrived();
  expect([of.live, of.refused.tooManySeries]).toEqual([20_000, 80_000]);
  expect(sayings()).toContain(
    '80000 values were left out, for there are more label sets than 60000, or new ones faster than 20000 an hour.',
  );
});

test('series nobody hears of any more give their numbers back', async () => {
  const { of, arrived, turn } = await feeding();
  for (let i = 0; i < 50; i++) of.put('node_memory_bytes', { node: `n-${i}` }, START, 1);
  await arrived();
  turn(START + 11 * MINUTE);
  of.put('node_memory_bytes', { node: 'n-0' }, START + 11 * MINUTE, 1);
  await arrived();
  expect(of.live).toBe(1);
});

const answers: readonly (readonly [what: string, status: number, body: string, cut: boolean, said: string])[] = [
  [
    '422',
    422,
    JSON.stringify({ status: 'error', errorType: 'execution', error: 'query timed out' }),
    false,
    'refused the question: status 422: query timed out.',
  ],
  ['503', 503, 'upstream down', false, 'refused the question: status 503: upstream down.'],
  ['a page', 200, '<html><body>Please sign in</body></html>', false, 'refused the question: a page came instead of an answer.'],
  ['half a body', 200, '{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"val', true, 'cannot be reached: '],
  ['half an answer', 200, '{"status":"success","data":{"resu', false, 'refused the question: half an answer, or none, came.'],
  ['an answer without result', 200, '{"status":"success","data":{}}', false, 'refused the question: the answer has no result.'],
];

test.each(answers)('a Prometheus that answers %s is no data, and said', async (_, status, body, cut, said) => {
  const server: Server = createServer((_request, response) => {
    response.writeHead(status, { 'content-length': cut ? body.length * 2 : body.length });
    if (cut) response.write(body, () => response.destroy());
    else response.end(body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const answer = await byUrl({ url: `http://127.0.0.1:${port}` }).get('query', { query: 'up' }, AbortSignal.timeout(10_000));
  expect(answer).toMatchObject({ ok: false, failure: { message: expect.stringContaining(`127.0.0.1:${port} ${said}`) as string } });
});
