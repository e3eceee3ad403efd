import type { Kind, KubeObject, PodSpec } from '../../contract/index.ts';
import { matchesRequirement } from '../../core/selectors.ts';
import type { View } from '../../core/view.ts';
import { WORKLOAD_KINDS, type Workload } from '../../core/workloads.ts';
import { type Amounts, parseAmounts, plus, podAmounts } from './pod-requests.ts';

/** Quota arithmetic (the ResourceQuota admission plugin's), and how to read its refusals. */

export const QUOTA_KINDS = [...WORKLOAD_KINDS, 'ResourceQuota', 'LimitRange'] as const satisfies readonly Kind[];
export type QuotaKind = (typeof QUOTA_KINDS)[number];
type Quota = KubeObject<'ResourceQuota'>;

/** One refusal, as admission words it. Amounts as written there. */
export type Refusal =
  | { readonly kind: 'exceeded'; readonly quota: string; readonly requested: Readonly<Record<string, string>> }
  | { readonly kind: 'unspecified'; readonly quota: string; readonly resources: readonly string[] };

const pairs = (text: string) =>
  Object.fromEntries(text.split(',').flatMap((p) => (p.includes('=') ? [p.trim().split('=') as [string, string]] : [])));

/**
 * Reads `exceeded quota: NAME, requested: a=1,b=2, used: …, limited: …` and `failed quota: NAME: must specify a for: c; b for: c` (or
 * `must specify a,b`). Undefined for any other text.
 */
export function readRefusal(message: string): Refusal | undefined {
  const exceeded = /exceeded quota: (\S+), requested: (.+?), used: /.exec(message);
  if (exceeded !== null) return { kind: 'exceeded', quota: exceeded[1] ?? '', requested: pairs(exceeded[2] ?? '') };
  const failed = /failed quota: (\S+): must specify (.+)$/m.exec(message);
  if (failed === null) return undefined;
  const resources = (failed[2] ?? '').split(/[;,]\s*/).flatMap((part) => /^([a-z][\w./-]*)(?: for: .*)?$/.exec(part.trim())?.[1] ?? []);
  return {
    kind: 'unspecified',
    quota: failed[1] ?? '',
    resources: resources.filter((r) => r.includes('.') || r === 'cpu' || r === 'memory'),
  };
}

/** `requests.cpu` and the short form `cpu` are the same quota. Null for what a pod does not use (counts of other objects). */
export function podSide(key: string): { readonly side: 'requests' | 'limits'; readonly resource: string } | null {
  const match = /^(?:(requests|limits)\.)?(cpu|memory|ephemeral-storage|hugepages-[\w.]+|[\w.-]+\/[\w.-]+)$/.exec(key);
  return match === null || key.startsWith('count/')
    ? null
    : { side: match[1] === 'limits' ? 'limits' : 'requests', resource: match[2] ?? '' };
}

/** What one pod uses of each key of a quota. */
export function podUse(spec: PodSpec, keys: Iterable<string>): Amounts {
  const use: Record<string, number> = {};
  const requests = podAmounts(spec);
  const limits = podAmounts(spec, 'limits');
  for (const key of keys) {
    const part = podSide(key);
    if (key === 'pods' || key === 'count/pods') use[key] = 1;
    else if (part !== null) use[key] = (part.side === 'limits' ? limits : requests)[part.resource] ?? 0;
  }
  return use;
}

/** The spec as LimitRanges of the namespace complete it at admission: default limits, and requests that follow. */
export function withDefaults(spec: PodSpec, ranges: readonly KubeObject<'LimitRange'>[]): PodSpec {
  const rules = ranges.flatMap((r) => r.spec.limits).filter((l) => l.type === 'Container');
  if (rules.length === 0) return spec;
  const complete = (container: PodSpec['containers'][number]) => {
    const limits = { ...container.resources.limits };
    const requests = { ...limits, ...container.resources.requests };
    for (const rule of rules) {
      for (const [r, v] of Object.entries(rule.defaultRequest)) requests[r] ??= v;
      for (const [r, v] of Object.entries(rule.default)) {
        limits[r] ??= v;
        requests[r] ??= v;
      }
    }
    return { ...container, resources: { limits, requests } };
  };
  return { ...spec, containers: spec.containers.map(complete), initContainers: spec.initContainers.map(complete) };
}

export function specAsAdmitted(view: View<QuotaKind>, workload: Workload): PodSpec {
  return withDefaults(workload.template.spec, view.list('LimitRange', workload.namespace));
}

