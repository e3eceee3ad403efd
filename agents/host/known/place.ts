import { createHash } from 'node:crypto';

/**
 * Where a context leads, as a short hash of the server's address and the authority that vouches for it. What is remembered of a context is
 * shown only while this stays the same: a name that now means another cluster starts empty.
 */
export function placeOf(cluster: {
  readonly server?: string | undefined;
  readonly 'certificate-authority-data'?: string | undefined;
  readonly 'certificate-authority'?: string | undefined;
  readonly 'proxy-url'?: string | undefined;
}): string {
  const text = JSON.stringify([
    cluster.server ?? '',
    cluster['certificate-authority-data'] ?? cluster['certificate-authority'] ?? '',
    cluster['proxy-url'] ?? '',
  ]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
