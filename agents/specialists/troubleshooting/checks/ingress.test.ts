import { expect, test } from 'vitest';
import { diagnose } from '../../../core/diagnose.ts';
import { storeFromYaml } from '../../testing/load.ts';
import { advised, planned, told } from '../../testing/told.ts';
import { correctValue } from '../remedies/correct-value.ts';
import { ingressBackendDoesNotExist } from './ingress-backend-does-not-exist.ts';
import { ingressClassDoesNotExist } from './ingress-class-does-not-exist.ts';
import { ingressPathTaken } from './ingress-path-taken.ts';
import { ingressPortWrong } from './ingress-port-wrong.ts';
import { ingressSecretDoesNotExist } from './ingress-secret-does-not-exist.ts';

const checks = [ingressBackendDoesNotExist, ingressClassDoesNotExist, ingressPathTaken, ingressPortWrong, ingressSecretDoesNotExist];
const agent = { id: 'test', title: '', description: '', icon: '', checks, remedies: [correctValue] };
const NOW = Date.parse('2026-03-01T12:00:00Z');

const ingress = (name: string, service: string, port: string, more = '') => `
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: ${name}, namespace: shop, creationTimestamp: 2026-03-01T10:00:00Z }
spec:
  ${more === '' ? 'ingressClassName: public' : more}
  rules:
    - host: ${name}.test
      http: { paths: [{ path: /, backend: { service: { name: ${service}, port: { ${port} } } } }] }
`;
const BASE = `
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { ports: [{ name: http, port: 80, targetPort: 8080 }, { name: admin, port: 81, targetPort: 8081 }] }
---
apiVersion: v1
kind: Service
metadata: { name: lonely, namespace: pay }
spec: { ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Secret
type: kubernetes.io/tls
metadata: { name: web-tls, namespace: shop }
data: { tls.crt: aaaa, tls.key: bbbb }
---
apiVersion: v1
kind: Secret
metadata: { name: half, namespace: shop }
data: { tls.crt: aaaa }
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: { name: public }
spec: { controller: example.test/ingress }
`;
const read = (yaml: string) => diagnose({ agent, store: storeFromYaml(BASE + yaml), facts: new Map(), now: NOW, version: 1 }).report;

test('a healthy Ingress is silent, by number, by name, with its own class and certificate', () => {
  const report = read(
    ingress('a', 'web', 'number: 80') +
      ingress('b', 'web', 'name: admin', 'ingressClassName: public\n  tls: [{ hosts: [b.test], secretName: web-tls }]'),
  );
  expect(report.findings).toEqual([]);
});

test('a Service that is not there: the near one is put in its place, another namespace is said, a stranger is left to a person', () => {
  const report = read(ingress('a', 'wbe', 'number: 80') + ingress('b', 'lonely', 'number: 80') + ingress('c', 'zzz', 'number: 80'));
  expect(told(report)).toEqual([
    'ING-001 Ingress/shop/a spec.rules[0].http.paths[0].backend.service.name: Service wbe, to which the Ingress sends, does not exist in shop; was web meant?',
    'ING-001 Ingress/shop/b spec.rules[0].http.paths[0].backend.service.name: Service lonely, to which the Ingress sends, does not exist in shop; there is one of that name in pay, which an Ingress cannot send to',
    'ING-001 Ingress/shop/c spec.rules[0].http.paths[0].backend.service.name: Service zzz, to which the Ingress sends, does not exist in shop; there are web',
  ]);
  expect(planned(report)).toEqual({
    'ING-001 Ingress/shop/a': [
      'Set name of Ingress a to web instead of wbe',
      'patch Ingress/shop/a test /spec/rules/0/http/paths/0/backend/service/name "wbe"; replace /spec/rules/0/http/paths/0/backend/service/name "web"',
    ],
  });
  expect(advised(report)['ING-001 Ingress/shop/c']).toBe('create the Service zzz, or send to one that exists');
});

