import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { selfSigned, signedBy } from '../cluster/scripted-certificates.ts';
import { publicPart } from './certificate.ts';

function dir(): string {
  const made = mkdtempSync(join(tmpdir(), 'quarterdeck-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

test('names, times and whether the key belongs to it; nothing of the key itself', () => {
  const at = dir();
  const authority = selfSigned(at, 'authority');
  const server = signedBy(at, 'authority', 'server', 'DNS:shop.test,DNS:*.shop.test,IP:10.0.0.1');
  const value = publicPart(`${server.cert}\n${authority.cert}`, server.key);
  expect(value).toMatchObject({
    keyMatches: true,
    certificates: [
      { subject: 'CN=server', issuer: 'CN=authority', dnsNames: ['shop.test', '*.shop.test', '10.0.0.1'], selfSigned: false },
      { subject: 'CN=authority', selfSigned: true },
    ],
  });
  const [own] = value.certificates;
  expect(Date.parse(own?.notAfter ?? '') - Date.parse(own?.notBefore ?? '')).toBe(2 * 86_400_000);
  expect(JSON.stringify(value)).not.toContain('PRIVATE');
  expect(publicPart(server.cert, authority.key).keyMatches).toBe(false);
  expect(publicPart(server.cert, '').keyMatches).toBeNull();
});

test('what is no certificate is none, and a broken key does not match', () => {
  const { cert } = selfSigned(dir(), 'x');
  expect(publicPart('hello', '')).toEqual({ certificates: [], keyMatches: null });
  expect(publicPart('-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----', '').certificates).toEqual([]);
  expect(publicPart(cert, 'no key').keyMatches).toBe(false);
});
