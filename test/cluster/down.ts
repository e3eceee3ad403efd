import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { processesIn, removeCgroups } from './cgroups.ts';
import { type Instance, instanceId, loadInstance, netOf, stateRoot } from './instance.ts';
import { removeNetwork } from './network.ts';
import { socketOf } from './node-config.ts';
import { marked, recorded, startOf, stop } from './processes.ts';
import { maybe, until } from './run.ts';

/** Ends everything of the instance, also what a killed predecessor left, and removes its folder. Doing it twice is fine. */
export async function takeDown(id = instanceId()): Promise<void> {
  // Names and folders come from the id alone, so that a lost record does not hide what it recorded.
  const instance: Instance = loadInstance(id) ?? { id, dir: join(stateRoot(), id), slot: 0, clusters: 0 };
  const { cgroup } = netOf(instance);
  // The kubelet first: it would start again what ends.
  await stop(instance.dir, 'kubelet');
  await Promise.all(recorded(instance.dir).map((name) => stop(instance.dir, name)));
  if (!(await until(() => killAll(instance) === 0, 15_000)))
    throw new Error(`These processes of ${instance.dir} do not end: ${[...processesOf(instance)].join(', ')}.`);
  for (const mount of mountsBelow(instance.dir)) maybe('umount', '-l', mount);
  removeNetwork(id);
  await removeCgroups(cgroup);
  const left = mountsBelow(instance.dir);
  // A recursive delete through a mount would empty what is mounted there.
  if (left.length > 0) throw new Error(`Still mounted, so nothing below ${instance.dir} was deleted: ${left.join(', ')}.`);
  rmSync(instance.dir, { recursive: true, force: true, maxRetries: 5 });
}

/** What carries the mark, what is in a container, and the shims, which name the instance's own socket. */
function processesOf(instance: Instance): Set<number> {
  const { cgroup } = netOf(instance);
  const all = [...marked(instance.dir), ...processesIn(cgroup), ...shims(socketOf(instance))];
  return new Set(all.filter((pid) => startOf(pid) !== undefined));
}

function killAll(instance: Instance): number {
  const pids = processesOf(instance);
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Gone already.
    }
  }
  return pids.size;
}

function shims(socket: string): number[] {
  return readdirSync('/proc')
    .filter((p) => /^\d+$/.test(p))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(socket);
      } catch {
        return false;
      }
    })
    .map(Number)
    .filter((pid) => pid !== process.pid);
}

/** Mounts of this namespace below a folder, deepest first. */
export function mountsBelow(
  dir: string,
  table = existsSync('/proc/self/mounts') ? readFileSync('/proc/self/mounts', 'utf8') : '',
): string[] {
  return table
    .split('\n')
    .map((l) => (l.split(' ')[1] ?? '').replaceAll(/\\(\d{3})/g, (_, code: string) => String.fromCharCode(parseInt(code, 8))))
    .filter((m) => m.startsWith(`${dir}/`))
    .sort((a, b) => b.length - a.length);
}
