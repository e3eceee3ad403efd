import { conditionOf, conditionsOf, isReady, iso } from './conditions.ts';
import type { ObjectTable, RawObject } from './objects.ts';
import { ownedBy } from './owners.ts';
import { currentSet, makePod, revisionOf, withRevision } from './revisions.ts';

/** Plays the Deployment and ReplicaSet controllers for one Deployment: one step towards what its spec says, and its status. */

interface DeploymentSpec {
  readonly replicas?: number;
  readonly progressDeadlineSeconds?: number;
  readonly strategy?: {
    readonly type?: string;
    readonly rollingUpdate?: { readonly maxSurge?: number | string; readonly maxUnavailable?: number | string };
  };
}
const specOf = (deployment: RawObject) => deployment.spec as DeploymentSpec;

/** `25%` of the replicas, or a number of them. */
const share = (text: number | string, of: number, round: (n: number) => number) =>
  typeof text === 'number' ? text : round((Number.parseFloat(text) / 100) * of);

/** How many pods there may be too many, and how many may be missing (deployment util.ResolveFenceposts). */
function margins({ strategy }: DeploymentSpec, wanted: number): { surge: number; missing: number } {
  if (strategy?.type === 'Recreate') return { surge: 0, missing: wanted };
  const { maxSurge = '25%', maxUnavailable = '25%' } = strategy?.rollingUpdate ?? {};
  const surge = share(maxSurge, wanted, Math.ceil);
  const missing = share(maxUnavailable, wanted, Math.floor);
  return { surge, missing: surge === 0 && missing === 0 ? 1 : missing };
}

/** `bornAt` dates what is made before anybody looks. */
export function rollOut(deployment: RawObject, table: ObjectTable, now: number, bornAt?: string): void {
  const { namespace = '', name } = deployment.metadata;
  const spec = specOf(deployment);
  const wanted = spec.replicas ?? 1;
  const podsOf = (set: RawObject) => ownedBy(set, table.of('Pod', namespace));
  const current = currentSet(deployment, ownedBy(deployment, table.of('ReplicaSet', namespace)), table, bornAt);
  if (current !== undefined) {
    const others = ownedBy(deployment, table.of('ReplicaSet', namespace)).filter((s) => s.metadata.name !== current.metadata.name);
    scale(podsOf(current), others.flatMap(podsOf), spec, wanted, {
      make: (index) => makePod(current, index, table, now, bornAt),
      remove: (pod) => void table.remove('pods', namespace, pod.metadata.name),
    });
  }
  const sets = ownedBy(deployment, table.of('ReplicaSet', namespace));
  for (const set of sets) count(set, podsOf(set), table);
  const live = table.get('deployments', namespace, name) ?? deployment;
  const mine = current === undefined ? [] : podsOf(current);
  const status = statusOf(live, current, mine, sets.flatMap(podsOf), { now, bornAt });
  table.put({ ...(current === undefined ? live : withRevision(live, revisionOf(current))), status });
}

interface Hands {
  readonly make: (index: number) => void;
  readonly remove: (pod: RawObject) => void;
}

/** New pods as far as there may be more, old ones gone as far as enough serve: first those that serve nobody. */
function scale(mine: readonly RawObject[], old: readonly RawObject[], spec: DeploymentSpec, wanted: number, hands: Hands): void {
  const { surge, missing } = margins(spec, wanted);
  const unreadyFirst = (pods: readonly RawObject[]) => pods.toSorted((a, b) => Number(isReady(a)) - Number(isReady(b)));
  for (const pod of unreadyFirst(mine).slice(0, Math.max(0, mine.length - wanted))) hands.remove(pod);
  const recreating = spec.strategy?.type === 'Recreate' && old.length > 0;
  const room = recreating ? 0 : Math.min(wanted - mine.length, wanted + surge - mine.length - old.length);
  for (let i = 0; i < room; i++) hands.make(mine.length + i);
  const least = wanted - missing;
  const ready = mine.filter(isReady).length;
  let spare = mine.length + old.length - least - (mine.length - ready);
  let serving = ready + old.filter(isReady).length;
  for (const pod of unreadyFirst(old)) {
    if (isReady(pod) ? serving <= least : spare <= 0) continue;
    hands.remove(pod);
    if (isReady(pod)) serving--;
    spare--;
  }
}

function count(set: RawObject, pods: readonly RawObject[], table: ObjectTable): void {
  const ready = pods.filter(isReady).length;
  // The count is part of the spec: its change is a new generation, which the status is to have seen.
  const scaled = table.put({ ...set, spec: { ...set.spec, replicas: pods.length } });
  const observedGeneration = scaled.metadata.generation;
  table.put({ ...scaled, status: { replicas: pods.length, readyReplicas: ready, availableReplicas: ready, observedGeneration } });
}

function statusOf(
  deployment: RawObject,
  current: RawObject | undefined,
  mine: readonly RawObject[],
  all: readonly RawObject[],
  { now, bornAt }: { readonly now: number; readonly bornAt: string | undefined },
): Record<string, unknown> {
  const spec = specOf(deployment);
  const wanted = spec.replicas ?? 1;
  const serving = all.filter(isReady).length;
  const counts = {
    observedGeneration: deployment.metadata.generation,
    replicas: all.length,
    updatedReplicas: mine.length,
    readyReplicas: serving,
    availableReplicas: serving,
    unavailableReplicas: Math.max(0, wanted - serving),
  };
  const at = { first: bornAt ?? iso(now), now: bornAt ?? iso(now) };
  const before = deployment.status ?? {};
  const moved = Object.entries(counts).some(([field, value]) => before[field] !== value);
  const last = conditionsOf(deployment).find((c) => c.type === 'Progressing')?.lastUpdateTime;
  const lastUpdateTime = last === undefined || moved ? at.now : last;
  const complete = mine.length === wanted && all.length === wanted && serving === wanted;
  const late = !complete && now - Date.parse(lastUpdateTime) > (spec.progressDeadlineSeconds ?? 600) * 1000;
  const [reason, words] = complete
    ? ['NewReplicaSetAvailable', 'has successfully progressed']
    : late
      ? ['ProgressDeadlineExceeded', 'has timed out progressing']
      : ['ReplicaSetUpdated', 'is progressing'];
  const enough = serving >= wanted - margins(spec, wanted).missing;
  const available = enough
    ? { reason: 'MinimumReplicasAvailable', message: 'Deployment has minimum availability.' }
    : { reason: 'MinimumReplicasUnavailable', message: 'Deployment does not have minimum availability.' };
  const message = `ReplicaSet "${current?.metadata.name ?? ''}" ${words}.`;
  return {
    ...counts,
    conditions: [
      conditionOf(deployment, 'Available', enough, available, at),
      { ...conditionOf(deployment, 'Progressing', !late, { reason, message }, at), lastUpdateTime },
    ],
  };
}
