import { expect, test } from 'vitest';
import { AGENTS } from '../../specialists/index.ts';
import { tgz } from './archives.ts';
import { type GivenRequest, diagnoseGiven } from './diagnose-given.ts';

const POD = `apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop, uid: u1, resourceVersion: '1', creationTimestamp: '2026-03-01T10:00:00Z' }
spec: { nodeName: n1, containers: [{ name: app, image: 'shop/web:1' }] }
status:
  phase: Pending
  conditions: [{ type: Ready, status: 'False', lastTransitionTime: '2026-03-01T10:00:00Z' }]
  containerStatuses:
    - { name: app, ready: false, restartCount: 0, image: 'shop/web:1', imageID: '', lastState: {}, state: { waiting: { reason: InvalidImageName, message: 'couldn''t parse image' } } }
`;
const look = async (files: readonly Partial<GivenRequest['files'][number]>[], more: Partial<GivenRequest> = {}) => {
  const all = files.map((f) => ({ name: 'pod.yaml', content: POD, encoding: 'utf8' as const, ...f }));
  const outcome = await diagnoseGiven(AGENTS, { files: all, namespaces: [], ...more }, Date.parse('2026-04-01T00:00:00Z'));
  if (!outcome.ok) return [outcome.failure.code, outcome.failure.message];
  return [outcome.value.context, outcome.value.incidents.map((i) => i.rootCause.resource.name)];
};

test('files that are sent are looked at like those that are read', async () => {
  expect(await look([{}])).toEqual(['pod.yaml', ['web']]);
  const content = tgz([{ name: 'bundle/pods/pod.yaml', text: POD }]).toString('base64');
  expect(
    await look([
      { name: 'bundle.tar.gz', content, encoding: 'base64' },
      { name: 'notes.yaml', content: 'a: 1' },
    ]),
  ).toEqual(['bundle.tar.gz and 1 more', ['web']]);
  expect(await look([{}], { namespaces: ['mall'] })).toEqual(['pod.yaml', []]);
  expect(await look([{}], { resource: 'po/wbe' })).toEqual(['not-found', 'There is no Pod wbe.']);
});

test('no path is read and nothing is unpacked without end', async () => {
  expect(await look([{ name: '/etc/hostname', content: 'kind: none' }])).toEqual([
    'bad-input',
    expect.stringContaining('there is no Kubernetes object in it'),
  ]);
  const content = tgz([{ name: 'a.json', text: ' '.repeat(40 * 2 ** 20) }]).toString('base64');
  expect(await look([{ name: 'bomb.tgz', content, encoding: 'base64' }])).toEqual([
    'bad-input',
    expect.stringMatching(/larger than 32 MiB|unpacks to more than/),
  ]);
});
