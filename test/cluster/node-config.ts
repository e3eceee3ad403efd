import { join } from 'node:path';
import { stringify } from 'yaml';
import { PAUSE } from './images.ts';
import { type Instance, netOf, portsOf } from './instance.ts';
import { pkiDir } from './pki.ts';

/** What the node's programs are told. Every path is below the instance's folder: nothing is shared with another instance. */

export const socketOf = (instance: Pick<Instance, 'dir'>): string => join(instance.dir, 'containerd.sock');

/** @returns TOML. */
export function containerdConfig(instance: Instance): string {
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
[plugins."io.containerd.nri.v1.nri"]
  disable = true
[plugins."io.containerd.internal.v1.opt"]
  path = ${JSON.stringify(join(instance.dir, 'containerd', 'opt'))}
[plugins."io.containerd.cri.v1.images"]
  snapshotter = "overlayfs"
  [plugins."io.containerd.cri.v1.images".pinned_images]
    sandbox = ${JSON.stringify(PAUSE)}
`;
}

export function cniConfig(instance: Instance): string {
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

export function kubeletConfig(instance: Instance): string {
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
    volumePluginDir: join(instance.dir, 'kubelet', 'plugins-exec'),
    maxPods: 200,
    serializeImagePulls: false,
    evictionHard: { 'memory.available': '50Mi', 'nodefs.available': '1%', 'imagefs.available': '1%', 'nodefs.inodesFree': '1%' },
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    nodeStatusUpdateFrequency: '5s',
    syncFrequency: '10s',
    // How full volumes are is known within seconds, not within a minute.
    volumeStatsAggPeriod: '10s',
    crashLoopBackOff: { maxContainerRestartPeriod: '30s' },
    featureGates: { KubeletCrashLoopBackOffMax: true },
    logging: { verbosity: 1 },
  });
}
