import { expect, test } from 'vitest';
import { documentsOf } from './documents.ts';

const read = (text: string) => [...documentsOf(text)].map((d) => [d.line, d.ok ? d.value : d.because]);

test('documents come with the line they begin in; one that is wrong does not cost the others', () => {
  expect(
    read('# a remark\nkind: A\n---\n# nothing\n---\nkind: B\n  bad: [\n---\n{{- if .Values.on }}\nkind: D\n--- # behind\nkind: C\n...\n'),
  ).toEqual([
    [1, { kind: 'A' }],
    [6, expect.stringContaining('it is no YAML')],
    [expect.any(Number), expect.stringContaining('it is no YAML')],
    [11, { kind: 'C' }],
  ]);
});

test.each(['', '  '])('the items of a list come one by one (indented %j), each with its line', (pad) => {
  const item = (name: string, line = 'x: |\n  - a\n  - b') =>
    `${pad}- kind: Pod\n${pad}  name: ${name}\n${`${line}`.replaceAll(/^/gm, `${pad}  `)}\n`;
  const text = `apiVersion: v1\nitems:\n${item('a')}${item('b', 'x: "broken')}\n${item('c')}kind: List\nmetadata:\n  resourceVersion: ""\n`;
  const list = { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' } };
  const pod = (name: string) => ({ ...list, items: [{ kind: 'Pod', name, x: '- a\n- b\n' }] });
  expect(read(text)).toEqual([
    [3, pod('a')],
    [expect.any(Number), expect.stringContaining('it is no YAML')],
    [12, pod('c')],
  ]);
});

test('an empty list is one of no items', () => {
  expect(read('apiVersion: v1\nitems: []\nkind: List\n')).toEqual([[1, { apiVersion: 'v1', items: [], kind: 'List' }]]);
});

test('JSON values one after the other, with other text between them', () => {
  const text = '{\n  "a": "}\\"{"\n}\n==== words\n[1, 2]\n{"b": 1}\n{"c": \n';
  expect(read(text)).toEqual([
    [1, { a: '}"{' }],
    [5, [1, 2]],
    [6, { b: 1 }],
    [7, expect.stringContaining('it is no JSON')],
  ]);
});

test('objects in the logs between JSON values are no objects', () => {
  const log =
    '==== START logs for container app of pod shop/web-1 ====\n{"kind":"Pod","metadata":{"name":"made-up"}}\n==== END logs for container app of pod shop/web-1 ====\n';
  expect(read(`{"a": 1}\n${log}{"b": 2}\n`)).toEqual([
    [1, { a: 1 }],
    [5, { b: 2 }],
  ]);
});

test('aliases that unfold to a great deal are refused', () => {
  const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\n${'bcdefgh'
    .split('')
    .map((c, i) => `${c}: &${c} [${Array.from({ length: 9 }, () => `*${'abcdefgh'.charAt(i)}`).join(', ')}]`)
    .join('\n')}`;
  expect(read(bomb)).toEqual([[1, expect.stringContaining('alias')]]);
});
