import { existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { binOf, program } from './build.ts';
import { PAUSE, imageTars } from './images.ts';
import { type Instance, netOf, portsOf } from './instance.ts';
import { NODE, componentKubeconfig, pkiDir } from './pki.ts';
import { maybe, must, start, until } from './run.ts';

/** The node: containerd, kubelet and kube-proxy inside the instance's network namespace. */

const socketOf = (instance: Pick<Instance, 'dir'>) => join(instance.dir, 'containerd.sock');
/** containerd keeps its state (and the mounts of running containers) here; short, because socket paths are. */
const CGROUPS = '/sys/fs/cgroup';

export function importImage(instance: Instance, tar: string): void {
  must(program('containerd', 'ctr'), '--address', socketOf(instance), '-n', 'k8s.io', 'images', 'import', tar);
}

function containerdConfig(instance: Instance): string {
  return `version = 3
root = ${JSON.stringify(join(instance.dir, 'containerd'))}
state = ${JSON.stringify(join(instance.dir, 'containerd-run'))}
[grpc]
  address = ${JSON.stringify(socketOf(instance))}
[ttrpc]
  address = ${JSON.stringify(`${socketOf(instance)}.ttrpc`)}
[plugins."io.containerd.cri.v1.runtime"]
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
  [plugins."io.containerd.cri.v1.runtime".cni]
    bin_dirs = ["/usr/lib/cni"]
    conf_dir = ${JSON.stringify(join(instance.dir, 'cni'))}
[plugins."io.containerd.cri.v1.images"]
  snapshotter = "overlayfs"
  [plugins."io.containerd.cri.v1.images".pinned_images]
    sandbox = ${JSON.stringify(PAUSE)}
`;
}

function cniConfig(instance: Instance): string {
  const { pods } = netOf(instance);
  const ipam = { type: 'host-local', ranges: [[{ subnet: pods }]], routes: [{ dst: '0.0.0.0/0' }], dataDir: join(instance.dir, 'ipam') };
  return JSON.stringify({
    cniVersion: '1.0.0',
    name: 'pods',
    plugins: [
      { type: 'bridge', bridge: 'cni0', isGateway: true, ipMasq: true, hairpinMode: true, ipam },
      { type: 'portmap', capabilities: { portMappings: true } },
    ],
  });
}

function kubeletConfig(instance: Instance): string {
  const net = netOf(instance);
  return stringify({
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: net.node,
    port: portsOf(instance).kubelet,
    healthzPort: 0,
    authentication: { x509: { clientCAFile: join(pkiDir(instance), 'ca.crt') }, webhook: { enabled: true }, anonymous: { enabled: false } },
    authorization: { mode: 'Webhook' },
    tlsCertFile: join(pkiDir(instance), 'kubelet.crt'),
    tlsPrivateKeyFile: join(pkiDir(instance), 'kubelet.key'),
    containerRuntimeEndpoint: `unix://${socketOf(instance)}`,
    cgroupDriver: 'cgroupfs',
    cgroupRoot: net.cgroup,
    failCgroupV1: false,
    failSwapOn: false,
    enforceNodeAllocatable: ['pods'],
    clusterDNS: [net.dns],
    clusterDomain: 'cluster.local',
    resolvConf: join(instance.dir, 'resolv.conf'),
    podLogsDir: join(instance.dir, 'pod-logs'),
    staticPodPath: '',
    maxPods: 200,
    serializeImagePulls: false,
    evictionHard: { 'memory.available': '50Mi', 'nodefs.available': '1%', 'imagefs.available': '1%', 'nodefs.inodesFree': '1%' },
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    nodeStatusUpdateFrequency: '5s',
    syncFrequency: '10s',
    crashLoopBackOff: { maxContainerRestartPeriod: '30s' },
    featureGates: { KubeletCrashLoopBackOffMax: true },
    logging: { verbosity: 1 },
  });
}

export async function startNode(instance: Instance): Promise<void> {
  const net = netOf(instance);
  for (const folder of ['cni', 'kubelet', 'pod-logs', 'containerd', 'containerd-run'])
    mkdirSync(join(instance.dir, folder), { recursive: true });
  for (const controller of readdirSync(CGROUPS))
    if (existsSync(join(CGROUPS, controller, 'cgroup.procs'))) makeCgroup(join(CGROUPS, controller, net.cgroup));
  writeFileSync(join(instance.dir, 'containerd.toml'), containerdConfig(instance));
  writeFileSync(join(instance.dir, 'cni', '10-pods.conflist'), cniConfig(instance));
  writeFileSync(join(instance.dir, 'kubelet.yaml'), kubeletConfig(instance));
  writeFileSync(join(instance.dir, 'resolv.conf'), 'nameserver 127.0.0.1\n');
  const env = { PATH: `${binOf('containerd')}:${process.env['PATH'] ?? ''}` };
  const inNode = { netns: net.netns, env };
  start(
    instance.dir,
    'containerd',
    [program('containerd', 'containerd'), '--config', join(instance.dir, 'containerd.toml'), '--log-level', 'warn'],
    inNode,
  );
  const ready = await until(() => maybe(program('containerd', 'ctr'), '--address', socketOf(instance), 'version'), 20_000, 100);
  if (!ready) throw new Error(`containerd did not start; see ${join(instance.dir, 'logs', 'containerd.log')}.`);
  for (const tar of imageTars()) importImage(instance, tar);
  const kubeconfig = componentKubeconfig(instance, 0, 'kubelet', net.host);
  start(
    instance.dir,
    'kubelet',
    [
      program('kubernetes', 'kubelet'),
      `--config=${join(instance.dir, 'kubelet.yaml')}`,
      `--kubeconfig=${kubeconfig}`,
      `--hostname-override=${NODE}`,
      `--node-ip=${net.node}`,
      `--root-dir=${join(instance.dir, 'kubelet')}`,
      `--cert-dir=${join(instance.dir, 'kubelet', 'pki')}`,
      '--node-labels=disk=ssd,topology.kubernetes.io/zone=zone-a',
    ],
    inNode,
  );
  start(
    instance.dir,
    'kube-proxy',
    [
      program('kubernetes', 'kube-proxy'),
      `--kubeconfig=${componentKubeconfig(instance, 0, 'proxy', net.host)}`,
      `--hostname-override=${NODE}`,
      `--cluster-cidr=${net.pods}`,
      '--proxy-mode=iptables',
      '--conntrack-max-per-core=0',
      '--conntrack-min=0',
      '--conntrack-tcp-timeout-established=0s',
      '--conntrack-tcp-timeout-close-wait=0s',
      '--healthz-bind-address=127.0.0.1:10256',
      '--metrics-bind-address=127.0.0.1:10249',
    ],
    inNode,
  );
}

/** A cpuset group is unusable until it has processors and memory nodes of its own (cgroup v1). */
function makeCgroup(path: string): void {
  mkdirSync(path, { recursive: true });
  for (const file of ['cpuset.cpus', 'cpuset.mems']) {
    const own = join(path, file);
    if (existsSync(own) && readFileSync(own, 'utf8').trim() === '') writeFileSync(own, readFileSync(join(path, '..', file)));
  }
}

/** Ends every process of the instance's containers, wherever it came from: they are those in its control groups, and their shims. */
export async function killContainers(instance: Pick<Instance, 'id' | 'dir' | 'slot'>): Promise<void> {
  const { cgroup } = netOf(instance);
  const inside = () =>
    cgroupTree(cgroup).flatMap((dir) =>
      existsSync(join(dir, 'cgroup.procs')) ? readFileSync(join(dir, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number) : [],
    );
  const shims = () =>
    readdirSync('/proc')
      .filter((p) => /^\d+$/.test(p))
      .map(Number)
      .filter((pid) => {
        try {
          return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(socketOf(instance));
        } catch {
          return false;
        }
      });
  await until(() => {
    const pids = [...new Set([...inside(), ...shims()])];
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // Gone already.
      }
    }
    return pids.length === 0;
  }, 15_000);
}

