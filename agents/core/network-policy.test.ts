import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type KubeObject, project } from '../contract/index.ts';
import { type Peer, allows, deniedBetween, policiesOn } from './network-policy.ts';

const policy = (spec: object, namespace = 'shop'): KubeObject<'NetworkPolicy'> =>
  project('NetworkPolicy', { metadata: { name: 'p', namespace }, spec: { podSelector: {}, ...spec } });
const peer = (app: string, namespace = 'shop', ip?: string): Peer => ({
  namespace,
  namespaceLabels: { name: namespace },
  labels: { app },
  ip,
});
const http = { protocol: 'TCP', number: 8080, names: ['http'] };
const web = peer('web');
const db = peer('db');

test('without a policy everything is allowed; one that selects denies what it does not allow, in its direction only', () => {
  expect(deniedBetween([], web, db, http)).toBeUndefined();
  const closed = policy({ podSelector: { matchLabels: { app: 'db' } }, policyTypes: ['Ingress'] });
  expect(deniedBetween([closed], web, db, http)).toMatchObject({ direction: 'Ingress', policies: [closed] });
  expect(deniedBetween([closed], db, web, http)).toBeUndefined();
  expect(deniedBetween([policy({ policyTypes: ['Ingress'] }, 'pay')], web, db, http)).toBeUndefined();
});

test.each<[string, object, boolean]>([
  ['any peer', { ingress: [{}] }, true],
  ['a pod of its namespace', { ingress: [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }] }] }, true],
  ['another pod', { ingress: [{ from: [{ podSelector: { matchLabels: { app: 'api' } } }] }] }, false],
  ['a namespace', { ingress: [{ from: [{ namespaceSelector: { matchLabels: { name: 'shop' } } }] }] }, true],
  [
    'a pod of another namespace',
    { ingress: [{ from: [{ namespaceSelector: { matchLabels: { name: 'pay' } }, podSelector: {} }] }] },
    false,
  ],
  ['the port', { ingress: [{ ports: [{ port: 8080 }] }] }, true],
  ['the port by name', { ingress: [{ ports: [{ port: 'http' }] }] }, true],
  ['another port', { ingress: [{ ports: [{ port: 80 }] }] }, false],
  ['a range of ports', { ingress: [{ ports: [{ port: 8000, endPort: 9000 }] }] }, true],
  ['the port of another protocol', { ingress: [{ ports: [{ port: 8080, protocol: 'UDP' }] }] }, false],
  ['addresses', { ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] }, true],
  ['addresses but these', { ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }] }] }, false],
  ['all addresses', { ingress: [{ from: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }] }, true],
])('allowing %s', (_what, spec, allowed) => {
  const from = peer('web', 'shop', '10.1.2.3');
  expect(deniedBetween([policy({ policyTypes: ['Ingress'], ...spec })], from, db, http) === undefined).toBe(allowed);
});

test('policies add up: more of them never deny what one of them allows', () => {
  const some = fc.array(
    fc.record({
      ingress: fc.array(
        fc.record({
          ports: fc.array(fc.record({ port: fc.constantFrom(80, 8080, 'http'), protocol: fc.constantFrom('TCP', 'UDP') }), {
            maxLength: 2,
          }),
        }),
        { maxLength: 2 },
      ),
    }),
    { maxLength: 4 },
  );
  fc.assert(
    fc.property(some, some, (a, b) => {
      const [first, both] = [a, [...a, ...b]].map((specs) =>
        policiesOn(
          specs.map((s) => policy({ ...s, policyTypes: ['Ingress'] })),
          db,
          'Ingress',
        ),
      );
      return !allows(first ?? [], 'Ingress', web, http) || allows(both ?? [], 'Ingress', web, http);
    }),
  );
});
