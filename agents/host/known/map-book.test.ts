import { expect, test } from 'vitest';
import type { MapPart } from '../../contract/index.ts';
import { MapBook } from './map-book.ts';

const part = (
  whole: boolean,
  lines: readonly (readonly [name: string, pods: string | null, podHealth: string])[],
  gone: string[] = [],
): MapPart => ({
  context: 'c',
  whole,
  live: true,
  asOf: null,
  kinds: lines.length === 0 ? [] : ['Deployment'],
  namespaces: lines.length === 0 ? [] : ['shop'],
  in: lines.map(() => 0),
  kind: lines.map(() => 0),
  name: lines.map(([name]) => name),
  health: '0'.repeat(lines.length),
  state: lines.map(() => ''),
  pods: lines.map(([, pods]) => pods),
  podHealth: lines.map(([, , health]) => health),
  podState: lines.map(() => ''),
  gone,
  goneNamespaces: [],
});
const lines = (p: MapPart | undefined) =>
  p && { whole: p.whole, lines: p.name.map((name, i) => [name, p.pods[i], p.podHealth[i]]), gone: p.gone };

test('who comes late is told everything, then only what it has missed, as it is when it asks', () => {
  const book = new MapBook('c');
  const [slow, quick] = [{}, {}];
  book.open(quick);
  expect(book.read(quick)).toBeUndefined();
  book.take(
    part(true, [
      ['a', '-1/-2', '00'],
      ['b', '-1', '0'],
    ]),
  );
  expect(lines(book.read(quick))).toEqual({
    whole: true,
    lines: [
      ['a', '-1/-2', '00'],
      ['b', '-1', '0'],
    ],
    gone: [],
  });
  book.open(slow);
  expect(lines(book.read(slow))?.whole).toBe(true);

  book.take(part(false, [['a', null, '03']]));
  expect(lines(book.read(quick))).toEqual({ whole: false, lines: [['a', null, '03']], gone: [] });
  book.take(part(false, [['a', '-1/-2/-3', '030']]));
  book.take(part(false, [['a', null, '000']]));
  book.take(part(false, [], ['shop/Deployment/b']));
  const missed = { whole: false, lines: [['a', '-1/-2/-3', '000']], gone: ['shop/Deployment/b'] };
  expect(lines(book.read(quick))).toEqual(missed);
  expect(lines(book.read(slow))).toEqual(missed);
  expect(book.read(slow)).toBeUndefined();
});

test('what has gone and come back between two readings is there, with its names', () => {
  const book = new MapBook('c');
  const reader = {};
  book.take(part(true, [['a', '-1', '0']]));
  book.open(reader);
  book.read(reader);
  book.take(part(false, [], ['shop/Deployment/a']));
  book.take(part(false, [['a', '-9', '3']]));
  expect(lines(book.read(reader))).toEqual({ whole: false, lines: [['a', '-9', '3']], gone: [] });
});
