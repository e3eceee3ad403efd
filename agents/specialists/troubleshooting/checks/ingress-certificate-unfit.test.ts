import { expect, test } from 'vitest';
import { type Fact, type ProbeValue, probeKey } from '../../../contract/index.ts';
import { diagnose } from '../../../core/diagnose.ts';
import { storeFromYaml } from '../../testing/load.ts';
import { isFor } from '../certificate-faults.ts';
import { ingressCertificateUnfit } from './ingress-certificate-unfit.ts';

const agent = { id: 'test', title: '', description: '', icon: '', checks: [ingressCertificateUnfit], remedies: [] };
const NOW = Date.parse('2026-03-01T12:00:00Z');
const YAML = `
apiVersion: v1
kind: Secret
type: kubernetes.io/tls
metadata: { name: door, namespace: shop, resourceVersion: '7' }
data: { tls.crt: aaaa, tls.key: bbbb }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: front, namespace: shop }
spec: { tls: [{ hosts: [shop.test, www.shop.test], secretName: door }], rules: [] }
`;
const days = (n: number) => new Date(NOW + n * 86_400_000).toISOString();
type Own = ProbeValue<'certificate'>['certificates'][number];

function said(own: Partial<Own> | undefined, keyMatches: boolean | null = true): readonly string[] {
  const whole: Own = {
    subject: 'CN=x',
    issuer: 'CN=y',
    dnsNames: ['shop.test', '*.shop.test'],
    notBefore: days(-30),
    notAfter: days(60),
    selfSigned: false,
  };
  const fact: Fact = { ok: true, value: { certificates: own === undefined ? [] : [{ ...whole, ...own }], keyMatches } };
  const facts = new Map([[probeKey({ type: 'certificate', namespace: 'shop', secret: 'door', key: 'tls.crt', revision: '7' }), fact]]);
  return diagnose({ agent, store: storeFromYaml(YAML), facts, now: NOW, version: 1 }).report.findings.map(
    (f) => `${f.severity}: ${f.message}`,
  );
}

test('a certificate that is valid for its hosts stays without a word, also a short-lived one in its time', () => {
  expect(said({})).toEqual([]);
  expect(said({ notBefore: days(-2), notAfter: days(5) })).toEqual([]);
  expect(said({}, null)).toEqual([]);
});

test.each<[string, Partial<Own> | undefined, boolean, string]>([
  ['expired', { notAfter: days(-1) }, true, `high: the certificate in Secret door expired at ${days(-1)}`],
  ['not valid yet', { notBefore: days(1) }, true, `high: the certificate in Secret door is valid only from ${days(1)} on`],
  ['another key', {}, false, 'high: the certificate in Secret door does not belong to the key beside it (tls.key)'],
  ['other hosts', { dnsNames: ['shop.test'] }, true, 'high: the certificate in Secret door is not for www.shop.test; it is for shop.test'],
  ['about to end', { notAfter: days(2) }, true, `medium: the certificate in Secret door ends at ${days(2)} and has not been renewed`],
  ['none', undefined, true, 'high: the certificate in Secret door is none that can be read'],
])('%s', (_what, own, key, words) => {
  expect(said(own, key)).toEqual([words]);
});

test('a wildcard is for one label in front', () => {
  expect(['a.shop.test', 'shop.test', 'a.b.shop.test', 'A.Shop.Test'].map((host) => isFor('*.shop.test', host))).toEqual([
    true,
    false,
    false,
    true,
  ]);
});
