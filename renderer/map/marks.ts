import type { IncidentWithPlans, Plan, ResourceRef, Severity } from '../../agents/contract/index.ts';
import { keyOf } from './fleet-model.ts';

/** What is pinned on the map, and how far a plan reaches: places by key. Pure. */

/** Severities from least to worst. */
const SEVERITIES: readonly Severity[] = ['info', 'low', 'medium', 'high', 'critical'];
export const worstSeverity = (a: Severity | undefined, b: Severity): Severity =>
  a === undefined || SEVERITIES.indexOf(b) > SEVERITIES.indexOf(a) ? b : a;

export interface Pin {
  /** The place, from outside in: context, namespace, workload, as far as the object has one. */
  readonly keys: readonly string[];
  readonly incident: { readonly severity: Severity; readonly title: string; readonly id: string } | undefined;
  readonly plan: string | undefined;
}

/** Kinds that have no pods of their own: what they are about is pinned on their namespace. */
const WORKLOADS: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob', 'Job', 'ReplicaSet', 'Pod']);

/** The places an object is in. `homeOf` finds the workload of a pod, a ReplicaSet or a Job by its name. */
export function placesOf(
  context: string,
  { kind, namespace, name }: ResourceRef,
  homeOf: (context: string, namespace: string, kind: string, name: string) => string | undefined,
): readonly string[] {
  // A Namespace is a place itself.
  const within = namespace ?? (kind === 'Namespace' ? name : undefined);
  if (within === undefined) return [keyOf(context)];
  const around = [keyOf(context), keyOf(context, within)];
  if (!WORKLOADS.has(kind) || namespace === undefined) return around;
  const home = homeOf(context, namespace, kind, name);
  return home === undefined ? around : [...around, home];
}

type HomeOf = Parameters<typeof placesOf>[2];

/** Open incidents and waiting plans, each at the object it is about. */
export function pinsOf(incidents: readonly IncidentWithPlans[], waiting: readonly Plan[], homeOf: HomeOf): readonly Pin[] {
  const pinned = incidents.map((incident): Pin => ({
    keys: placesOf(incident.context, incident.rootCause.resource, homeOf),
    incident: { severity: incident.severity, title: incident.title, id: incident.id },
    plan: undefined,
  }));
  const plans = waiting.flatMap((plan): Pin[] => {
    const target = plan.actions[0]?.target;
    return target === undefined ? [] : [{ keys: placesOf(plan.context, target, homeOf), incident: undefined, plan: plan.id }];
  });
  return [...pinned, ...plans];
}

/** How far the plan under review reaches, painted. */
export interface Reach {
  readonly plan: Plan;
  readonly targets: ReadonlySet<string>;
  readonly dependents: ReadonlySet<string>;
  /** Targets whose pods a disruption budget keeps from going now. */
  readonly forbidden: ReadonlySet<string>;
}

export function reachOf(plan: Plan, homeOf: HomeOf): Reach {
  const last = (ref: ResourceRef): string => placesOf(plan.context, ref, homeOf).at(-1) ?? keyOf(plan.context);
  const targets = new Set(plan.actions.map((a) => last(a.target)));
  const dependents = new Set((plan.reach?.dependents ?? []).map((d) => last(d.resource)));
  for (const key of targets) dependents.delete(key);
  const { budgets = [], restarts = 0 } = plan.reach ?? {};
  const held = budgets.filter((b) => restarts > 0 && b.allows !== null && b.allows === 0);
  const forbidden = new Set(
    plan.actions.filter((a) => held.some((b) => b.resource.namespace === a.target.namespace)).map((a) => last(a.target)),
  );
  return { plan, targets, dependents, forbidden };
}
