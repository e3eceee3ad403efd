import { expect, test } from 'vitest';
import { groupByCause } from '../../../core/cause-graph.ts';
import { examine, workload } from '../../testing/cluster.ts';
import { answering, refused } from '../../testing/refused.ts';
import { advised, planned, told } from '../../testing/told.ts';
import { renewWebhookCertificate } from '../remedies/renew-webhook-certificate.ts';
import { restoreCalledService } from '../remedies/restore-called-service.ts';
import { podsRefused } from './pods-refused.ts';
import { secretDoesNotExist } from './secret-does-not-exist.ts';
import { webhookCannotBeCalled } from './webhook-cannot-be-called.ts';
import { webhookCertificateRefused } from './webhook-certificate-refused.ts';

type Raw = Record<string, unknown>;
const checks = [webhookCannotBeCalled, webhookCertificateRefused];
const look = (objects: readonly Raw[], answers: Parameters<typeof answering>[0] = {}) =>
  examine(checks, [restoreCalledService, renewWebhookCertificate], objects, answering(answers));

const hook = (more: Raw = {}, service: Raw = {}, kind = 'ValidatingWebhookConfiguration'): Raw => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind,
  metadata: { name: 'rules', creationTimestamp: '2026-03-01T11:00:00Z' },
  webhooks: [
    { name: 'rules.example.com', clientConfig: { caBundle: 'QQ==', service: { namespace: 'guard', name: 'guard', ...service } }, ...more },
  ],
});
const service = (name = 'guard', port = 443, selector: Raw = { app: 'guard' }): Raw => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'guard' },
  spec: { selector, ports: [{ port, targetPort: 8443 }] },
});
const READY = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
const guard = (status: Raw = READY, spec: Raw = { containers: [{ name: 'g', image: 'g' }] }) =>
  workload({ name: 'guard', namespace: 'guard', spec, status });
const words = (reason: string, at = 'guard.guard.svc:443') =>
  `Internal error occurred: failed calling webhook "rules.example.com": failed to call webhook: Post "https://${at}/v?timeout=5s": ${reason}`;
const shop = (reason: string, at?: string) => [
  ...refused({ name: 'web', spec: { containers: [{ name: 'app', image: 'a' }] } }, words(reason, at)),
  ...refused({ name: 'api', spec: { containers: [{ name: 'app', image: 'a' }] } }, words(reason, at)),
];

test('its Service is gone: one finding at the configuration, all whom it keeps out, and no plan to weaken it', () => {
  const report = look([hook(), ...shop('service "guard" not found')]);
  expect(told(report)).toEqual([
    'ADM-002 ValidatingWebhookConfiguration/rules webhooks[0].clientConfig.service.name affects guard, api, api-r1, web, web-r1: webhook rules.example.com of ValidatingWebhookConfiguration rules calls Service guard/guard, which does not exist, so 2 pods of Deployment api and Deployment web cannot be created',
  ]);
  expect(planned(report)).toEqual({});
  expect(Object.values(advised(report))[0]).toContain('Restore Service guard/guard');
});

test('a Service of a nearly equal name that serves was meant', () => {
  const report = look([hook({}, { name: 'gaurd' }), service(), ...guard(), ...shop('service "gaurd" not found', 'gaurd.guard.svc:443')]);
  expect(planned(report)['ADM-002 ValidatingWebhookConfiguration/rules']).toEqual([
    'Call Service guard instead of gaurd',
    'patch ValidatingWebhookConfiguration/rules test /webhooks/0/clientConfig/service/name "gaurd"; replace /webhooks/0/clientConfig/service/name "guard"',
  ]);
  expect(report.drafts[0]?.draft.atLeastRisk).toBe('high');
});

test('what is behind it is scaled to zero: the finding is there, and it is scaled up', () => {
  const zero = guard()
    .filter((o) => o['kind'] !== 'Pod')
    .map((o) => (o['kind'] === 'Deployment' ? { ...o, spec: { ...(o['spec'] as Raw), replicas: 0 } } : o));
  const report = look([
    hook({}, {}, 'MutatingWebhookConfiguration'),
    service(),
    ...zero,
    ...shop('no endpoints available for service "guard"'),
  ]);
  expect(told(report)[0]).toContain('ADM-002 Deployment/guard/guard spec.replicas affects rules, guard, api');
  expect(planned(report)['ADM-002 Deployment/guard/guard']).toEqual(['Scale Deployment guard from 0 to 1', 'scale Deployment/guard/guard']);
});

test('nothing behind it is ready: less sure, for the pods may have a cause of their own', () => {
  const report = look([hook(), service(), ...guard({}), ...shop('no endpoints available for service "guard"')]);
  expect(report.findings.map((f) => [f.subject.kind, f.confidence, f.affects.some((a) => a.kind === 'Service')])).toEqual([
    ['ValidatingWebhookConfiguration', 0.65, true],
  ]);
});

