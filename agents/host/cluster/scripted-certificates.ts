import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Certificates for tests, made by the machine's openssl in a folder of the test's. */

export interface Pair {
  readonly key: string;
  readonly cert: string;
}

function openssl(dir: string, ...args: string[]): void {
  const { status, stderr } = spawnSync('openssl', args, { cwd: dir, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

const read = (dir: string, name: string): Pair => ({
  key: readFileSync(join(dir, `${name}.key`), 'utf8'),
  cert: readFileSync(join(dir, `${name}.pem`), 'utf8'),
});

/** `names` as `DNS:api.internal,IP:127.0.0.1`. Its own authority. */
export function selfSigned(dir: string, name: string, names?: string): Pair {
  const more = names === undefined ? [] : ['-addext', `subjectAltName=${names}`];
  const made = ['-newkey', 'rsa:2048', '-nodes', '-keyout', `${name}.key`, '-out', `${name}.pem`, '-subj', `/CN=${name}`, '-days', '2'];
  openssl(dir, 'req', '-x509', ...made, ...more);
  return read(dir, name);
}

/** Signed by one that `selfSigned` has made in the same folder. */
export function signedBy(dir: string, authority: string, name: string, names?: string): Pair {
  const more = names === undefined ? [] : ['-addext', `subjectAltName=${names}`];
  openssl(dir, 'req', '-newkey', 'rsa:2048', '-nodes', '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`, ...more);
  const signing = ['-CA', `${authority}.pem`, '-CAkey', `${authority}.key`, '-CAcreateserial', '-copy_extensions', 'copy'];
  openssl(dir, 'x509', '-req', '-in', `${name}.csr`, ...signing, '-out', `${name}.pem`, '-days', '2');
  return read(dir, name);
}

/** As a kubeconfig has it in its `-data` fields. */
export const dataOf = (pem: string): string => Buffer.from(pem).toString('base64');
