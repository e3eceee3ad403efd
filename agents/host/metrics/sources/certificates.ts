import { z } from 'zod';
import { KINDS } from '../../../contract/index.ts';
import type { ClusterSession } from '../../cluster/cluster-session.ts';
import { objectPath } from '../../cluster/paths.ts';
import type { ReadOnlyTransport } from '../../cluster/transport.ts';
import { publicPart } from '../../probes/certificate.ts';
import type { Turn } from '../turn.ts';
import { all } from './objects.ts';

/** When the certificates of TLS Secrets end. A Secret is read once a version, its public part is looked at, and it is forgotten. */

const SecretSchema = z.object({ data: z.object({ 'tls.crt': z.string().default('') }) });
const MOST = 200;
/** Read in one turn; the others come in the next ones. */
const AT_ONCE = 10;

export class Certificates {
  /** Seconds since 1970 by Secret, for the version it was read in; NaN where there is no certificate, or none may be read. */
  #ends = new Map<string, { readonly version: string; readonly end: number }>();

  async read(turn: Turn, session: Pick<ClusterSession, 'keys' | 'object'>, reads: ReadOnlyTransport): Promise<void> {
    const known = new Map<string, { readonly version: string; readonly end: number }>();
    let left = AT_ONCE;
    for (const { metadata, type } of all(session, 'Secret')) {
      if (type !== 'kubernetes.io/tls' || known.size >= MOST) continue;
      const { namespace = '', name: secret, resourceVersion: version } = metadata;
      const key = `${namespace}/${secret}`;
      let its = this.#ends.get(key);
      if (its?.version !== version && left-- > 0) its = { version, end: await endOf(turn, reads, namespace, secret) };
      if (its === undefined) continue;
      known.set(key, its);
      if (Number.isFinite(its.end)) turn.put('certificate_expires_timestamp_seconds', { namespace, secret }, its.end);
    }
    this.#ends = known;
  }
}

async function endOf(turn: Turn, reads: ReadOnlyTransport, namespace: string, secret: string): Promise<number> {
  const answer = await reads.get(objectPath(KINDS.Secret, secret, namespace), { signal: turn.signal, use: 'metrics' });
  const { data } = SecretSchema.safeParse(answer.ok ? answer.value : {});
  const pem = Buffer.from(data?.data['tls.crt'] ?? '', 'base64').toString('latin1');
  return Date.parse(publicPart(pem, '').certificates[0]?.notAfter ?? '') / 1000;
}
