import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * One checkout, one instance: its own network namespace, ports, subnets, sockets and folder, so that clusters of several checkouts on
 * one machine do not meet. Everything an instance has is found from its record.
 */
export interface Instance {
  readonly id: string;
  /** State folder: certificates, logs, etcd, containerd, kubelet. Outside the tree. */
  readonly dir: string;
  /** Picks ports and subnets; unique among the instances of this machine. */
  readonly slot: number;
  readonly clusters: number;
}

export const stateRoot = (): string => join(process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state'), 'quarterdeck', 'cluster');

/** A name short enough for a network device (15 characters with `qd` and a suffix). */
export function instanceId(): string {
  const given = process.env['QUARTERDECK_CLUSTER_INSTANCE'];
  if (given !== undefined && given !== '') {
    if (!/^[a-z0-9]{1,8}$/.test(given))
      throw new Error(`QUARTERDECK_CLUSTER_INSTANCE is "${given}": use 1 to 8 lower-case letters and digits.`);
    return given;
  }
  return createHash('sha256')
    .update(resolve(import.meta.dirname, '..', '..'))
    .digest('hex')
    .slice(0, 8);
}

export function loadInstance(id = instanceId()): Instance | undefined {
  const file = join(stateRoot(), id, 'instance.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Instance) : undefined;
}

export function allInstances(): Instance[] {
  if (!existsSync(stateRoot())) return [];
  return readdirSync(stateRoot()).flatMap((id) => loadInstance(id) ?? []);
}

export function saveInstance(instance: Instance): void {
  mkdirSync(instance.dir, { recursive: true, mode: 0o700 });
  writeFileSync(join(instance.dir, 'instance.json'), JSON.stringify(instance));
}

export const SLOTS = 60;
/** Clusters an instance may have; each takes four ports of the instance's fifty. */
export const MOST_CLUSTERS = 8;

export interface Ports {
  readonly etcd: number;
  readonly etcdPeer: number;
  readonly kubelet: number;
  apiserver(cluster: number): number;
  controllers(cluster: number): number;
  scheduler(cluster: number): number;
  kwok(cluster: number): number;
}

export function portsOf({ slot }: Pick<Instance, 'slot'>): Ports {
  const base = 21_000 + slot * 50;
  return {
    etcd: base,
    etcdPeer: base + 1,
    kubelet: base + 2,
    apiserver: (n) => base + 10 + n,
    controllers: (n) => base + 20 + n,
    scheduler: (n) => base + 30 + n,
    kwok: (n) => base + 40 + n,
  };
}

/** Addresses of an instance. The link joins the host and the node's namespace; pods live behind the node. */
export function netOf({ id, slot }: Pick<Instance, 'id' | 'slot'>) {
  return {
    netns: `qd-${id}`,
    hostLink: `qd${id}h`,
    nodeLink: `qd${id}n`,
    host: `10.200.${slot}.1`,
    node: `10.200.${slot}.2`,
    link: `10.200.${slot}.0/30`,
    pods: `10.201.${slot}.0/24`,
    services: '10.96.0.0/16',
    dns: '10.96.0.10',
    cgroup: `/qd-${id}`,
  };
}

export const contextName = (id: string, cluster: number): string => `qd-${id}-${cluster + 1}`;
export const kubeconfigPath = (instance: Pick<Instance, 'dir'>): string => join(instance.dir, 'kubeconfig');

/** Every port an instance may come to need, also for clusters that are added later. */
export function allPorts(slot: number): number[] {
  const ports = portsOf({ slot });
  const each = Array.from({ length: MOST_CLUSTERS }, (_, n) => [
    ports.apiserver(n),
    ports.controllers(n),
    ports.scheduler(n),
    ports.kwok(n),
  ]);
  return [ports.etcd, ports.etcdPeer, ...each.flat()];
}

/** Networks the machine has routes to, as `ip route` prints them. */
export function routedNetworks(table: string): string[] {
  return table.split('\n').flatMap((line) => /^(?:\w+ )?(\d+\.\d+\.\d+\.\d+(?:\/\d+)?)(?: |$)/.exec(line)?.[1] ?? []);
}

const bitsOf = (address: string) => address.split('.').reduce((n, part) => n * 256 + Number(part), 0);

export function overlap(one: string, other: string): boolean {
  const [a = '', aLength = '32'] = one.split('/');
  const [b = '', bLength = '32'] = other.split('/');
  const size = 2 ** (32 - Math.min(Number(aLength), Number(bLength)));
  return Math.floor(bitsOf(a) / size) === Math.floor(bitsOf(b) / size);
}

/** A slot whose ports and networks are free and that no other recorded instance has. @throws when the machine has none left. */
export async function chooseSlot(taken: ReadonlySet<number>): Promise<number> {
  const routes = routedNetworks(execFileSync('ip', ['-4', 'route', 'show', 'table', 'all'], { encoding: 'utf8' }));
  for (let slot = 0; slot < SLOTS; slot++) {
    if (taken.has(slot)) continue;
    const { link, pods } = netOf({ id: '', slot });
    if (routes.some((r) => overlap(r, link) || overlap(r, pods))) continue;
    if ((await Promise.all(allPorts(slot).map(isFree))).every(Boolean)) return slot;
  }
  throw new Error(`All ${SLOTS} places for test clusters on this machine are taken. Take one down: npm run cluster -- down.`);
}

export function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen({ port, host: '0.0.0.0', exclusive: true }, () => server.close(() => done(true)));
  });
}
