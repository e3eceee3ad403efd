import { expect, test } from 'vitest';
import type { Fact, Probe, ProbeValue } from '../../../contract/index.ts';
import { container, ended, examine, logs, running, secret, waiting, workload } from '../../testing/cluster.ts';
import { advised, told } from '../../testing/told.ts';
import { correctValue } from '../remedies/correct-value.ts';
import { servedCertificateUnfit } from './served-certificate-unfit.ts';

type Raw = Record<string, unknown>;
type Certificate = ProbeValue<'certificate'>['certificates'][number];
const good: Certificate = {
  subject: 'CN=orders',
  issuer: 'CN=ca',
  dnsNames: ['orders.shop.svc', 'orders'],
  notBefore: '2026-01-01T00:00:00.000Z',
  notAfter: '2026-12-01T00:00:00.000Z',
  selfSigned: false,
};
const crashed: Raw = {
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'False' }],
  containerStatuses: [container('app', waiting('CrashLoopBackOff'), { restartCount: 2, lastState: ended(1) })],
};
const well: Raw = {
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'True' }],
  containerStatuses: [container('app', running(), { ready: true })],
};
const tls = { volumes: [{ name: 't', secret: { secretName: 'orders-tls' } }] };
const app = { containers: [{ name: 'app', image: 'a' }] };
const SERVED: Raw[] = [
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'orders', namespace: 'shop' },
    spec: { selector: { app: 'orders' }, ports: [{ port: 443 }] },
  },
  secret('orders-tls', { 'tls.crt': 'x', 'tls.key': 'x' }),
];
const look = (objects: readonly Raw[], line: string, certificate: Partial<Certificate> = {}, keyMatches = true) =>
  examine([servedCertificateUnfit], [correctValue], [...SERVED, ...objects], (probe: Probe): Fact =>
    probe.type === 'certificate'
      ? { ok: true, value: { certificates: [{ ...good, ...certificate }], keyMatches } }
      : logs('starting', line),
  );
const called = [
  ...workload({ name: 'orders', spec: { ...app, ...tls }, status: well }),
  ...workload({ name: 'client', spec: app, status: crashed }),
];
const WRONG_NAME =
  'Post "https://orders.shop.svc/v1": tls: failed to verify certificate: x509: certificate is valid for orders.old.svc, not orders.shop.svc';

test('a client refuses the certificate of a Service that is for another name, or over: the Secret behind it is the cause', () => {
  const report = look(called, WRONG_NAME, { dnsNames: ['orders.old.svc'] });
  expect(told(report)[0]).toContain(
    'TLS-001 Secret/shop/orders-tls data["tls.crt"] affects client, client-r1-x, orders: the certificate with which Deployment orders serves is not for orders.shop.svc; it is for orders.old.svc, so Deployment client, which calls it as orders.shop.svc, refuses it',
  );
  expect(Object.values(advised(report))[0]).toContain('put a certificate for orders.shop.svc into Secret orders-tls');
  const over = look(called, "SSLError: certificate verify failed: certificate has expired (host='orders')", {
    notAfter: '2026-02-01T00:00:00.000Z',
  });
  expect(told(over)[0]).toContain('serves expired at 2026-02-01T00:00:00.000Z');
});

test('a server that ends over its own certificate', () => {
  const own = workload({ name: 'orders', spec: { ...app, ...tls }, status: crashed });
  const line = '[emerg] SSL_CTX_use_PrivateKey("/tls/tls.key") failed (SSL: error:05800074:x509 certificate routines::key values mismatch)';
  expect(told(look(own, line, {}, false))[0]).toContain(
    'Deployment orders serves does not belong to the key beside it (tls.key), so container app ends',
  );
});

test('silent where the certificate is as it should be, or the log speaks of something else', () => {
  expect(look(called, WRONG_NAME).findings).toEqual([]);
  expect(look(called, 'fatal: no route to orders', { dnsNames: ['x'] }).findings).toEqual([]);
  expect(look(called, 'x509: certificate is valid for a.example, not b.example', { dnsNames: ['x'] }).findings).toEqual([]);
});
