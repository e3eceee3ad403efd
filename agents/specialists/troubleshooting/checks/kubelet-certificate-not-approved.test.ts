import { expect, test } from 'vitest';
import { examine } from '../../testing/cluster.ts';
import { node } from '../../testing/places.ts';
import { advised, told } from '../../testing/told.ts';
import { correctValue } from '../remedies/correct-value.ts';
import { kubeletCertificateNotApproved } from './kubelet-certificate-not-approved.ts';
import { nodeNotReady } from './node-not-ready.ts';

type Raw = Record<string, unknown>;
const request = (name: string, more: { signer?: string; answer?: string; at?: string; user?: string } = {}): Raw => ({
  apiVersion: 'certificates.k8s.io/v1',
  kind: 'CertificateSigningRequest',
  metadata: { name, creationTimestamp: more.at ?? '2026-03-01T11:00:00Z' },
  spec: { signerName: more.signer ?? 'kubernetes.io/kubelet-serving', username: more.user ?? 'system:node:worker-1', request: 'eA==' },
  status: more.answer === undefined ? {} : { conditions: [{ type: more.answer, status: 'True' }] },
});
const look = (...objects: Raw[]) => examine([kubeletCertificateNotApproved], [correctValue], [node('worker-1'), ...objects]);

test('requests of kubelets that nobody approves, each signer by itself, at the newest', () => {
  const client = request('csr-c', { signer: 'kubernetes.io/kube-apiserver-client-kubelet', user: 'system:bootstrap:abcdef' });
  const report = look(request('csr-a'), request('csr-b', { at: '2026-03-01T11:20:00Z' }), client);
  expect(told(report)).toEqual([
    'NOD-008 CertificateSigningRequest/csr-b - affects worker-1: 2 requests of worker-1 for a certificate by kubernetes.io/kubelet-serving wait to be approved: until then logs, exec and metrics of its pods fail with a TLS error',
    'NOD-008 CertificateSigningRequest/csr-c -: 1 request of system:bootstrap:abcdef for a certificate by kubernetes.io/kube-apiserver-client-kubelet waits to be approved: until then it cannot join the cluster, or will fall out of it when its certificate ends',
  ]);
  expect(advised(report)['NOD-008 CertificateSigningRequest/csr-b']).toContain('kubectl certificate approve csr-b');
});

test.each([
  ['has just been made', [request('csr-a', { at: '2026-03-01T11:59:30Z' })]],
  ['was approved', [request('csr-a', { answer: 'Approved' })]],
  ['was denied', [request('csr-a', { answer: 'Denied' })]],
  ['is older than one that was approved', [request('csr-a'), request('csr-b', { at: '2026-03-01T11:20:00Z', answer: 'Approved' })]],
  ['is nobody’s kubelet', [request('csr-a', { signer: 'example.com/clients', user: 'ann' })]],
])('silent about one that %s', (_, objects) => {
  expect(look(...objects).findings).toEqual([]);
});

test('a node that is not heard of while its kubelet waits to be let in is the symptom of that', () => {
  const silent = {
    ...node('worker-1'),
    status: { conditions: [{ type: 'Ready', status: 'Unknown', lastTransitionTime: '2026-03-01T11:30:00Z' }] },
  };
  const roles = (signer: string) =>
    examine([kubeletCertificateNotApproved, nodeNotReady], [], [silent, request('csr-a', { signer })]).findings.map((f) => [
      f.code,
      f.role,
    ]);
  expect(roles('kubernetes.io/kube-apiserver-client-kubelet')).toEqual([
    ['NOD-008', 'cause'],
    ['NOD-001', 'symptom'],
  ]);
  expect(roles('kubernetes.io/kubelet-serving')).toContainEqual(['NOD-001', 'cause']);
});
