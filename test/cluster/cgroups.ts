import { existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './run.ts';

/** The control groups of an instance: one at the top of every hierarchy (version 1), or of the only one (version 2). */

const ROOT = '/sys/fs/cgroup';

function hierarchies(): string[] {
  if (existsSync(join(ROOT, 'cgroup.controllers'))) return [ROOT];
  if (!existsSync(ROOT)) return [];
  return readdirSync(ROOT)
    .map((name) => join(ROOT, name))
    .filter((dir) => existsSync(join(dir, 'cgroup.procs')));
}

export function makeCgroups(cgroup: string): void {
  for (const hierarchy of hierarchies()) {
    const path = join(hierarchy, cgroup);
    mkdirSync(path, { recursive: true });
    // In version 1 a cpuset group is unusable until it has processors and memory nodes of its own.
    for (const file of ['cpuset.cpus', 'cpuset.mems']) {
      const own = join(path, file);
      const above = join(hierarchy, file);
      if (existsSync(own) && existsSync(above) && readFileSync(own, 'utf8').trim() === '') writeFileSync(own, readFileSync(above));
    }
  }
}

/** The instance's groups, deepest first. */
export function cgroupTree(cgroup: string): string[] {
  const walk = (dir: string): string[] => [
    ...readdirSync(dir, { withFileTypes: true })
      .filter((e) => e.isDirectory())
      .flatMap((e) => walk(join(dir, e.name))),
    dir,
  ];
  return hierarchies()
    .map((h) => join(h, cgroup))
    .filter((d) => existsSync(d))
    .flatMap((d) => {
      try {
        return walk(d);
      } catch {
        // A group went while we looked.
        return [d];
      }
    });
}

export function processesIn(cgroup: string): number[] {
  return cgroupTree(cgroup).flatMap((dir) => {
    try {
      return readFileSync(join(dir, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
    } catch {
      return [];
    }
  });
}

export async function removeCgroups(cgroup: string): Promise<void> {
  await until(() => {
    for (const dir of cgroupTree(cgroup)) {
      try {
        rmdirSync(dir);
      } catch {
        // A process in it is still ending.
      }
    }
    return cgroupTree(cgroup).length === 0;
  }, 5_000);
}
