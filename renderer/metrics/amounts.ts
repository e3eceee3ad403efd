import type { Json } from '../../agents/contract/index.ts';

/** What a pod may take, as its spec says. Pure; the object is data that may be anything. */

export interface Bounds {
  readonly name: string;
  readonly cpuRequest: number | undefined;
  readonly cpuLimit: number | undefined;
  readonly memoryRequest: number | undefined;
  readonly memoryLimit: number | undefined;
}

const SUFFIX: Readonly<Record<string, number>> = {
  ...{ '': 1, n: 1e-9, u: 1e-6, m: 1e-3, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60 },
};

/** `500m`, `1Gi`, `1e3` in cores or bytes; undefined where it is no quantity. */
export function amountOf(text: Json | undefined): number | undefined {
  if (typeof text === 'number') return text;
  const match = typeof text === 'string' ? /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)([numkMGTPE]|[KMGTPE]i)?$/.exec(text.trim()) : null;
  return match === null ? undefined : Number(match[1]) * (SUFFIX[match[2] ?? ''] ?? 1);
}

const fields = (of: Json | undefined): Readonly<Record<string, Json>> =>
  typeof of === 'object' && of !== null && !Array.isArray(of) ? (of as Readonly<Record<string, Json>>) : {};

/** Of each container of a pod, or of the pods an object makes. */
export function boundsOf(object: Json): readonly Bounds[] {
  const { spec } = fields(object);
  const made = fields(fields(fields(fields(spec)['jobTemplate'])['spec'])['template'])['spec'];
  const pod = fields(fields(fields(spec)['template'])['spec'] ?? made ?? spec);
  const { containers } = pod;
  return (Array.isArray(containers) ? (containers as readonly Json[]) : []).map((container) => {
    const { name, resources } = fields(container);
    const { requests, limits } = fields(resources);
    return {
      name: typeof name === 'string' ? name : '',
      cpuRequest: amountOf(fields(requests)['cpu']),
      cpuLimit: amountOf(fields(limits)['cpu']),
      memoryRequest: amountOf(fields(requests)['memory']),
      memoryLimit: amountOf(fields(limits)['memory']),
    };
  });
}

/** Of all containers together; what one of them does not say cannot be said of all. */
export function sumOf(bounds: readonly Bounds[], what: Exclude<keyof Bounds, 'name'>): number | undefined {
  const all = bounds.map((b) => b[what]);
  return all.length === 0 || all.includes(undefined) ? undefined : all.reduce<number>((sum, one) => sum + (one ?? 0), 0);
}
