import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { binOf, program } from './build.ts';
import { makeCgroups } from './cgroups.ts';
import { imageTars } from './images.ts';
import { type Instance, netOf } from './instance.ts';
import { cniConfig, containerdConfig, kubeletConfig, socketOf } from './node-config.ts';
import { NODE, componentKubeconfig } from './pki.ts';
import { pidOf, start } from './processes.ts';
import { awaiting, maybe, must } from './run.ts';

/** The node: containerd, kubelet and kube-proxy inside the instance's network namespace and one mount namespace of their own. */

/**
 * Folders whose place the programs have built in, and which two instances must not share. In the node's mount namespace each is a
 * folder of the instance. What containerd and kubelet mount is seen only there and goes when their last process has.
 */
const OWN_FOLDERS = ['/run/containerd', '/var/lib/cni', '/var/lib/kubelet', '/var/log/containers'];

const ENTER = `set -e
dir=$1; shift
for folder in ${OWN_FOLDERS.join(' ')}; do
  mkdir -p "$folder" "$dir/own$folder"
  mount --bind "$dir/own$folder" "$folder"
done
mount --bind "$dir/resolv.conf" /etc/resolv.conf || true
mount --make-rshared /
touch "$dir/own/entered"
exec "$@"`;

export function importImage(instance: Pick<Instance, 'dir'>, tar: string): void {
  must(program('containerd', 'ctr'), '--address', socketOf(instance), '-n', 'k8s.io', 'images', 'import', tar);
}

function writeConfigs(instance: Instance): void {
  for (const folder of ['cni', 'kubelet', 'pod-logs', 'containerd', 'containerd-run'])
    mkdirSync(join(instance.dir, folder), { recursive: true });
  writeFileSync(join(instance.dir, 'containerd.toml'), containerdConfig(instance));
  writeFileSync(join(instance.dir, 'cni', '10-pods.conflist'), cniConfig(instance));
  writeFileSync(join(instance.dir, 'kubelet.yaml'), kubeletConfig(instance));
  // Nobody listens there, so a name that the cluster does not know, such as a registry's, fails at once instead of after a minute.
  writeFileSync(join(instance.dir, 'resolv.conf'), 'nameserver 127.0.0.1\n');
}

export async function startNode(instance: Instance): Promise<void> {
  const { dir } = instance;
  const net = netOf(instance);
  makeCgroups(net.cgroup);
  writeConfigs(instance);
  const path = `${binOf('containerd')}:${process.env['PATH'] ?? ''}`;
  const inNetwork = ['nsenter', `--net=/run/netns/${net.netns}`];
  // A program that does nothing holds the mount namespace, so that each of the others can end and be started again.
  const holder = [
    'unshare',
    '--mount',
    '--propagation',
    'private',
    '--',
    'sh',
    '-c',
    ENTER,
    'sh',
    dir,
    program('workload', 'workload'),
    'pause',
  ];
  start(dir, 'mounts', [...inNetwork, '--', ...holder]);
  const entered = await awaiting(() => existsSync(join(dir, 'own', 'entered')), 10_000, 20);
  const pid = pidOf(dir, 'mounts');
  if (!entered || pid === undefined) throw new Error(`The node's mounts could not be made; see ${join(dir, 'logs', 'mounts.log')}.`);
  const inNode = [...inNetwork, `--mount=/proc/${pid}/ns/mnt`, '--'];
  const containerd = [program('containerd', 'containerd'), '--config', join(dir, 'containerd.toml'), '--log-level', 'warn'];
  start(dir, 'containerd', [...inNode, ...containerd], path);
  if (!(await awaiting(() => maybe(program('containerd', 'ctr'), '--address', socketOf(instance), 'version'), 20_000, 100)))
    throw new Error(`containerd did not start; see ${join(dir, 'logs', 'containerd.log')}.`);
  for (const tar of imageTars()) importImage(instance, tar);
  start(dir, 'kubelet', [...inNode, ...kubelet(instance)], path);
  start(dir, 'kube-proxy', [...inNode, ...kubeProxy(instance)], path);
}

function kubelet(instance: Instance): string[] {
  const { host, node } = netOf(instance);
  return [
    program('kubernetes', 'kubelet'),
    `--config=${join(instance.dir, 'kubelet.yaml')}`,
    `--kubeconfig=${componentKubeconfig(instance, 0, 'kubelet', host)}`,
    `--hostname-override=${NODE}`,
    `--node-ip=${node}`,
    `--root-dir=${join(instance.dir, 'kubelet')}`,
    `--cert-dir=${join(instance.dir, 'kubelet', 'pki')}`,
    '--node-labels=disk=ssd,topology.kubernetes.io/zone=zone-a',
  ];
}

function kubeProxy(instance: Instance): string[] {
  const { host, pods } = netOf(instance);
  return [
    program('kubernetes', 'kube-proxy'),
    `--kubeconfig=${componentKubeconfig(instance, 0, 'proxy', host)}`,
    `--hostname-override=${NODE}`,
    `--cluster-cidr=${pods}`,
    '--proxy-mode=iptables',
    '--conntrack-max-per-core=0',
    '--conntrack-min=0',
    '--conntrack-tcp-timeout-established=0s',
    '--conntrack-tcp-timeout-close-wait=0s',
    '--healthz-bind-address=127.0.0.1:10256',
    '--metrics-bind-address=127.0.0.1:10249',
  ];
}
