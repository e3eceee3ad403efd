import { expect, test } from 'vitest';
import { examine } from '../../testing/cluster.ts';
import { answering, refused } from '../../testing/refused.ts';
import { advised, planned, told } from '../../testing/told.ts';
import { satisfyPodSecurity } from '../remedies/satisfy-pod-security.ts';
import { podSecurityRefuses } from './pod-security-refuses.ts';

const namespace = (level?: string, name = 'shop') => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: level === undefined ? {} : { 'pod-security.kubernetes.io/enforce': level } },
});
const words =
  'pods "x" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "side" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "side" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "side" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "side" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")';
const good = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
};
const look = (objects: Parameters<typeof examine>[2], answers: Parameters<typeof answering>[0] = {}) =>
  examine([podSecurityRefuses], [satisfyPodSecurity], objects, answering(answers));

test('names every field of the container that breaks the level, and writes just those', () => {
  const spec = {
    containers: [
      { name: 'app', image: 'a', securityContext: good },
      { name: 'side', image: 'b', securityContext: { runAsUser: 7, capabilities: { drop: ['NET_RAW'] } } },
    ],
  };
  const report = look([namespace('restricted'), ...refused({ name: 'web', spec }, words)]);
  expect(told(report)).toEqual([
    'ADM-001 Deployment/shop/web spec.template.spec.containers[1].securityContext.allowPrivilegeEscalation affects web-r1: 1 pod cannot be created: namespace shop enforces Pod Security level restricted; container side must set allowPrivilegeEscalation=false, container side must drop ALL capabilities, container side must set runAsNonRoot=true and container side must set the seccomp profile RuntimeDefault',
  ]);
  const at = '/spec/template/spec/containers/1/securityContext';
  expect(planned(report)['ADM-001 Deployment/shop/web']?.[1]).toBe(
    `patch Deployment/shop/web add ${at}/allowPrivilegeEscalation false; test ${at}/capabilities/drop ["NET_RAW"]; replace ${at}/capabilities/drop ["ALL"]; add ${at}/runAsNonRoot true; add ${at}/seccompProfile {"type":"RuntimeDefault"}`,
  );
});

test('a StatefulSet whose events say it, with no securityContext anywhere', () => {
  const spec = { initContainers: [{ name: 'seed', image: 'a' }], containers: [{ name: 'app', image: 'a', securityContext: good }] };
  const report = look([namespace('restricted'), ...refused({ kind: 'StatefulSet', name: 'db', spec }, '')], { event: words });
  expect(planned(report)['ADM-001 StatefulSet/shop/db']?.[1]).toBe(
    `patch StatefulSet/shop/db add /spec/template/spec/initContainers/0/securityContext ${JSON.stringify({ allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } })}`,
  );
  expect(report.drafts[0]?.draft.because).toContain('needs runAsUser as well');
});

test('what has a reason only a person knows is advice: host paths, host ports, added capabilities', () => {
  const spec = {
    volumes: [{ name: 'logs', hostPath: { path: '/var/log' } }],
    containers: [
      { name: 'app', image: 'a', ports: [{ containerPort: 80, hostPort: 80 }], securityContext: { capabilities: { add: ['NET_ADMIN'] } } },
    ],
  };
  const text =
    'pods "x" is forbidden: violates PodSecurity "baseline:latest": hostPath volumes (volume "logs"), hostPort (container "app" uses hostPort 80), non-default capabilities (container "app" must not include "NET_ADMIN" in securityContext.capabilities.add)';
  const report = look([namespace('baseline'), ...refused({ name: 'web', spec }, text)]);
  expect(planned(report)).toEqual({});
  expect(Object.values(advised(report))[0]).toContain(
    'volume logs must not be a hostPath, container app must not use hostPort 80 and container app must not add NET_ADMIN',
  );
});

test('a violation in a field that is not kept is quoted, and no plan made', () => {
  const spec = { containers: [{ name: 'app', image: 'a', securityContext: good }] };
  const text = 'pods "x" is forbidden: violates PodSecurity "restricted:latest": forbidden sysctls (net.core.somaxconn)';
  const report = look([namespace('restricted'), ...refused({ name: 'web', spec }, text)]);
  expect(told(report)[0]).toContain('forbidden sysctls (net.core.somaxconn)');
  expect(planned(report)).toEqual({});
});

test('where neither events nor a rehearsal can be had, the fields say it, less surely', () => {
  const spec = { containers: [{ name: 'app', image: 'a' }] };
  const report = look([namespace('restricted'), ...refused({ kind: 'Job', name: 'load', spec }, '')]);
  expect(report.findings.map((f) => [f.subject.name, f.confidence < 0.7])).toEqual([['load', true]]);
  expect(report.incomplete.map((i) => i.what)).toContain('events of Job shop/load');
});

test('once the label is gone a rehearsal tells whether the cluster enforces the level by default', () => {
  const old = refused({ name: 'web', spec: { containers: [{ name: 'app', image: 'a' }] } }, words, '2026-03-01T11:30:00Z');
  expect(told(look([namespace(), ...old], { rehearsal: '' }))).toEqual([]);
  expect(told(look([namespace(), ...old], { rehearsal: words }))).toHaveLength(1);
});

test('silent where the level is not enforced any more, and for a workload that is not refused', () => {
  const spec = { containers: [{ name: 'app', image: 'a', securityContext: good }] };
  expect(told(look([namespace(), ...refused({ name: 'web', spec }, words)]))).toEqual([]);
  expect(told(look([namespace('restricted'), ...refused({ kind: 'StatefulSet', name: 'db', spec }, '')], { event: '' }))).toEqual([]);
});