test('what is behind it has only just begun: it is given its time', () => {
  const begun = guard({}).map((o) =>
    o['kind'] === 'Pod' ? { ...o, metadata: { ...(o['metadata'] as Raw), creationTimestamp: '2026-03-01T11:59:56Z' } } : o,
  );
  expect(look([hook(), service(), ...begun, ...shop('no endpoints available for service "guard"')]).findings).toEqual([]);
});

test('what keeps the pods behind it from being ready is the one cause, and all whom it keeps out belong to it', () => {
  const waits = guard(
    { containerStatuses: [{ name: 'g', ready: false, restartCount: 0, state: { waiting: { reason: 'ContainerCreating' } } }] },
    {
      volumes: [{ name: 't', secret: { secretName: 'guard-tls' } }],
      containers: [{ name: 'g', image: 'g', volumeMounts: [{ name: 't', mountPath: '/t' }] }],
    },
  );
  const report = examine(
    [...checks, secretDoesNotExist, podsRefused],
    [],
    [hook(), service(), ...waits, ...shop('no endpoints available for service "guard"')],
    answering({}),
  );
  const incidents = groupByCause(report.findings, report.relations).map(([cause, symptoms]) => [
    cause.code,
    cause.subject.name,
    symptoms.map((s) => s.code),
  ]);
  expect(incidents).toEqual([[secretDoesNotExist.code, 'guard', ['ADM-002']]]);
});

test('a port the Service has not; one that is too late', () => {
  const port = look([hook({}, { port: 8443 }), service(), ...guard(), ...shop('no service port 8443 found for service "guard"')]);
  expect(planned(port)['ADM-002 ValidatingWebhookConfiguration/rules']?.[1]).toBe(
    'patch ValidatingWebhookConfiguration/rules test /webhooks/0/clientConfig/service/port 8443; replace /webhooks/0/clientConfig/service/port 443',
  );
  const late = look([hook(), service(), ...guard(), ...shop('context deadline exceeded')]);
  expect(told(late)[0]).toContain('does not answer in time (context deadline exceeded)');
  const plain = look([hook(), service(), ...guard(), ...shop('tls: first record does not look like a TLS handshake')]);
  expect(told(plain).map((t) => t.split(' ')[0])).toEqual(['ADM-002']);
  expect(told(plain)[0]).toContain('is answered by something that speaks no TLS');
});

test('from the objects alone: refused or not, a Service that is gone is said; not while it is young, loudly only where it closes', () => {
  expect(look([hook()]).findings.map((f) => f.severity)).toEqual(['medium']);
  expect(look([hook({ failurePolicy: 'Ignore' })]).findings.map((f) => f.severity)).toEqual(['low']);
  const young = hook();
  expect(look([{ ...young, metadata: { name: 'rules', creationTimestamp: '2026-03-01T11:59:57Z' } }]).findings).toEqual([]);
  expect(look([hook(), service(), ...guard({})]).findings).toEqual([]);
});

test('silent where it answers, and once a rehearsal shows that pods are let in', () => {
  expect(look([hook(), service(), ...guard()]).findings).toEqual([]);
  const old = refused({ name: 'web', spec: { containers: [] } }, words('context deadline exceeded'), '2026-03-01T11:50:00Z');
  expect(look([hook(), service(), ...guard(), ...old], { rehearsal: '' }).findings).toEqual([]);
  expect(look([hook(), service(), ...guard(), ...old], { rehearsal: words('EOF') }).findings[0]?.message).toContain('(EOF)');
});

test('an expired certificate is said of the one Secret that is mounted; another authority of the caBundle', () => {
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'guard-tls', namespace: 'guard' },
    data: { 'tls.crt': 'x', 'tls.key': 'y' },
  };
  const mounts = guard(READY, { volumes: [{ name: 't', secret: { secretName: 'guard-tls' } }], containers: [{ name: 'g', image: 'g' }] });
  const expired =
    'tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-03-01T12:00:00Z is after 2026-02-01T00:00:00Z';
  const report = look([hook(), service(), secret, ...mounts, ...shop(expired)]);
  expect(told(report).map((t) => t.split(' affects')[0])).toEqual(['ADM-003 Secret/guard/guard-tls data["tls.crt"]']);
  expect(told(report)[0]).toContain('is after 2026-02-01T00:00:00Z');
  expect(Object.values(advised(report))[0]).toContain('Renew the certificate in Secret guard/guard-tls');
  const unknown = look([
    hook(),
    service(),
    ...guard(),
    ...shop('tls: failed to verify certificate: x509: certificate signed by unknown authority'),
  ]);
  expect(told(unknown)[0]).toContain('ADM-003 ValidatingWebhookConfiguration/rules webhooks[0].clientConfig.caBundle');
  expect(told(unknown)[0]).toContain('the caBundle of webhook rules.example.com does not hold the authority');
  expect(told(unknown)).toHaveLength(1);
});

test('where the configuration cannot be found, the words stand for themselves, and less surely', () => {
  const [finding] = look(shop('service "guard" not found')).findings;
  expect([finding?.subject.kind, (finding?.confidence ?? 1) < 0.7]).toEqual(['Deployment', true]);
});
