import type { Evidence, ProbeValue, ResourceRef } from '../../contract/index.ts';
import { names } from './scheduling-evidence.ts';

/** What renews certificates does so a month or a third of their life before; later than this it has failed. Milliseconds. */
const SOON_MS = 7 * 86_400_000;

/** What is wrong with a certificate that is to serve these hosts; undefined where it is as it should be. */
export function certificateFault(
  { certificates, keyMatches }: ProbeValue<'certificate'>,
  hosts: readonly string[],
  now: number,
): { readonly fault: string; readonly words: string; readonly soon: boolean } | undefined {
  const [own] = certificates;
  if (own === undefined) return { fault: 'none', words: 'is none that can be read', soon: false };
  const [from, until] = [Date.parse(own.notBefore), Date.parse(own.notAfter)];
  if (now > until) return { fault: 'expired', words: `expired at ${own.notAfter}`, soon: false };
  if (now < from) return { fault: 'early', words: `is valid only from ${own.notBefore} on`, soon: false };
  if (keyMatches === false) return { fault: 'key', words: 'does not belong to the key beside it (tls.key)', soon: false };
  const others = hosts.filter((host) => host !== '' && !own.dnsNames.some((pattern) => isFor(pattern, host)));
  if (others.length > 0)
    return { fault: 'host', words: `is not for ${names(others)}; it is for ${names(own.dnsNames) || 'no name'}`, soon: false };
  // A certificate that lives for a week is renewed within it.
  if (until - now < Math.min(SOON_MS, (until - from) / 10))
    return { fault: 'soon', words: `ends at ${own.notAfter} and has not been renewed`, soon: true };
  return undefined;
}

/** What a certificate says of itself, as the Secret has it. */
export const certificateEvidence = (secret: ResourceRef, own: ProbeValue<'certificate'>['certificates'][number] | undefined): Evidence => ({
  kind: 'probe',
  resource: secret,
  source: 'certificate',
  text:
    own === undefined
      ? 'no certificate in tls.crt'
      : `${own.subject}, from ${own.notBefore} until ${own.notAfter}, for ${names(own.dnsNames) || 'no name'}`,
});

/** `*.example.test` is for one label in front (RFC 6125, 6.4.3). */
export function isFor(pattern: string, host: string): boolean {
  const [a, b] = [pattern.toLowerCase(), host.toLowerCase()];
  return a === b || (a.startsWith('*.') && b.includes('.') && b.slice(b.indexOf('.')) === a.slice(1));
}