/** Hard and used amounts of a quota, as the cluster counts them now. */
export function amountsOf(quota: Quota): { readonly hard: Amounts; readonly used: Amounts } {
  return { hard: { ...parseAmounts(quota.spec.hard), ...parseAmounts(quota.status.hard) }, used: parseAmounts(quota.status.used) };
}

/** Containers that lack what a quota demands to be written, by key (`limits.cpu`). */
export function lacking(spec: PodSpec, quota: Quota): readonly { readonly key: string; readonly containers: readonly string[] }[] {
  return Object.keys(quota.spec.hard).flatMap((key) => {
    const part = podSide(key);
    // Only these are demanded (quota.UsageMaximums of the core evaluator: requests and limits of cpu and memory).
    if (part === null || (part.resource !== 'cpu' && part.resource !== 'memory')) return [];
    const containers = [...spec.containers, ...spec.initContainers]
      .filter(({ resources: { requests, limits } }) =>
        part.side === 'limits' ? limits[part.resource] === undefined : (requests[part.resource] ?? limits[part.resource]) === undefined,
      )
      .map((c) => c.name);
    return containers.length > 0 ? [{ key, containers }] : [];
  });
}

interface Scope {
  readonly scopeName: string;
  readonly operator: string;
  readonly values: readonly string[];
}
const scopesOf = ({ spec }: Quota): readonly Scope[] => [
  ...spec.scopes.map((scopeName) => ({ scopeName, operator: 'Exists', values: [] })),
  ...(spec.scopeSelector?.matchExpressions ?? []),
];

/** Whether a quota counts a pod: it may be for some pods only. */
export function inScope(quota: Quota, spec: PodSpec): boolean {
  return scopesOf(quota).every(({ scopeName, operator, values }) => {
    switch (scopeName) {
      case 'Terminating':
        return spec.activeDeadlineSeconds !== undefined;
      case 'NotTerminating':
        return spec.activeDeadlineSeconds === undefined;
      case 'BestEffort':
        return isBestEffort(spec);
      case 'NotBestEffort':
        return !isBestEffort(spec);
      case 'PriorityClass':
        return matchesRequirement(
          { key: scopeName, operator, values },
          spec.priorityClassName === undefined ? {} : { [scopeName]: spec.priorityClassName },
        );
      default:
        return true;
    }
  });
}

const isBestEffort = (spec: PodSpec) =>
  [...spec.containers, ...spec.initContainers].every(({ resources: { requests, limits } }) =>
    ['cpu', 'memory'].every((r) => requests[r] === undefined && limits[r] === undefined),
  );

/** `, which counts pods of priority class high`; empty for a quota that counts all. */
export function scopeWords(quota: Quota): string {
  const all = scopesOf(quota).map(({ scopeName, values }) => (values.length === 0 ? scopeName : `${scopeName} ${values.join(' or ')}`));
  return all.length === 0 ? '' : ` (for ${all.join(' and ')} only)`;
}

/**
 * What one more object asks of each key: a pod by its template, anything else (a claim, a Job) by the words of the refusal, for whose
 * amounts those are.
 */
export function askedOf(spec: PodSpec, keys: readonly string[], requested: Readonly<Record<string, string>>): Amounts {
  const words = parseAmounts(requested);
  const use: Record<string, number> = { ...podUse(spec, keys) };
  // A refusal that names no amount of a pod is about another object.
  if (Object.keys(words).length > 0 && Object.keys(words).every((key) => !isOfPod(key))) for (const key of keys) use[key] = words[key] ?? 0;
  return use;
}
export const isOfPod = (key: string): boolean => key === 'pods' || key === 'count/pods' || podSide(key) !== null;

/** Who uses a key of a quota in its namespace, most first: the rest that a person may look at. */
export function usersOf(
  all: readonly Workload[],
  quota: Quota,
  key: string,
): readonly { readonly workload: Workload; readonly amount: number }[] {
  return all
    .filter((w) => w.namespace === quota.metadata.namespace)
    .map((workload) => ({
      workload,
      amount:
        workload.pods
          .filter((p) => p.status.phase !== 'Succeeded' && p.status.phase !== 'Failed' && inScope(quota, p.spec))
          .reduce<Amounts>((sum, p) => plus(sum, podUse(p.spec, [key])), {})[key] ?? 0,
    }))
    .filter((u) => u.amount > 0)
    .sort((a, b) => b.amount - a.amount);
}

/** An amount under a quota key in the unit of its resource. */
export function quotaResource(key: string): string {
  return podSide(key)?.resource ?? (/(?:^|\/)requests\.storage$/.test(key) ? 'storage' : key);
}