/** The instance's groups in every hierarchy, deepest first. */
function cgroupTree(cgroup: string): string[] {
  const roots = existsSync(CGROUPS)
    ? readdirSync(CGROUPS)
        .map((c) => join(CGROUPS, c, cgroup))
        .filter((d) => existsSync(d))
    : [];
  const walk = (dir: string): string[] => [
    ...readdirSync(dir, { withFileTypes: true })
      .filter((e) => e.isDirectory())
      .flatMap((e) => walk(join(dir, e.name))),
    dir,
  ];
  return roots.flatMap(walk);
}

export async function removeCgroups(instance: Pick<Instance, 'id' | 'slot'>): Promise<void> {
  await until(() => {
    for (const dir of cgroupTree(netOf(instance).cgroup)) {
      try {
        rmdirSync(dir);
      } catch {
        // A process in it is still ending.
      }
    }
    return cgroupTree(netOf(instance).cgroup).length === 0;
  }, 5_000);
}

/** Unmounts everything below the instance's folder, deepest first, and what containerd mounted for network namespaces. */
export function unmountAll(instance: Pick<Instance, 'dir'>): void {
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((l) => (l.split(' ')[1] ?? '').replaceAll('\\040', ' '))
    .filter((m) => m.startsWith(`${instance.dir}/`));
  for (const mount of mounts.sort((a, b) => b.length - a.length)) maybe('umount', '-l', mount);
}
