import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { program } from './build.ts';
import { type Instance, MOST_CLUSTERS, contextName, kubeconfigPath, netOf, portsOf } from './instance.ts';

export const NODE = 'node-1';
export const pkiDir = (instance: Pick<Instance, 'dir'>): string => join(instance.dir, 'pki');

/** Certificates for ten years, made once for an instance: one authority, a server certificate and a few clients. */
export function makeCertificates(instance: Instance): void {
  const dir = pkiDir(instance);
  if (existsSync(join(dir, 'ca.crt'))) return;
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const { host, node } = netOf(instance);
  const leaves = [
    {
      file: 'apiserver',
      name: 'kube-apiserver',
      hosts: [
        '127.0.0.1',
        'localhost',
        host,
        '10.96.0.1',
        'kubernetes',
        'kubernetes.default',
        'kubernetes.default.svc',
        'kubernetes.default.svc.cluster.local',
      ],
    },
    { file: 'admin', name: 'quarterdeck-admin', groups: ['system:masters'] },
    { file: 'controller-manager', name: 'system:kube-controller-manager' },
    { file: 'scheduler', name: 'system:kube-scheduler' },
    { file: 'proxy', name: 'system:kube-proxy' },
    { file: 'kubelet', name: `system:node:${NODE}`, groups: ['system:nodes'], hosts: [NODE, node] },
    { file: 'kubelet-client', name: 'kube-apiserver-kubelet-client', groups: ['system:masters'] },
    { file: 'front-proxy', name: 'front-proxy-client' },
    { file: 'service-account', name: 'service-accounts' },
  ];
  execFileSync(program('pki', 'pki'), [dir], { input: JSON.stringify(leaves) });
}

const pem = (instance: Instance, file: string) => readFileSync(join(pkiDir(instance), file)).toString('base64');

function kubeconfig(instance: Instance, servers: readonly (readonly [name: string, server: string])[], client: string): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': servers[0]?.[0] ?? '',
    clusters: servers.map(([name, server]) => ({ name, cluster: { server, 'certificate-authority-data': pem(instance, 'ca.crt') } })),
    users: servers.map(([name]) => ({
      name,
      user: { 'client-certificate-data': pem(instance, `${client}.crt`), 'client-key-data': pem(instance, `${client}.key`) },
    })),
    contexts: servers.map(([name]) => ({ name, context: { cluster: name, user: name } })),
  });
}

/** For people and tests: every cluster of the instance, as administrator, over loopback. */
export function writeKubeconfig(instance: Instance): string {
  const ports = portsOf(instance);
  const servers = Array.from(
    { length: Math.min(instance.clusters, MOST_CLUSTERS) },
    (_, i) => [contextName(instance.id, i), `https://127.0.0.1:${ports.apiserver(i)}`] as const,
  );
  writeFileSync(kubeconfigPath(instance), kubeconfig(instance, servers, 'admin'), { mode: 0o600 });
  return kubeconfigPath(instance);
}

/** For a component of one cluster; the node's own components reach it over the link. */
export function componentKubeconfig(instance: Instance, cluster: number, client: string, host: string): string {
  const file = join(instance.dir, `${client}-${cluster + 1}.kubeconfig`);
  writeFileSync(file, kubeconfig(instance, [[client, `https://${host}:${portsOf(instance).apiserver(cluster)}`]], client), { mode: 0o600 });
  return file;
}
