import { X509Certificate, createPrivateKey } from 'node:crypto';
import { z } from 'zod';
import type { ProbeValue } from '../../contract/index.ts';
import { KINDS } from '../../contract/index.ts';
import { notAnApiServer } from '../cluster/failures.ts';
import { objectPath } from '../cluster/paths.ts';
import type { ProbeExecutor } from './executor.ts';

const SecretSchema = z.object({ data: z.record(z.string(), z.string()).nullish() });
const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
/** A server's certificate and those above it; more is a bundle of authorities. */
const MOST = 5;

/**
 * The public part of the certificates in a Secret. The Secret is read and forgotten here: of its key only whether it belongs to the
 * certificate is said.
 */
export const certificate: ProbeExecutor<'certificate'> = {
  type: 'certificate',
  cost: 'cheap',
  timeLimitMs: 8_000,
  needs: ({ namespace, secret }) => [{ verb: 'get', group: '', resource: 'secrets', namespace, name: secret }],
  run: async ({ namespace, secret, key }, { transport, signal }) => {
    const answer = await transport.get(objectPath(KINDS.Secret, secret, namespace), { signal });
    if (!answer.ok) return answer;
    const parsed = SecretSchema.safeParse(answer.value);
    if (!parsed.success) return { ok: false, failure: notAnApiServer(transport.where) };
    const text = (name: string) => Buffer.from(parsed.data.data?.[name] ?? '', 'base64').toString('latin1');
    return { ok: true, value: publicPart(text(key), text('tls.key')) };
  },
};

/** What is no certificate is left out: an empty list says that there is none. */
export function publicPart(pem: string, privateKey: string): ProbeValue<'certificate'> {
  const all = (pem.match(PEM) ?? []).slice(0, MOST).flatMap((text) => {
    try {
      return [new X509Certificate(text)];
    } catch {
      return [];
    }
  });
  return {
    certificates: all.map((c) => ({
      subject: oneLine(c.subject),
      issuer: oneLine(c.issuer),
      dnsNames: namesOf(c),
      notBefore: c.validFromDate.toISOString(),
      notAfter: c.validToDate.toISOString(),
      selfSigned: c.subject === c.issuer,
    })),
    keyMatches: matches(all[0], privateKey),
  };
}

const oneLine = (name: string) => name.split('\n').join(', ');

/** The names it is for; without any the common name, which clients no longer look at. */
function namesOf({ subjectAltName }: X509Certificate): string[] {
  return (subjectAltName ?? '')
    .split(', ')
    .flatMap((entry) => (entry.startsWith('DNS:') ? [entry.slice(4)] : entry.startsWith('IP Address:') ? [entry.slice(11)] : []));
}

function matches(certificate: X509Certificate | undefined, privateKey: string): boolean | null {
  if (certificate === undefined || privateKey === '') return null;
  try {
    return certificate.checkPrivateKey(createPrivateKey(privateKey));
  } catch {
    return false;
  }
}
