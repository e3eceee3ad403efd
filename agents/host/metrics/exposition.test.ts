import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Exposed, readExposition } from './exposition.ts';
import { eachItem } from './json-items.ts';

const read = async (text: string, type = 'text/plain', size = 7) => {
  const taken: Exposed[] = [];
  const bytes = Buffer.from(text);
  const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
  const reading = await readExposition(Readable.from(parts), type, { wants: () => true, take: (sample) => taken.push(sample) });
  return { taken, reading };
};

test('names, labels with everything that may stand in them, values and times, however the bytes are cut', async () => {
  const text = '# HELP a_total Things.\n# TYPE a_total counter\na_total{x="1",y="a\\"b\\\\c\\nd}é"} 1.5e3 1700000000000\nb NaN\nc{} +Inf\n';
  for (const size of [1, 2, 5, 1000]) {
    const { taken, reading } = await read(text, 'text/plain', size);
    expect(taken).toEqual([
      { name: 'a_total', labels: { x: '1', y: 'a"b\\c\nd}é' }, value: 1500, at: 1_700_000_000_000 },
      { name: 'b', labels: {}, value: NaN, at: undefined },
      { name: 'c', labels: {}, value: Infinity, at: undefined },
    ]);
    expect(reading).toEqual({ lines: 3, bad: 0, whole: true });
  }
});

test('OpenMetrics: seconds, examples, and an end without which it is not whole', async () => {
  const type = 'application/openmetrics-text; version=1.0.0';
  const line = 'h_bucket{le="1"} 3 1700000000.5 # {trace_id="x"} 0.5\n';
  expect((await read(`${line}# EOF\n`, type)).taken).toEqual([{ name: 'h_bucket', labels: { le: '1' }, value: 3, at: 1_700_000_000_500 }]);
  expect([(await read(`${line}# EOF\n`, type)).reading.whole, (await read(line, type)).reading.whole]).toEqual([true, false]);
});

test('lines that are none, a line of a megabyte and one cut in its midst are counted, and the others are read', async () => {
  const long = `x{a="${'y'.repeat(1_000_000)}"} 1\n`;
  const { taken, reading } = await read(`<html>\na 1\nb{x=1} 2\nc{x="1" 3\n${long}d 4\ne`, 'text/plain', 65_536);
  expect(taken.map((t) => t.name)).toEqual(['a', 'd']);
  expect(reading).toMatchObject({ bad: 5, whole: false });
});

test('items of a list are taken one by one, whatever their texts hold and wherever the bytes are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ name: fc.string(), list: fc.array(fc.string()) })),
      fc.integer({ min: 1, max: 50 }),
      async (items, size) => {
        const bytes = Buffer.from(JSON.stringify({ kind: 'List', metadata: { a: ['b'] }, items }));
        const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
        const taken: unknown[] = [];
        expect(await eachItem(Readable.from(parts), (item) => taken.push(item))).toBe(true);
        expect(taken).toEqual(items);
      },
    ),
    { numRuns: 200 },
  );
  expect(await eachItem(Readable.from([Buffer.from('{"items":[{"a":1},{"b"')]), () => undefined)).toBe(false);
  await expect(eachItem(Readable.from([Buffer.from('<html>')]), () => undefined)).rejects.toThrow('a page and no JSON');
});
