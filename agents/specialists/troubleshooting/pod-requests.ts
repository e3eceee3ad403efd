import type { Container, KubeObject, PodSpec } from '../../contract/index.ts';
import { formatBytes, formatCpu, parseQuantity } from '../../core/quantity.ts';

/** Amounts by resource name, in base units: cores, bytes, pieces. */
export type Amounts = Readonly<Record<string, number>>;
type Side = 'requests' | 'limits';

const BYTES = /^(memory|ephemeral-storage|storage|hugepages-.*)$/;

/** An amount as a pod spec writes it: `250m`, `512Mi`, `2`. */
export function formatAmount(resource: string, amount: number): string {
  if (amount === 0) return '0';
  if (resource === 'cpu') return formatCpu(amount);
  if (!BYTES.test(resource)) return String(amount);
  return amount < 2 ** 20 ? `${Math.round(amount / 2 ** 10)}Ki` : formatBytes(amount);
}

export function parseAmounts(quantities: Readonly<Record<string, string>>): Record<string, number> {
  const amounts: Record<string, number> = {};
  for (const [resource, text] of Object.entries(quantities)) {
    const amount = parseQuantity(text);
    if (amount !== undefined) amounts[resource] = amount;
  }
  return amounts;
}

export function plus(a: Amounts, b: Amounts): Record<string, number> {
  const sum: Record<string, number> = { ...a };
  for (const [resource, amount] of Object.entries(b)) sum[resource] = (sum[resource] ?? 0) + amount;
  return sum;
}

function most(a: Amounts, b: Amounts): Record<string, number> {
  const result: Record<string, number> = { ...a };
  for (const [resource, amount] of Object.entries(b)) result[resource] = Math.max(result[resource] ?? 0, amount);
  return result;
}

/** A request that is not written is the limit, as the API server's defaulting of pods has it. */
function ofContainer({ resources }: Pick<Container, 'resources'>, side: Side): Amounts {
  const limits = parseAmounts(resources.limits);
  return side === 'limits' ? limits : { ...limits, ...parseAmounts(resources.requests) };
}

/** An init container that keeps running beside the others (a native sidecar). */
export function isSidecar(container: Pick<Container, 'restartPolicy'>): boolean {
  return container.restartPolicy === 'Always';
}

/**
 * What a pod takes from a node or a quota: the containers and sidecars together, or an init container with the sidecars started
 * before it where that is more; plus the overhead (Kubernetes: "Resource sharing within containers").
 */
export function podAmounts(spec: PodSpec, side: Side = 'requests'): Amounts {
  let sidecars: Amounts = {};
  let starting: Amounts = {};
  for (const init of spec.initContainers) {
    if (isSidecar(init)) sidecars = plus(sidecars, ofContainer(init, side));
    starting = most(starting, isSidecar(init) ? sidecars : plus(sidecars, ofContainer(init, side)));
  }
  const running = spec.containers.reduce<Amounts>((sum, c) => plus(sum, ofContainer(c, side)), sidecars);
  return plus(most(running, starting), parseAmounts(spec.overhead ?? {}));
}

export interface RequestPlace {
  /** `spec.template.spec.containers[0]`. */
  readonly path: string;
  readonly container: Container;
}

/** The container whose request of a resource weighs most: the one to change. */
export function heaviest(spec: PodSpec, specPath: string, resource: string, side: Side = 'requests'): RequestPlace | undefined {
  const places = [
    ...spec.containers.map((container, i) => ({ container, path: `${specPath}.containers[${i}]` })),
    ...spec.initContainers.map((container, i) => ({ container, path: `${specPath}.initContainers[${i}]` })),
  ];
  const weight = (p: RequestPlace) => ofContainer(p.container, side)[resource] ?? 0;
  return places.filter((p) => weight(p) > 0).sort((a, b) => weight(b) - weight(a))[0];
}

/** What the container asks of a resource, written or defaulted from its limit; undefined where it asks nothing. */
export function asked(container: Pick<Container, 'resources'>, resource: string): number | undefined {
  return ofContainer(container, 'requests')[resource];
}

/** A pod that still holds what it asked for. */
export function holdsResources(pod: KubeObject<'Pod'>): boolean {
  return pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed';
}
