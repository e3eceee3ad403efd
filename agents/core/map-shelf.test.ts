import { expect, test } from 'vitest';
import { HEALTHS, type Health, type MapPart } from '../contract/index.ts';
import { type MapKind, MapShelf } from './map-shelf.ts';
import { type PackedRow, columnsOf } from './row.ts';

const row = (
  kind: MapKind,
  name: string,
  { owner = '', health = 'ok' as Health, state = 'Running', namespace = 'shop' as string | null },
) => {
  const cells = columnsOf(kind).map((column) => (column === 'controlledBy' ? owner : ''));
  return [namespace, name, `uid-${name}`, 1, state, HEALTHS.indexOf(health), cells] satisfies PackedRow;
};
const shelf = () => {
  const it = new MapShelf();
  return Object.assign(it, {
    with: (kind: MapKind, name: string, more: Parameters<typeof row>[2] = {}) => it.put(kind, row(kind, name, more)),
    said: () => told(it.whole('c', true, null)),
    newly: () => {
      const part = it.news('c');
      return part === undefined ? undefined : { ...told(part), ...(part.gone.length === 0 ? {} : { gone: part.gone }) };
    },
  });
};
/** `Deployment shop/web: 0 2/2 ready [-a -b] 03 CrashLoopBackOff`. */
const told = (part: MapPart) => ({
  namespaces: part.namespaces,
  workloads: part.name.map((name, i) => {
    const of = `${part.kinds[part.kind[i] ?? -1] ?? '?'} ${part.namespaces[part.in[i] ?? -1] ?? '?'}/${name}`;
    return `${of}: ${part.health[i] ?? '?'} ${part.state[i] ?? '?'} [${part.pods[i]?.replaceAll('/', ' ') ?? 'as before'}] ${part.podHealth[i] ?? '?'} ${part.podState[i] ?? '?'}`.trim();
  }),
});

test('pods stand under what a person edits, however many owners are between, and in whichever order they are heard of', () => {
  const expected = {
    namespaces: ['shop'],
    workloads: ['CronJob shop/nightly: 0 Scheduled [-1-x] 0', 'Deployment shop/web: 1 1/2 ready [-1-a -1-b] 03 CrashLoopBackOff'],
  };
  const facts: (readonly [MapKind, string, Parameters<typeof row>[2]])[] = [
    ['Namespace', 'shop', { namespace: null }],
    ['Deployment', 'web', { health: 'progressing', state: '1/2 ready' }],
    ['CronJob', 'nightly', { state: 'Scheduled' }],
    ['Job', 'nightly-1', { owner: 'CronJob/nightly', state: 'Complete' }],
    ['ReplicaSet', 'web-1', { owner: 'Deployment/web', state: '1/2 ready' }],
    ['ReplicaSet', 'web-0', { owner: 'Deployment/web', state: '0/0 ready' }],
    ['Pod', 'web-1-b', { owner: 'ReplicaSet/web-1', health: 'fail', state: 'CrashLoopBackOff' }],
    ['Pod', 'web-1-a', { owner: 'ReplicaSet/web-1' }],
    ['Pod', 'nightly-1-x', { owner: 'Job/nightly-1', state: 'Completed' }],
  ];
  for (const order of [facts, facts.toReversed()]) {
    const it = shelf();
    for (const fact of order) it.with(...fact);
    const said = it.said();
    expect({ ...said, workloads: said.workloads.sort() }).toEqual(expected);
    expect(it.pods).toBe(3);
  }
});

test('owners nobody watches have a place by their name, a static pod and one that nobody owns are their own', () => {
  const it = shelf();
  it.with('ReplicaSet', 'site-1', { owner: 'Rollout/site' });
  it.with('ReplicaSet', 'site-0', { owner: 'Rollout/site' });
  it.with('Pod', 'site-1-a', { owner: 'ReplicaSet/site-1', health: 'warn', state: 'NotReady' });
  it.with('Pod', 'etcd-node-1', { owner: 'Node/node-1' });
  it.with('Pod', 'lonely');
  expect(it.said().workloads.sort()).toEqual([
    'Pod shop/etcd-node-1: 0  [=etcd-node-1] 0',
    'Pod shop/lonely: 0  [=lonely] 0',
    'Rollout shop/site: 2  [-1-a] 2 NotReady',
  ]);
});

test('what has changed is told once, names only where they changed, and what has gone by its key', () => {
  const it = shelf();
  it.with('Deployment', 'web', { state: '1/1 ready' });
  it.with('Pod', 'web-a', { owner: 'Deployment/web' });
  it.said();
  expect(it.newly()).toBeUndefined();
  it.with('Pod', 'web-a', { owner: 'Deployment/web' });
  expect(it.newly()).toBeUndefined();
  it.with('Pod', 'web-a', { owner: 'Deployment/web', health: 'fail', state: 'Error' });
  expect(it.newly()?.workloads).toEqual(['Deployment shop/web: 0 1/1 ready [as before] 3 Error']);
  it.with('Pod', 'web-b', { owner: 'Deployment/web' });
  expect(it.newly()?.workloads).toEqual(['Deployment shop/web: 0 1/1 ready [-a -b] 30 Error']);
  it.remove('Pod', 'shop/web-a');
  it.remove('Pod', 'shop/web-b');
  expect(it.newly()?.workloads).toEqual(['Deployment shop/web: 0 1/1 ready []']);
  it.remove('Deployment', 'shop/web');
  expect(it.newly()).toEqual({ namespaces: [], workloads: [], gone: ['shop/Deployment/web'] });
  expect(it.said().workloads).toEqual([]);
});

test('the pods of a StatefulSet are in the order of their numbers; a name that cannot be is made harmless', () => {
  const it = shelf();
  for (const n of [10, 9, 0]) it.with('Pod', `db-${n}`, { owner: 'StatefulSet/db' });
  it.with('Pod', 'a/b', { owner: 'DaemonSet/x', health: 'warn', state: 'a|b' });
  expect(it.said().workloads).toEqual(['StatefulSet shop/db: 0  [-0 -9 -10] 000', 'DaemonSet shop/x: 2  [=a%2Fb] 2 a b']);
});
