import type { KubeObject, PodTemplate } from '../../../../contract/index.ts';
import { formatBytes, formatCpu, parseQuantity } from '../../../../core/quantity.ts';
import { type World, all, setStatus } from './world.ts';

type Spec = Pick<KubeObject<'Pod'>['spec'], 'containers'>;

/** What the containers ask for together, in cores or bytes; a request that is not written is the limit. */
export function asks(spec: Spec, side: 'requests' | 'limits', resource: string): number {
  return spec.containers.reduce((sum, { resources }) => {
    const text = resources[side][resource] ?? (side === 'requests' ? resources.limits[resource] : undefined);
    return sum + (parseQuantity(text) ?? 0);
  }, 0);
}

const over = (pod: KubeObject<'Pod'>) => pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed';

/** What one pod takes of a quota's line: `pods`, `cpu`, `requests.memory`, `limits.cpu`. */
function takes(spec: Spec, line: string): number | undefined {
  if (line === 'pods' || line === 'count/pods') return 1;
  const match = /^(?:(requests|limits)\.)?(cpu|memory)$/.exec(line);
  if (match === null) return undefined;
  return asks(spec, match[1] === 'limits' ? 'limits' : 'requests', match[2] ?? '');
}

function amount(line: string, value: number): string {
  if (line.endsWith('cpu')) return formatCpu(value);
  return line.endsWith('memory') && value > 0 ? formatBytes(value) : String(value);
}

function used(world: World, namespace: string, line: string): number {
  return all(world, 'Pod', namespace)
    .filter((p) => !over(p))
    .reduce((sum, p) => sum + (takes(p.spec, line) ?? 0), 0);
}

/** Keeps the books of every quota. */
export function quotas(world: World): void {
  for (const quota of all(world, 'ResourceQuota')) {
    const lines = Object.keys(quota.spec.hard).filter((line) => takes({ containers: [] }, line) !== undefined);
    const status = lines.map((line) => [line, amount(line, used(world, quota.metadata.namespace ?? '', line))]);
    setStatus(world, quota, { hard: quota.spec.hard, used: Object.fromEntries(status) });
  }
}

/** Why admission refuses a pod, in the words of the API server; undefined where no quota is in the way. */
export function refusedByQuota(world: World, namespace: string, name: string, template: PodTemplate | undefined): string | undefined {
  const spec = template?.spec ?? { containers: [] };
  for (const quota of all(world, 'ResourceQuota', namespace)) {
    const hard = Object.entries(quota.spec.hard).flatMap(([line, text]) => {
      const asked = takes(spec, line);
      return asked === undefined ? [] : [{ line, asked, limit: parseQuantity(text) ?? 0, text }];
    });
    const unsaid = hard.filter(({ line, asked }) => !line.endsWith('pods') && asked === 0).map(({ line }) => line);
    const said = `pods "${name}" is forbidden:`;
    if (unsaid.length > 0) return `${said} failed quota: ${quota.metadata.name}: must specify ${unsaid.join(',')}`;
    const full = hard.filter(({ line, asked, limit }) => used(world, namespace, line) + asked > limit + 1e-9);
    if (full.length > 0) {
      const list = (of: (f: (typeof full)[number]) => string) => full.map((f) => `${f.line}=${of(f)}`).join(',');
      return `${said} exceeded quota: ${quota.metadata.name}, requested: ${list((f) => amount(f.line, f.asked))}, used: ${list((f) => amount(f.line, used(world, namespace, f.line)))}, limited: ${list((f) => f.text)}`;
    }
  }
  return undefined;
}
