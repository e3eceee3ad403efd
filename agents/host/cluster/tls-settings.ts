import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type SecureContext, createSecureContext, getCACertificates } from 'node:tls';
import type { Failure, Outcome } from '../../contract/index.ts';
import type { Credential } from './credential.ts';
import type { KubeTarget } from './kubeconfig.ts';

/** What decides whom a TLS connection trusts and who it says it is. */
export interface TlsSettings {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly servername: string | undefined;
  readonly verify: boolean;
}

/** The TLS settings of a target. Fails with `cluster-untrusted` where the file of the authority cannot be read. */
export async function tlsOf(target: KubeTarget, credential: Credential): Promise<Outcome<TlsSettings>> {
  const { cluster, context } = target;
  const data = cluster['certificate-authority-data'];
  const path = cluster['certificate-authority'];
  let ca: string | undefined = data === undefined ? undefined : Buffer.from(data, 'base64').toString('utf8');
  if (ca === undefined && path !== undefined) {
    try {
      ca = await readFile(path, 'utf8');
    } catch (error) {
      const failure: Failure = {
        code: 'cluster-untrusted',
        message: `Context ${context.name}: certificate-authority ${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}).`,
        hint: 'Check the path in the kubeconfig and your right to read the file.',
      };
      return { ok: false, failure };
    }
  }
  const verify = !cluster['insecure-skip-tls-verify'];
  return {
    ok: true,
    value: {
      ca: verify ? ca : undefined,
      cert: credential.certificate,
      key: credential.key,
      servername: cluster['tls-server-name'],
      verify,
    },
  };
}

let machine: SecureContext | undefined;
/** Trusts whom this machine trusts and shows no certificate. Made once: it takes some 50 ms to read all authorities. */
export function machineContext(): SecureContext {
  machine ??= createSecureContext({ ca: systemAuthorities() });
  return machine;
}

/**
 * One context for all connections with these settings; making it for each would parse the authorities each time. Fails where a
 * certificate or key is none, naming the field but nothing of what is in it.
 */
export function secureContextOf(name: string, { ca, cert, key, verify }: TlsSettings): Outcome<SecureContext> {
  if (ca === undefined && cert === undefined && key === undefined && verify) return { ok: true, value: machineContext() };
  // OpenSSL passes over what it cannot read here; every server would then be said to be untrusted.
  if (ca !== undefined && !isCertificate(ca))
    return {
      ok: false,
      failure: {
        code: 'cluster-untrusted',
        message: `Context ${name}: its certificate-authority holds no certificate that can be read.`,
        hint: 'Put the PEM certificate of the cluster’s authority there (base64-encoded in certificate-authority-data).',
      },
    };
  try {
    const context = createSecureContext({
      ...(ca === undefined ? (verify ? { ca: systemAuthorities() } : {}) : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
    });
    return { ok: true, value: context };
  } catch {
    return {
      ok: false,
      failure: {
        code: 'cluster-unauthorized',
        message: `Context ${name}: its client certificate or key cannot be read, or the two do not belong together.`,
        hint: 'Have both issued anew, or log in again.',
      },
    };
  }
}

function isCertificate(pem: string): boolean {
  try {
    new X509Certificate(pem);
    return pem.includes('-----BEGIN ');
  } catch {
    return false;
  }
}

let authorities: string[] | undefined;
/** Without an authority in the kubeconfig: those Node brings and those this machine trusts, as kubectl does. Read once, it is slow. */
export function systemAuthorities(): string[] {
  authorities ??= [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
  return authorities;
}
