import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LogLine } from '../../../contract/index.ts';
import { logLines, stampKey } from './log-lines.ts';
import { LogMerge } from './log-merge.ts';

const line = (pod: string, at: number, text = ''): LogLine => ({
  pod,
  container: 'c',
  at: `${new Date(1_760_000_000_000 + at).toISOString().slice(0, -1)}000000Z`,
  line: text,
});

async function all(merge: LogMerge, signal = new AbortController().signal): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  for await (const batch of merge.batches(signal)) lines.push(...batch);
  return lines;
}

test('ordered streams become one ordered stream that holds every line once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(fc.nat(5_000), { maxLength: 40 }), { maxLength: 6 }), async (streams) => {
      const merge = new LogMerge(false);
      const given = streams.map((times, s) => [...times].sort((a, b) => a - b).map((t) => line(`p${s}`, t)));
      for (const lines of given)
        merge.add(
          (async function* () {
            for (const each of lines) {
              if (Number(each.at.slice(22, 23)) % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
              yield each;
            }
          })(),
        );
      merge.close();
      const merged = await all(merge);
      expect(merged.map((l) => stampKey(l.at))).toEqual(
        given
          .flat()
          .map((l) => stampKey(l.at))
          .sort(),
      );
      for (const [s, lines] of given.entries()) expect(merged.filter((l) => l.pod === `p${s}`)).toEqual(lines);
    }),
    { numRuns: 60 },
  );
});

test('while following, a silent stream holds up the others for a moment only', async () => {
  const merge = new LogMerge(true);
  const stop = new AbortController();
  merge.add(
    (async function* (): AsyncGenerator<LogLine, void> {
      yield line('talks', 1);
      await new Promise((resolve) => stop.signal.addEventListener('abort', resolve));
    })(),
  );
  merge.add(
    (async function* (): AsyncGenerator<LogLine, void> {
      await new Promise((resolve) => stop.signal.addEventListener('abort', resolve));
    })(),
  );
  const begun = performance.now();
  for await (const batch of merge.batches(stop.signal)) {
    expect(batch.map((l) => l.pod)).toEqual(['talks']);
    const took = performance.now() - begun;
    expect(took).toBeGreaterThan(200);
    expect(took).toBeLessThan(10_000);
    stop.abort();
  }
});

test('a reader that takes nothing keeps the streams from being read on', async () => {
  let read = 0;
  const merge = new LogMerge(false);
  merge.add(
    (async function* () {
      for (;;) {
        read++;
        await new Promise((resolve) => setImmediate(resolve));
        yield line('endless', read);
      }
    })(),
  );
  const stop = new AbortController();
  const batches = merge.batches(stop.signal);
  const first = await batches.next();
  const before = read;
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(first.done).toBe(false);
  expect(read - before).toBeLessThan(3);
  stop.abort();
  await batches.return();
});

test('lines come out whole however the bytes are cut, and with their stamps apart', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.string({ unit: 'grapheme', maxLength: 20 }).filter((s) => !/[\r\n]/.test(s)),
        { minLength: 1, maxLength: 12 },
      ),
      fc.integer({ min: 1, max: 7 }),
      async (texts, step) => {
        const bytes = Buffer.from(texts.map((t) => `2026-11-20T08:15:30.123456789Z ${t}\n`).join(''));
        const chunks = Array.from({ length: Math.ceil(bytes.length / step) }, (_, i) => bytes.subarray(i * step, (i + 1) * step));
        const lines: LogLine[] = [];
        for await (const each of logLines(Readable.from(chunks, { objectMode: true }), 'p', 'c')) lines.push(each);
        expect(lines.map((l) => l.line)).toEqual(texts);
        expect(new Set(lines.map((l) => l.at))).toEqual(new Set(['2026-11-20T08:15:30.123456789Z']));
      },
    ),
    { numRuns: 60 },
  );
});

test('a line of a megabyte is cut and says so, and the next one is whole', async () => {
  const huge = Buffer.from(`${'x'.repeat(1_000_000)}\nnext\n`);
  const lines: LogLine[] = [];
  for await (const each of logLines(Readable.from([huge.subarray(0, 70_000), huge.subarray(70_000)], { objectMode: true }), 'p', 'c'))
    lines.push(each);
  expect(lines.map((l) => [l.line.length < 70_000, l.line.endsWith('[cut]'), l.line === 'next'])).toEqual([
    [true, true, false],
    [true, false, true],
  ]);
});
