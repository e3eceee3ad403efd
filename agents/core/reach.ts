import { type ActionSpec, type Reach, type Relation, type ResourceRef, refKey, refOf } from '../contract/index.ts';
import { matchesSelector } from './selectors.ts';
import { isOver, isReady } from './unexplained.ts';
import type { View } from './view.ts';
import { type Workload, type WorkloadKind, workloadAt } from './workloads.ts';

/** How far a change reaches, as far as it can be seen: the pods that restart, what depends on the targets, the budgets over the pods. */

/** Named dependents; the rest is counted. */
const MOST = 20;
/** Service, Ingress, webhook: further away nobody would call it the same change. */
const STEPS = 3;

/** How the one at the near end of an edge depends on the far end; edges of parts (`ownedBy`, `scheduledOn`) are no dependence. */
const HOW: Partial<Record<Relation['type'], Reach['dependents'][number]['how']>> = {
  selects: 'leads to it',
  calls: 'calls it',
  references: 'names it',
  mounts: 'mounts it',
};

type Edge = { readonly from: ResourceRef; readonly how: Reach['dependents'][number]['how'] };

/** `relations` are those around the targets (`relationsAround`). */
export function reachOf(view: View, relations: readonly Relation[], actions: readonly ActionSpec[]): Reach {
  const pods = new Map<string, Workload['pods'][number]>();
  for (const action of actions) {
    const workload = workloadAt(view as View<WorkloadKind>, action.target);
    if (workload !== undefined) for (const pod of restarted(action, workload)) pods.set(refKey(refOf(pod)), pod);
    else if (action.type === 'delete' && action.target.kind === 'Pod') {
      const pod = view.get('Pod', action.target.namespace, action.target.name);
      if (pod !== undefined) pods.set(refKey(refOf(pod)), pod);
    }
  }
  const restarting = [...pods.values()];
  const dependents = dependentsOf(relations, actions);
  return {
    restarts: restarting.length,
    ready: restarting.filter(isReady).length,
    dependents: dependents.slice(0, MOST),
    more: Math.max(0, dependents.length - MOST),
    budgets: view.list('PodDisruptionBudget').flatMap((budget) => {
      const { selector } = budget.spec;
      const { namespace } = budget.metadata;
      const covers = restarting.some(
        (p) => p.metadata.namespace === namespace && selector !== undefined && matchesSelector(selector, p.metadata.labels),
      );
      return covers ? [{ resource: refOf(budget), allows: budget.status.disruptionsAllowed ?? null }] : [];
    }),
  };
}

/** The pods that are replaced or stopped; those that have ended, evicted ones among them, are neither. */
function restarted(action: ActionSpec, { pods: all, desired }: Workload): Workload['pods'] {
  const pods = all.filter((pod) => !isOver(pod));
  switch (action.type) {
    case 'restart-rollout':
    case 'undo-rollout':
    case 'delete':
      return pods;
    case 'scale':
      return pods.slice(Math.min(pods.length, action.replicas));
    case 'patch': {
      const changes = action.ops.filter((op) => op.op !== 'test');
      if (changes.some((op) => op.path.startsWith('/spec/template') || op.path === '/spec' || op.path === '')) return pods;
      const replicas = changes.find((op) => op.path === '/spec/replicas');
      const left = replicas !== undefined && 'value' in replicas && typeof replicas.value === 'number' ? replicas.value : desired;
      return left < desired ? pods.slice(Math.min(pods.length, left)) : [];
    }
    case 'create':
      return [];
  }
}

/** What depends on the targets, nearest first, each once. */
function dependentsOf(relations: readonly Relation[], actions: readonly ActionSpec[]): Reach['dependents'] {
  const into = new Map<string, Edge[]>();
  for (const { from, type, to } of relations) {
    const how = HOW[type];
    if (how === undefined) continue;
    const known = into.get(refKey(to));
    if (known === undefined) into.set(refKey(to), [{ from, how }]);
    else known.push({ from, how });
  }
  const seen = new Set(actions.map((a) => refKey(a.target)));
  const found: Reach['dependents'] = [];
  let edge = [...seen];
  for (let step = 0; step < STEPS; step++) {
    const next: string[] = [];
    for (const { from, how } of edge.flatMap((key) => into.get(key) ?? [])) {
      const key = refKey(from);
      if (seen.has(key)) continue;
      seen.add(key);
      next.push(key);
      found.push({ resource: from, how, steps: step + 1 });
    }
    edge = next;
  }
  return found;
}
