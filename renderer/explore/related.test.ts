import { expect, test } from 'vitest';
import type { Relation, ResourceRef } from '../../agents/contract/index.ts';
import { groupsAround } from './related.ts';

const ref = (kind: string, name: string): ResourceRef => ({ apiVersion: 'v1', kind, namespace: 'shop', name });
const pod = ref('Pod', 'web-1');
const deployment = ref('Deployment', 'web');
const edges: readonly Relation[] = [
  { from: pod, type: 'ownedBy', to: deployment },
  { from: ref('Pod', 'web-2'), type: 'ownedBy', to: deployment },
  { from: ref('Service', 'web'), type: 'selects', to: deployment },
  { from: deployment, type: 'references', to: ref('Secret', 'key') },
];

test('a pod is said with what its owner has to do with others, and through whom', () => {
  expect(
    groupsAround(pod, edges).map(({ words, refs }) => [words, refs.map((r) => `${r.ref.kind}/${r.ref.name} ${r.of ?? ''}`.trim())]),
  ).toEqual([
    ['Made by', ['Deployment/web']],
    ['Selected by', ['Service/web Deployment web']],
    ['Names', ['Secret/key Deployment web']],
  ]);
});

test('an owner is said with what it has made, each once and in the order of people', () => {
  const many: readonly Relation[] = [...edges, ...edges, { from: ref('Pod', 'web-10'), type: 'ownedBy', to: deployment }];
  expect(groupsAround(deployment, many).map(({ words, refs }) => [words, refs.map((r) => r.ref.name)])).toEqual([
    ['Has made', ['web-1', 'web-2', 'web-10']],
    ['Selected by', ['web']],
    ['Names', ['key']],
  ]);
});