test('a port the Service has not: the port of the pods means the Service port before it; a name nearly right is put right', () => {
  const report = read(ingress('a', 'web', 'number: 8081') + ingress('b', 'web', 'name: htpp') + ingress('c', 'web', 'number: 9'));
  expect(planned(report)).toMatchObject({
    'ING-002 Ingress/shop/a': ['Set number of Ingress a to 81 instead of 8081', expect.any(String)],
    'ING-002 Ingress/shop/b': ['Set name of Ingress b to http instead of htpp', expect.any(String)],
  });
  expect(told(report)[2]).toBe(
    'ING-002 Ingress/shop/c spec.rules[0].http.paths[0].backend.service.port.number: port 9 is none of Service web, so the Ingress has nothing to send to there; it has 80 (http) and 81 (admin)',
  );
});

test('a class that is not there, or none where none is the default', () => {
  const report = read(ingress('a', 'web', 'number: 80', 'ingressClassName: pulbic') + ingress('b', 'web', 'number: 80', 'tls: []'));
  expect(planned(report)).toEqual({
    'ING-003 Ingress/shop/a': [
      'Set ingressClassName of Ingress a to public instead of pulbic',
      'patch Ingress/shop/a test /spec/ingressClassName "pulbic"; replace /spec/ingressClassName "public"',
    ],
    'ING-003 Ingress/shop/b': ['Set ingressClassName of Ingress b to public', 'patch Ingress/shop/b add /spec/ingressClassName "public"'],
  });
});

test('a certificate that is not there, or only half; what is being made gets its time', () => {
  const tls = (secret: string) => `ingressClassName: public\n  tls: [{ hosts: [x.test], secretName: ${secret} }]`;
  const report = read(ingress('a', 'web', 'number: 80', tls('web-tsl')) + ingress('b', 'web', 'number: 80', tls('half')));
  expect(told(report)).toEqual([
    'ING-004 Ingress/shop/a spec.tls[0].secretName: Secret web-tsl for the TLS of x.test does not exist; was web-tls meant?',
    'ING-004 Ingress/shop/b spec.tls[0].secretName: Secret half for the TLS of x.test has no tls.key; make one of type kubernetes.io/tls with tls.crt and tls.key',
  ]);
  const fresh = ingress('a', 'web', 'number: 80', tls('made')).replace(
    '10:00:00Z }',
    '11:59:30Z, annotations: { cert-manager.io/issuer: x } }',
  );
  expect(read(fresh).findings).toEqual([]);
  expect(read(ingress('a', 'web', 'number: 80').replace('10:00:00Z', '11:59:59.500Z').replace('web, port', 'gone, port')).findings).toEqual(
    [],
  );
});

test('two Ingresses that want one host and path: the younger is told; who shares on purpose, has another class or sends to the same is not', () => {
  const younger = (more: string, service = 'web') =>
    ingress('b', service, 'number: 80', more).replace('host: b.test', 'host: a.test').replace('10:00:00Z }', '11:00:00Z }');
  const both = (second: string) => told(read(ingress('a', 'web', 'number: 80') + second)).filter((t) => t.startsWith('ING-006'));
  expect(both(younger('', 'other'))).toEqual([
    'ING-006 Ingress/shop/b spec.rules[0].host: host a.test with path / belongs to Ingress shop/a, which is older and sends it elsewhere, so what this one sends there is left out',
  ]);
  expect(both(younger('ingressClassName: inner', 'other'))).toEqual([]);
  expect(both(younger('', 'web'))).toEqual([]);
  expect(both(younger('', 'other').replace('path: /,', 'path: /b,'))).toEqual([]);
  for (const key of ['nginx.ingress.kubernetes.io/canary', 'alb.ingress.kubernetes.io/group.name', 'nginx.org/mergeable-ingress-type'])
    expect(both(younger('', 'other').replace('11:00:00Z }', `11:00:00Z, annotations: { ${key}: "x" } }`))).toEqual([]);
});
