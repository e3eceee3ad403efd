import { MessageChannel } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { creditedWriter, readCredited } from './credited-port.ts';

test('values arrive in order and end with the last', async () => {
  const { port1, port2 } = new MessageChannel();
  const writer = creditedWriter<number>(port1);
  const writing = (async () => {
    for (let n = 0; n < 100; n++) await writer.write(n);
    writer.end();
  })();
  const got: number[] = [];
  for await (const item of readCredited<number>(port2)) if (item.ok) got.push(item.value);
  await writing;
  expect(got).toEqual(Array.from({ length: 100 }, (_, n) => n));
});

test('a slow reader holds the writer back, also where two write at once', async () => {
  const { port1, port2 } = new MessageChannel();
  const writer = creditedWriter<number>(port1);
  let written = 0;
  const write = async (): Promise<void> => {
    for (let n = 0; n < 25; n++) {
      await writer.write(n);
      written++;
    }
  };
  const writing = Promise.all([write(), write()]);
  const reader = readCredited<number>(port2);
  await reader.next();
  // Whatever can still be written has been when the loop has turned a few times.
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(written).toBeLessThan(10);
  void (async () => {
    for (let n = 0; n < 49; n++) await reader.next();
  })();
  await writing;
  expect(written).toBe(50);
  await reader.return();
});

test('a reader that stops ends the work of the writer', async () => {
  const { port1, port2 } = new MessageChannel();
  const writer = creditedWriter<number>(port1);
  let written = 0;
  const writing = (async () => {
    while (await writer.write(written)) written++;
  })();
  for await (const item of readCredited<number>(port2)) if (item.ok && item.value === 3) break;
  await writing;
  expect(writer.signal.aborted).toBe(true);
  expect(written).toBeLessThan(10);
});

test('a failure is the last word; a writer that dies is a failure too', async () => {
  const first = new MessageChannel();
  creditedWriter<number>(first.port1).end({ code: 'not-found', message: 'There is no pod.' });
  const words: unknown[] = [];
  for await (const item of readCredited<number>(first.port2)) words.push(item);
  expect(words).toEqual([{ ok: false, failure: { code: 'not-found', message: 'There is no pod.' } }]);

  const second = new MessageChannel();
  second.port1.close();
  for await (const item of readCredited<number>(second.port2)) words.push(item.ok);
  expect(words.at(-1)).toBe(false);
});

test('a signal ends the reading without a word', async () => {
  const { port1, port2 } = new MessageChannel();
  const writer = creditedWriter<number>(port1);
  const stop = new AbortController();
  const reading = (async () => {
    for await (const item of readCredited<number>(port2, stop.signal)) expect(item.ok).toBe(true);
  })();
  await writer.write(1);
  stop.abort();
  await reading;
  await expect.poll(() => writer.signal.aborted).toBe(true);
});
