import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { withLock } from './lock.ts';
import { interruption, maybe, say } from './run.ts';

/** Builds the programs of a cluster from Go modules, once for each content of go.mod and go.sum, into a cache outside the tree. */

const GO = join(import.meta.dirname, 'go');
const VERSION = '1.37.2';
const versionFlags = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version']
  .flatMap((p) => [`-X ${p}.gitVersion=v${VERSION}`, `-X ${p}.gitMajor=1`, `-X ${p}.gitMinor=37`])
  .join(' ');

interface Module {
  readonly packages: readonly string[];
  readonly tags?: string;
  readonly ldflags?: string;
  /** Program name where it differs from the last part of the package. */
  readonly rename?: Readonly<Record<string, string>>;
}

const MODULES: Readonly<Record<string, Module>> = {
  pki: { packages: ['.'] },
  workload: { packages: ['.'] },
  etcd: { packages: ['go.etcd.io/etcd/server/v3'], rename: { server: 'etcd' } },
  containerd: {
    packages: ['containerd', 'containerd-shim-runc-v2', 'ctr'].map((p) => `github.com/containerd/containerd/v2/cmd/${p}`),
    tags: 'no_btrfs no_zfs no_devmapper',
  },
  kubernetes: {
    packages: ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubelet', 'kube-proxy'].map(
      (p) => `k8s.io/kubernetes/cmd/${p}`,
    ),
    ldflags: versionFlags,
  },
  coredns: { packages: ['github.com/coredns/coredns'] },
  'metrics-server': { packages: ['sigs.k8s.io/metrics-server/cmd/metrics-server'] },
  kwok: { packages: ['sigs.k8s.io/kwok/cmd/kwok'] },
};

const APT = {
  runc: 'runc',
  '/usr/lib/cni/bridge': 'containernetworking-plugins',
  iptables: 'iptables',
  conntrack: 'conntrack',
  ip: 'iproute2',
  nsenter: 'util-linux',
  '/bin/busybox': 'busybox-static',
  ipset: 'ipset',
  ethtool: 'ethtool',
  socat: 'socat',
  prometheus: 'prometheus',
} as const;

export const cacheRoot = (): string => join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'quarterdeck', 'cluster');

function contentOf(name: string): string {
  const hash = createHash('sha256').update(JSON.stringify(MODULES[name]));
  for (const file of readdirSync(join(GO, name)).sort()) hash.update(file).update(readFileSync(join(GO, name, file)));
  return hash.digest('hex').slice(0, 16);
}

/** Where a module's programs are, or will be. */
export const binOf = (name: string): string => join(cacheRoot(), `${name}-${contentOf(name)}`);
export const program = (name: string, file: string): string => join(binOf(name), file);

/** Names of modules that still have to be built. */
export const unbuilt = (): string[] => Object.keys(MODULES).filter((name) => !existsSync(binOf(name)));

/** Builds what is missing. A killed build leaves nothing half done; two at once wait for each other. */
export async function build(): Promise<void> {
  installPackages();
  const todo = unbuilt();
  if (todo.length === 0) return;
  if (!maybe('go', 'version')) throw new Error('Go is needed to build the test cluster and was not found. Install Go 1.26 or newer.');
  await withLock(join(cacheRoot(), 'lock'), 40 * 60_000, async () => {
    // With the lock held, nobody is building: what is half done is from one that was killed.
    for (const name of readdirSync(cacheRoot())) if (name.includes('.partial-')) rmSync(join(cacheRoot(), name), { recursive: true });
    for (const [i, name] of todo.entries()) {
      if (existsSync(binOf(name))) continue;
      say(`building ${name} (${i + 1} of ${todo.length})`);
      const begun = Date.now();
      await buildModule(name);
      say(`  done in ${Math.round((Date.now() - begun) / 1000)} s`);
    }
  });
}

async function buildModule(name: string): Promise<void> {
  const module = MODULES[name];
  if (module === undefined) throw new Error(`there is no module ${name}`);
  const target = binOf(name);
  const partial = `${target}.partial-${process.pid}`;
  mkdirSync(partial, { recursive: true });
  const args = [
    'build',
    '-ldflags',
    `-s -w ${module.ldflags ?? ''}`.trim(),
    ...(module.tags === undefined ? [] : ['-tags', module.tags]),
    '-o',
    `${partial}/`,
    ...module.packages,
  ];
  await go(args, join(GO, name));
  for (const [from, to] of Object.entries(module.rename ?? {})) renameSync(join(partial, from), join(partial, to));
  renameSync(partial, target);
}

function go(args: readonly string[], cwd: string): Promise<void> {
  const { signal } = interruption;
  return new Promise((done, fail) => {
    const child = spawn('go', args, { cwd, stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, CGO_ENABLED: '0' }, signal });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4_000)));
    child.on('error', fail);
    child.on('exit', (code) => (code === 0 ? done() : fail(new Error(`go ${args.join(' ')} failed in ${cwd}:\n${said}`))));
  });
}

function installPackages(): void {
  const missing = Object.entries(APT)
    .filter(([what]) => (what.startsWith('/') ? !existsSync(what) : !maybe('sh', '-c', `command -v ${what}`)))
    .map(([, name]) => name);
  if (missing.length === 0) return;
  say(`installing ${missing.join(', ')}`);
  if (!maybe('apt-get', 'install', '-y', ...missing) && !(maybe('apt-get', 'update') && maybe('apt-get', 'install', '-y', ...missing)))
    throw new Error(`These packages are needed and could not be installed: ${missing.join(', ')}. Install them and try again.`);
}
