import { expect, test } from 'vitest';
import { sample, storeOf } from './samples.ts';

const names = (objects: readonly { metadata: { name: string } }[]) => objects.map((o) => o.metadata.name);
const other = (name: string) => sample('ConfigMap', name, { metadata: { namespace: 'other' } });

test('objects are listed by key, in all namespaces or one', () => {
  const view = storeOf(sample('ConfigMap', 'b'), other('z'), sample('ConfigMap', 'a')).view<'ConfigMap'>();
  expect(names(view.list('ConfigMap'))).toEqual(['z', 'a', 'b']);
  expect(names(view.list('ConfigMap', 'shop'))).toEqual(['a', 'b']);
  expect(names(view.list('ConfigMap', 'nowhere'))).toEqual([]);
});

test('a list made before a change is not handed out after it', () => {
  const store = storeOf(sample('ConfigMap', 'a'));
  expect(names(store.view<'ConfigMap'>().list('ConfigMap', 'shop'))).toEqual(['a']);
  store.put(sample('ConfigMap', 'b'));
  expect(names(store.view<'ConfigMap'>().list('ConfigMap', 'shop'))).toEqual(['a', 'b']);
  store.remove('ConfigMap', 'shop/a');
  expect(names(store.view<'ConfigMap'>().list('ConfigMap'))).toEqual(['b']);
  store.clear('ConfigMap');
  expect([store.size, names(store.view<'ConfigMap'>().list('ConfigMap'))]).toEqual([0, []]);
});

test('what a gap covers is not complete', () => {
  const store = storeOf();
  store.setGaps([{ kind: 'Secret', namespace: 'shop', because: 'forbidden' }]);
  const view = store.view();
  expect([view.complete('Secret', 'shop'), view.complete('Secret', 'other'), view.complete('Secret'), view.complete('Pod')]).toEqual([
    false,
    true,
    false,
    true,
  ]);
});

test('20,000 pods in 200 namespaces are listed by namespace in a moment', () => {
  const store = storeOf();
  const pod = sample('Pod', 'p', { spec: {} });
  for (let i = 0; i < 20_000; i++) store.put({ ...pod, metadata: { ...pod.metadata, name: `p-${i}`, namespace: `ns-${i % 200}` } });
  const view = store.view<'Pod'>();
  const begun = process.threadCpuUsage();
  for (let i = 0; i < 200; i++) expect(view.list('Pod', `ns-${i}`)).toHaveLength(100);
  const { user, system } = process.threadCpuUsage(begun);
  expect((user + system) / 1000).toBeLessThan(1000);
});
