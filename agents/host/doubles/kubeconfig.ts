import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes a kubeconfig into that folder, with a context, which is the current one, of one server; gives the path of the file. */
export function kubeconfigOf(dir: string, context: string, server: string, user: object = {}): string {
  mkdirSync(dir, { recursive: true });
  const path = join(dir, 'kubeconfig');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': context,
    clusters: [{ name: context, cluster: { server } }],
    users: [{ name: context, user }],
    contexts: [{ name: context, context: { cluster: context, user: context } }],
  };
  writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}
