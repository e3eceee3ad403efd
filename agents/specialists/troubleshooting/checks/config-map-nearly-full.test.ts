import { expect, test } from 'vitest';
import { configMap, examine } from '../../testing/cluster.ts';
import { told } from '../../testing/told.ts';
import { configMapNearlyFull } from './config-map-nearly-full.ts';

const look = (...objects: Record<string, unknown>[]) => told(examine([configMapNearlyFull], [], objects));
const kib = (n: number) => 'x'.repeat(n * 1024);

test('one that is nearly as large as it may be says how much room is left and what takes it', () => {
  expect(look(configMap('reports', { all: kib(950), index: kib(10) }))).toEqual([
    'CFM-002 ConfigMap/shop/reports data[all]: its values take 960 KiB, and a ConfigMap may take 1024: a change that adds 64 KiB will be refused; the largest key is all with 950 KiB',
  ]);
});

test('binary values count as they are, not as they are written', () => {
  const binary = (letters: number) => [{ ...configMap('image', {}), binaryData: { logo: 'A'.repeat(letters) } }];
  expect(look(...binary(1_100 * 1024))).toEqual([]);
  expect(look(...binary(1_300 * 1024))).toHaveLength(1);
});

test('one of ordinary size is silent', () => {
  expect(look(configMap('settings', { a: kib(800) }), configMap('empty', {}))).toEqual([]);
});
