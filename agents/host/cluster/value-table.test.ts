import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ValueTable } from './value-table.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const sizes = (marks: ReadonlyMap<string, { readonly bytes: number }> | undefined) =>
  [...(marks ?? [])].map(([key, { bytes }]) => [key, bytes]);

test('sizes are those of the values themselves: of a Secret behind its base64, of text in UTF-8', () => {
  const table = new ValueTable();
  const secret = table.exchange('Secret', 'shop/s', { data: { password: base64('geheim'), empty: '' } });
  expect(sizes(secret?.after)).toEqual([
    ['password', 6],
    ['empty', 0],
  ]);
  const map = table.exchange('ConfigMap', 'shop/s', { data: { note: 'grün' }, binaryData: { logo: base64('12345') } });
  expect(sizes(map?.after)).toEqual([
    ['note', 5],
    ['logo', 5],
  ]);
});

test('what an object had is known until it is gone or all is forgotten; a Secret is not the ConfigMap of its name', () => {
  const table = new ValueTable();
  const put = (data?: Record<string, string>) =>
    sizes(table.exchange('Secret', 'shop/s', data === undefined ? undefined : { data })?.before);
  expect(put({ a: 'MQ==' })).toEqual([]);
  expect(sizes(table.exchange('ConfigMap', 'shop/s', { data: {} })?.before)).toEqual([]);
  expect(put({})).toEqual([['a', 1]]);
  expect(put({ b: 'MQ==' })).toEqual([]);
  expect(put()).toEqual([['b', 1]]);
  expect(put({ c: 'MQ==' })).toEqual([]);
  table.forget();
  expect(put({})).toEqual([]);
  expect(table.exchange('Service', 'shop/s', { data: { a: 'x' } })).toBeUndefined();
});

test('marks are the same for the same value alone, and hold nothing of it', () => {
  const value = fc.string({ minLength: 4, maxLength: 40 });
  fc.assert(
    fc.property(fc.stringMatching(/^[\w.-]{1,20}$/), value, value, (key, one, other) => {
      const table = new ValueTable();
      const mark = (text: string) => table.exchange('Secret', 's', { data: { [key]: text } });
      const first = mark(one)?.after.get(key);
      expect(mark(one)?.before.get(key)).toEqual(first);
      expect(mark(other)?.after.get(key)?.hash === first?.hash).toBe(one === other);
      expect(first?.hash).toMatch(/^[\w-]{11}$/);
      expect(first?.hash).not.toContain(one);
      // Not to be found by trying values.
      expect(createHash('sha256').update(one).digest('base64url')).not.toContain(first?.hash ?? '');
    }),
  );
});
