import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { ActionSpec } from '../contract/index.ts';
import { sourcePatch } from './source-patch.ts';

const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
const flux = { by: 'Flux' as const, name: 'Kustomization flux-system/apps', putsBack: true, because: 'label' };

test('patches and scalings become a kustomization that patches the source; the tests of the live object stay behind', () => {
  const actions: ActionSpec[] = [
    {
      type: 'patch',
      target: web,
      ops: [
        { op: 'test', path: '/spec/a~1b', value: 'x: y' },
        { op: 'replace', path: '/spec/a~1b', value: 'z: "1"' },
      ],
    },
    { type: 'scale', target: web, replicas: 3 },
    { type: 'patch', target: { apiVersion: 'v1', kind: 'Service', name: 'web' }, ops: [{ op: 'remove', path: '/spec/x' }] },
  ];
  const text = sourcePatch(actions, [flux]) ?? '';
  expect(text).toContain('Flux Kustomization flux-system/apps');
  const { patches } = parse(text) as { patches: { target: object; patch: string }[] };
  expect(patches.map((p) => [p.target, parse(p.patch) as unknown])).toEqual([
    [
      { group: 'apps', version: 'v1', kind: 'Deployment', name: 'web', namespace: 'shop' },
      [{ op: 'replace', path: '/spec/a~1b', value: 'z: "1"' }],
    ],
    [
      { group: 'apps', version: 'v1', kind: 'Deployment', name: 'web', namespace: 'shop' },
      [{ op: 'replace', path: '/spec/replicas', value: 3 }],
    ],
    [{ version: 'v1', kind: 'Service', name: 'web' }, [{ op: 'remove', path: '/spec/x' }]],
  ]);
});

test('what has no place in a source is not written', () => {
  expect(sourcePatch([{ type: 'undo-rollout', target: web, revision: 2 }], [flux])).toBeUndefined();
  expect(
    sourcePatch(
      [
        { type: 'scale', target: web, replicas: 1 },
        { type: 'delete', target: web },
      ],
      [flux],
    ),
  ).toBeUndefined();
});
