import { expect, test } from 'vitest';
import type { TablePage } from '../../agents/contract/index.ts';
import { NO_ROWS, csvOf, sift, sorted, withPage } from './rows.ts';

const KIND: TablePage['kind'] = {
  apiVersion: 'v1',
  kind: 'Pod',
  resource: 'pods',
  singular: 'pod',
  shortNames: ['po'],
  categories: [],
  namespaced: true,
  verbs: ['list'],
};
type Cells = TablePage['rows'][number]['cells'];

function page(columns: readonly string[], rows: readonly Cells[], wide: readonly string[] = []): TablePage {
  return {
    kind: KIND,
    columns: columns.map((name) => ({ name, type: 'string', description: '', priority: wide.includes(name) ? 1 : 0 })),
    rows: rows.map((cells, i) => ({ context: 'a', namespace: 'shop', name: String(cells[0]), uid: String(i), cells })),
    next: null,
    remaining: null,
  };
}

test('cells of clusters with other columns stand under the same names, and what is wide is known', () => {
  const one = withPage(NO_ROWS, 'a', page(['Name', 'IP', 'Age'], [['x', '10.0.0.1', '5d']], ['IP']));
  const both = withPage(one, 'b', page(['Age', 'Name', 'Ready'], [['2h', 'y', '1/1']]));
  expect(both.columns).toEqual(['Name', 'IP', 'Age', 'Ready']);
  expect([...both.wide]).toEqual(['IP']);
  expect(both.rows.map((r) => [r.context, ...r.cells])).toEqual([
    ['a', 'x', '10.0.0.1', '5d'],
    ['b', 'y', null, '2h', '1/1'],
  ]);
  // What is not shown at first is not found.
  expect(sift(both.rows, '10.0')).toEqual([]);
});

test.each([
  [
    ['5d', '90s', '2h', '3m10s', '1y'],
    ['90s', '3m10s', '2h', '5d', '1y'],
  ],
  [
    ['web-10', 'web-9', 'Web-1'],
    ['Web-1', 'web-9', 'web-10'],
  ],
  [
    [10, 9, null, 100],
    [9, 10, 100, null],
  ],
])('%j in order', (cells, inOrder) => {
  const table = withPage(
    NO_ROWS,
    'a',
    page(
      ['Name', 'Value'],
      cells.map((c, i) => [`n${i}`, c]),
    ),
  );
  const values = (down: boolean) => sorted(table, table.rows, 'Value', down).map((r) => r.cells[1]);
  expect(values(false)).toEqual(inOrder);
  expect(values(true)).toEqual([...inOrder.filter((v) => v !== null).toReversed(), ...inOrder.filter((v) => v === null)]);
});

test('a row is found by words of any of its columns, whatever their capitals and their order', () => {
  const table = withPage(
    NO_ROWS,
    'a',
    page(
      ['Name', 'Status'],
      [
        ['cart', 'CrashLoopBackOff'],
        ['cart-2', 'Running'],
      ],
    ),
  );
  expect(sift(table.rows, 'crash  CART').map((r) => r.name)).toEqual(['cart']);
  expect(sift(table.rows, ' ')).toBe(table.rows);
  expect(sift(table.rows, 'nothing')).toEqual([]);
});

test('30,000 rows are sorted and sifted; how long that takes is printed', () => {
  const rows = Array.from({ length: 30_000 }, (_, i): Cells => [`web-${(i * 7_919) % 30_000}`, `${i % 400}m`]);
  const table = withPage(NO_ROWS, 'a', page(['Name', 'Age'], rows));
  const begun = performance.now();
  const byName = sorted(table, table.rows, 'Name', false);
  const then = performance.now();
  const found = sift(byName, 'web-1234');
  const [sortMs, siftMs] = [then - begun, performance.now() - then];
  process.stdout.write(`30,000 rows: sorted in ${sortMs.toFixed(0)} ms, sifted in ${siftMs.toFixed(0)} ms\n`);
  expect([byName[0]?.name, byName.at(-1)?.name, found[0]?.name, found.length]).toEqual(['web-0', 'web-29999', 'web-1234', 11]);
});

test('a file for spreadsheets keeps commas, quotes and lines in their fields, and runs no formula', () => {
  expect(
    csvOf(
      ['Name', 'Note'],
      [
        ['a,b', '=cmd()'],
        ['say "x"', '-5'],
        ['two\nlines', '+1 more'],
      ],
    ),
  ).toBe('Name,Note\r\n"a,b",\'=cmd()\r\n"say ""x""",-5\r\n"two\nlines",\'+1 more\r\n');
});
