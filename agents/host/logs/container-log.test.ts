import { PassThrough } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import type { Outcome } from '../../contract/index.ts';
import { Limiter } from '../cluster/back-off.ts';
import { ByteBudget } from './byte-budget.ts';
import { ContainerLog } from './container-log.ts';
import type { LogContainer, LogPod } from './log-pods.ts';

/** A kubelet as far as logs go: the runs of one container, each line with its stamp; streams that follow, and that can be cut. */
class Kubelet {
  readonly runs: { at: number; text: Buffer }[][] = [[]];
  readonly asked: Record<string, unknown>[] = [];
  readonly #open = new Set<PassThrough>();
  readonly #start: number;
  #ticks = 0;
  refusal: Outcome<never> | undefined;

  constructor(start = Date.UTC(2026, 0, 5, 9)) {
    this.#start = start;
  }

  say(...lines: readonly (string | Buffer)[]): void {
    for (const line of lines) {
      const text = Buffer.isBuffer(line) ? line : Buffer.from(line);
      // Some lines a millisecond, so that many are of one second.
      const entry = { at: this.#start + this.#ticks++ * 90, text };
      this.runs.at(-1)?.push(entry);
      for (const stream of this.#open) stream.write(written(entry));
    }
  }

  cut(): void {
    for (const stream of this.#open) stream.destroy(new Error('cut'));
    this.#open.clear();
  }

  /** The container falls, and is started again. */
  restart(): void {
    this.#end();
    this.runs.push([]);
  }

  #end(): void {
    for (const stream of this.#open) stream.end();
    this.#open.clear();
  }

  get open(): number {
    return this.#open.size;
  }

  stream = (_path: string, { query = {} }: { query?: Record<string, unknown> } = {}): Promise<Outcome<PassThrough>> => {
    this.asked.push(query);
    if (this.refusal !== undefined) return Promise.resolve(this.refusal);
    const run = query['previous'] === true ? this.runs.at(-2) : this.runs.at(-1);
    if (run === undefined) return Promise.resolve({ ok: false, failure: { code: 'invalid', message: 'there is no such run' } });
    const since = Date.parse(String(query['sinceTime'] ?? '')) || 0;
    const stream = new PassThrough({ highWaterMark: 2 ** 24 });
    for (const entry of run.filter((l) => l.at >= since).slice(-Number(query['tailLines'] ?? 1e9))) stream.write(written(entry));
    if (query['follow'] === true) this.#open.add(stream);
    else stream.end();
    return Promise.resolve({ ok: true, value: stream });
  };
}
const written = ({ at, text }: { at: number; text: Buffer }) =>
  Buffer.concat([Buffer.from(`${new Date(at).toISOString().slice(0, -1)}000001Z `), text, Buffer.from('\n')]);

const CONTAINER: LogContainer = { name: 'app', restarts: 0, startedAt: 1, isRunning: true, isFalling: false, fellAt: undefined };
const POD: LogPod = {
  ...{ namespace: 'shop', workload: 'Deployment/web', name: 'web-1', uid: 'u-1', revision: '1', createdAt: 0, isLeaving: false },
  containers: [CONTAINER],
};

function following(kubelet: Kubelet, { newest = '', budgets = [] as ByteBudget[], container = CONTAINER, opening = new Limiter(4) } = {}) {
  const heard: string[] = [];
  const notes: string[] = [];
  const bytes = { read: 0, skipped: 0 };
  const log = new ContainerLog(
    {
      transport: kubelet as never,
      budgets,
      opening,
      clock: Date.now,
      againMs: 20,
      sink: {
        event: (_pod, _container, _at, _age, { first, trace }) => void heard.push([first.line, ...trace].join(' | ')),
        counted: (read, skipped) => {
          bytes.read += read;
          bytes.skipped += skipped;
        },
        note: (_pod, _container, text) => void notes.push(text),
      },
    },
    POD,
    container,
    newest,
  );
  onTestFinished(() => log.close());
  /** What was heard, the last line included, which waits for a trace under it. */
  const all = async (count: number) => {
    await expect
      .poll(() => {
        log.tick();
        return heard.length;
      })
      .toBeGreaterThanOrEqual(count);
    return heard;
  };
  return { log, heard, notes, bytes, all };
}
const numbered = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `line ${from + i}`);

test('over cuts in the middle of a second every line is heard once', async () => {
  const kubelet = new Kubelet();
  kubelet.say(...numbered(0, 25));
  const { all } = following(kubelet);
  await all(25);
  for (const [from, to] of [
    [25, 31],
    [31, 32],
    [32, 60],
  ] as const) {
    kubelet.cut();
    kubelet.say(...numbered(from, to));
    await all(to);
  }
  expect(await all(60)).toEqual(numbered(0, 60));
  expect(kubelet.asked.length).toBeGreaterThanOrEqual(4);
});

test.each(['as here', 'behind'] as const)('who never pauses is caught up with all the same, its clock %s', async (clock) => {
  const kubelet = new Kubelet(clock === 'as here' ? Date.now() : undefined);
  const { log, heard } = following(kubelet);
  const talking = setInterval(() => kubelet.say('again'), 90);
  onTestFinished(() => clearInterval(talking));
  await log.caughtUp();
  const before = heard.length;
  const span = log.tick();
  expect(span).toMatchObject({ to: expect.any(Number) as number });
  await expect.poll(() => (log.tick(), heard.length)).toBeGreaterThan(before);
});

test('what an earlier life of the app has read is not read again', async () => {
  const kubelet = new Kubelet();
  kubelet.say(...numbered(0, 25));
  const first = following(kubelet);
  await first.all(25);
  first.log.close();
  kubelet.say(...numbered(25, 40));
  const second = following(kubelet, { newest: first.log.newest });
  expect(await second.all(15)).toEqual(numbered(25, 40));
});

test('after a restart the end of the run before is read, then the new run; a run that nobody saw is said', async () => {
  const kubelet = new Kubelet();
  kubelet.say('fine', 'fine still');
  const { log, all, notes } = following(kubelet);
  await all(2);
  // The connection breaks, and what it says as it falls is only in the log of the run before.
  kubelet.cut();
  kubelet.say('FATAL out of ideas');
  kubelet.restart();
  kubelet.say('starting');
  log.update(POD, { ...CONTAINER, restarts: 1 });
  expect(await all(4)).toEqual(['fine', 'fine still', 'FATAL out of ideas', 'starting']);
  kubelet.restart();
  kubelet.say('gone before anybody looked');
  kubelet.restart();
  kubelet.say('starting again');
  log.update(POD, { ...CONTAINER, restarts: 3 });
  await expect.poll(() => notes).toEqual(['1 runs began and ended while nobody looked; what they said is lost']);
  expect((await all(6)).slice(4)).toEqual(['gone before anybody looked', 'starting again']);
});

test('a stack trace is one event with the line above it, and the last line does not wait for ever', async () => {
  const kubelet = new Kubelet();
  const { all } = following(kubelet);
  await expect.poll(() => kubelet.open).toBe(1);
  kubelet.say('ERROR failed', 'java.io.IOException: no', '\tat a.B.c(B.java:1)', 'next');
  expect(await all(2)).toEqual(['ERROR failed | java.io.IOException: no | \tat a.B.c(B.java:1)', 'next']);
});

test('a line of 10 MB is cut, a binary one is a line, and both are cheap', async () => {
  const kubelet = new Kubelet();
  kubelet.say(
    'before',
    Buffer.alloc(10 * 2 ** 20, 'x'),
    Buffer.from(Array.from({ length: 4_000 }, (_, i) => (i * 7919) % 256).filter((b) => b !== 10)),
    'after',
  );
  const { all } = following(kubelet);
  const heard = await all(4);
  expect([heard[0], heard.length, heard.at(-1)]).toEqual(['before', 4, 'after']);
  expect(heard[1]?.length).toBeLessThan(70_000);
  expect(heard[1]).toContain('[cut]');
});

test('what comes faster than the budget is left out in whole lines, and counted', async () => {
  const kubelet = new Kubelet();
  let now = 0;
  const budget = new ByteBudget(1_000, 4_000, () => now);
  const { heard, bytes, all } = following(kubelet, { budgets: [budget] });
  await expect.poll(() => kubelet.open).toBe(1);
  for (let from = 0; from < 2_000; from += 50) {
    kubelet.say(...Array.from({ length: 50 }, (_, i) => `flood ${from + i} ${'x'.repeat(60)}`));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await expect.poll(() => bytes.skipped).toBeGreaterThan(150_000);
  expect(heard.every((line) => /^flood \d+ x{60}$/.test(line))).toBe(true);
  expect(bytes.read + bytes.skipped).toBe(kubelet.runs[0]?.reduce((sum, l) => sum + written(l).length, 0));
  // Later there is room again.
  now = 1_000_000;
  kubelet.say('calm 1', 'calm 2', 'calm 3');
  await expect.poll(() => heard.filter((line) => line.startsWith('calm')).length).toBeGreaterThan(0);
  expect(await all(heard.length)).not.toContain('alm 1');
});

test('fifty pods that fall at once are read a few at a time, and of each the end is known', async () => {
  const opening = new Limiter(6);
  let [now, most] = [0, 0];
  const all = Array.from({ length: 50 }, (_, i) => {
    const kubelet = new Kubelet();
    const open = kubelet.stream;
    kubelet.stream = async (...args) => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 2));
      now -= 1;
      return open(...args);
    };
    kubelet.say(`pod ${i} is fine`);
    return { kubelet, follow: following(kubelet, { opening }) };
  });
  for (const { follow } of all) await follow.all(1);
  for (const [i, { kubelet, follow }] of all.entries()) {
    kubelet.cut();
    kubelet.say(`pod ${i} falls`);
    kubelet.restart();
    kubelet.say(`pod ${i} is back`);
    follow.log.update(POD, { ...CONTAINER, restarts: 1 });
  }
  for (const [i, { follow }] of all.entries())
    expect(await follow.all(3)).toEqual([`pod ${i} is fine`, `pod ${i} falls`, `pod ${i} is back`]);
  expect(most).toBeLessThanOrEqual(6);
});

test('a namespace whose logs are forbidden is said, and not asked again and again', async () => {
  const kubelet = new Kubelet();
  kubelet.refusal = { ok: false, failure: { code: 'forbidden', message: 'forbidden: needs get pods/log' } };
  const { log, notes } = following(kubelet);
  await log.caughtUp();
  expect(notes).toEqual(['forbidden: needs get pods/log']);
  expect(kubelet.asked).toHaveLength(1);
});

test('a container that has not begun is not asked about until it has', async () => {
  const kubelet = new Kubelet();
  const { log, all } = following(kubelet, { container: { ...CONTAINER, startedAt: undefined, isRunning: false } });
  await log.caughtUp();
  expect(kubelet.asked).toEqual([]);
  kubelet.say('hello');
  log.update(POD, CONTAINER);
  expect(await all(1)).toEqual(['hello']);
});
