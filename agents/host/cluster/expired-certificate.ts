import { isIP } from 'node:net';
import { connect } from 'node:tls';
import type { KubeTarget } from './kubeconfig.ts';

/** Looks at the server's certificates without trusting them, to say which of the chain has ended and when. At most 3 s. */
export function findExpired(target: KubeTarget): Promise<string | undefined> {
  const server = new URL(target.cluster.server ?? '');
  const host = server.hostname.replace(/^\[|\]$/g, '');
  const name = target.cluster['tls-server-name'] ?? (isIP(host) === 0 ? host : '');
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(server.port || 443), servername: name, rejectUnauthorized: false, timeout: 3_000 });
    const done = (found: string | undefined): void => {
      socket.destroy();
      resolve(found);
    };
    socket.once('secureConnect', () => {
      let certificate = socket.getPeerX509Certificate();
      for (let depth = 0; certificate !== undefined && depth < 8; depth++) {
        if (certificate.validToDate.getTime() < Date.now()) {
          const whose = depth === 0 ? `the certificate of server ${server.host}` : `an authority of server ${server.host}`;
          return done(`${whose} (${certificate.subject.replaceAll('\n', ', ')}) expired on ${certificate.validToDate.toISOString()}.`);
        }
        certificate = certificate.issuerCertificate;
      }
      done(undefined);
    });
    socket.once('error', () => done(undefined));
    socket.once('timeout', () => done(undefined));
  });
}
