import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { Api } from './api.ts';
import { program } from './build.ts';
import { type Instance, contextName, isFree, netOf, portsOf } from './instance.ts';
import { componentKubeconfig, pkiDir } from './pki.ts';
import { start } from './processes.ts';
import { awaiting, until } from './run.ts';

const AUDIT_POLICY = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [
    { level: 'None', userGroups: ['system:nodes'] },
    { level: 'None', users: ['system:kube-controller-manager', 'system:kube-scheduler', 'system:kube-proxy', 'system:apiserver'] },
    // What components write about objects, not what anybody wants of them; it would be most of the log.
    { level: 'None', resources: [{ group: '', resources: ['events', 'pods/status', 'pods/binding', 'nodes/status'] }] },
    { level: 'None', resources: [{ group: 'events.k8s.io' }, { group: 'coordination.k8s.io' }] },
    { level: 'Metadata', userGroups: ['system:serviceaccounts:kube-system'] },
    { level: 'Metadata', resources: [{ group: '', resources: ['secrets', 'configmaps'] }] },
    { level: 'Request', verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'] },
    { level: 'Metadata' },
  ],
};

/** One etcd serves all clusters of an instance, each under its own prefix. */
export async function startEtcd(instance: Instance): Promise<void> {
  const { etcd, etcdPeer } = portsOf(instance);
  await refuseTaken(etcd, 'etcd');
  const client = `http://127.0.0.1:${etcd}`;
  const peer = `http://127.0.0.1:${etcdPeer}`;
  start(instance.dir, 'etcd', [
    program('etcd', 'etcd'),
    '--name=one',
    `--data-dir=${join(instance.dir, 'etcd')}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=one=${peer}`,
    '--unsafe-no-fsync=true',
    '--log-level=warn',
  ]);
}

/** The API server of one cluster, on the host. */
export async function startApiServer(instance: Instance, cluster: number): Promise<void> {
  const ports = portsOf(instance);
  const net = netOf(instance);
  const port = ports.apiserver(cluster);
  await refuseTaken(port, 'the API server');
  const pki = (file: string) => join(pkiDir(instance), file);
  const policy = join(instance.dir, 'audit-policy.yaml');
  mkdirSync(join(instance.dir, 'logs'), { recursive: true });
  writeFileSync(policy, stringify(AUDIT_POLICY));
  const n = cluster + 1;
  start(instance.dir, `apiserver-${n}`, [
    program('kubernetes', 'kube-apiserver'),
    '--bind-address=0.0.0.0',
    `--secure-port=${port}`,
    `--advertise-address=${net.host}`,
    `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
    `--etcd-prefix=/cluster-${n}`,
    `--cert-dir=${pkiDir(instance)}`,
    `--tls-cert-file=${pki('apiserver.crt')}`,
    `--tls-private-key-file=${pki('apiserver.key')}`,
    `--client-ca-file=${pki('ca.crt')}`,
    `--kubelet-client-certificate=${pki('kubelet-client.crt')}`,
    `--kubelet-client-key=${pki('kubelet-client.key')}`,
    '--kubelet-preferred-address-types=InternalIP,Hostname',
    `--service-account-key-file=${pki('service-account.crt')}`,
    `--service-account-signing-key-file=${pki('service-account.key')}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-cluster-ip-range=${net.services}`,
    '--authorization-mode=Node,RBAC',
    '--allow-privileged=true',
    '--endpoint-reconciler-type=master-count',
    `--requestheader-client-ca-file=${pki('ca.crt')}`,
    '--requestheader-allowed-names=front-proxy-client',
    '--requestheader-username-headers=X-Remote-User',
    '--requestheader-group-headers=X-Remote-Group',
    '--requestheader-extra-headers-prefix=X-Remote-Extra-',
    `--proxy-client-cert-file=${pki('front-proxy.crt')}`,
    `--proxy-client-key-file=${pki('front-proxy.key')}`,
    '--enable-aggregator-routing=true',
    `--audit-policy-file=${policy}`,
    `--audit-log-path=${join(instance.dir, 'logs', `audit-${n}.log`)}`,
    '--audit-log-maxsize=50',
    '--audit-log-maxbackup=1',
    // A reset deletes thousands of fake pods in one request.
    '--delete-collection-workers=16',
    '--profiling=false',
  ]);
}

/** Controller manager and scheduler; they give up at once where the API server is not ready, so they are started after it. */
export function startControllers(instance: Instance, cluster: number): void {
  const ports = portsOf(instance);
  const pki = (file: string) => join(pkiDir(instance), file);
  const n = cluster + 1;
  const config = (client: string) => componentKubeconfig(instance, cluster, client, '127.0.0.1');
  start(instance.dir, `controller-manager-${n}`, [
    program('kubernetes', 'kube-controller-manager'),
    '--bind-address=127.0.0.1',
    '--leader-elect=false',
    '--profiling=false',
    `--secure-port=${ports.controllers(cluster)}`,
    `--kubeconfig=${config('controller-manager')}`,
    `--cert-dir=${pkiDir(instance)}`,
    `--authentication-kubeconfig=${config('controller-manager')}`,
    `--authorization-kubeconfig=${config('controller-manager')}`,
    `--service-account-private-key-file=${pki('service-account.key')}`,
    `--root-ca-file=${pki('ca.crt')}`,
    `--cluster-signing-cert-file=${pki('ca.crt')}`,
    `--cluster-signing-key-file=${pki('ca.key')}`,
    '--use-service-account-credentials=true',
    '--controllers=*,-node-ipam-controller',
    `--cluster-name=${contextName(instance.id, cluster)}`,
    '--node-monitor-grace-period=20s',
    '--horizontal-pod-autoscaler-sync-period=5s',
    // Without these a thousand pods take a minute to be made.
    '--kube-api-qps=300',
    '--kube-api-burst=600',
  ]);
  const scheduler = join(instance.dir, `scheduler-${n}.yaml`);
  writeFileSync(
    scheduler,
    stringify({
      apiVersion: 'kubescheduler.config.k8s.io/v1',
      kind: 'KubeSchedulerConfiguration',
      leaderElection: { leaderElect: false },
      enableProfiling: false,
      clientConnection: { kubeconfig: config('scheduler'), qps: 300, burst: 600 },
    }),
  );
  start(instance.dir, `scheduler-${n}`, [
    program('kubernetes', 'kube-scheduler'),
    `--config=${scheduler}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${ports.scheduler(cluster)}`,
    `--cert-dir=${pkiDir(instance)}`,
    `--authentication-kubeconfig=${config('scheduler')}`,
    `--authorization-kubeconfig=${config('scheduler')}`,
  ]);
}

/** Waits until the API server answers ready. @throws with the place of its log. */
export async function awaitApi(instance: Instance, cluster: number): Promise<Api> {
  const api = new Api(instance, cluster);
  const ready = await awaiting(async () => (await api.call('GET', '/readyz').catch(() => ({ status: 0 }))).status === 200, 60_000, 200);
  if (!ready)
    throw new Error(
      `The API server of ${contextName(instance.id, cluster)} was not ready within 60 s; see ${join(instance.dir, 'logs', `apiserver-${cluster + 1}.log`)}.`,
    );
  return api;
}

/** A port may be taken between the choice of the slot and now; then saying so is better than a program that dies in its log. */
export async function refuseTaken(port: number, what: string, patienceMs = 3_000): Promise<void> {
  if (!(await until(() => isFree(port), patienceMs)))
    throw new Error(`Port ${port}, needed for ${what}, is taken by another program. End it, or run: npm run cluster -- down`);
}
