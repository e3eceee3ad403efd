import { type Evidence, type KubeObject, type ResourceRef, refOf } from '../../contract/index.ts';
import type { CheckContext } from '../../core/agent.ts';
import { type Workload, type WorkloadKind, workloads } from '../../core/workloads.ts';
import { type QuotaKind, type Refusal, readRefusal } from './quota.ts';

/** A workload whose pods the API server does not let in, in its own words. */
export interface RefusedPods {
  readonly workload: Workload;
  /** The ReplicaSet or Job that wants the pods. */
  readonly by: readonly ResourceRef[];
  /** Pods that are wanted and do not exist. */
  readonly missing: number;
  /** The words of the refusal; of a rehearsal where there was one, for it is newer. */
  readonly text: string;
  readonly evidence: readonly Evidence[];
  /** When it was refused, milliseconds since 1970, as far as that is said. */
  readonly since: number;
  /** A pod of this template would be let in now, when our user asks. */
  readonly admitted: boolean;
}

type Pod = KubeObject<'Pod'>;
type Job = KubeObject<'Job'>;

/** A pod that ended does not count as there: its controller wants another. */
const lives = (p: Pod) => p.status.phase !== 'Succeeded' && p.status.phase !== 'Failed' && p.metadata.deletionTimestamp == null;
const alive = (w: Workload) => w.currentPods.filter(lives).length;
const isReady = (p: Pod) => p.status.conditions.some((c) => c.type === 'Ready' && c.status === 'True');

const isOver = (job: Job) =>
  job.spec.suspend === true || job.status.conditions.some((c) => c.status === 'True' && /^(Complete|Failed)$/.test(c.type));
function missingOfJob(job: Job, there: number): number {
  if (isOver(job)) return 0;
  const left = (job.spec.completions ?? job.spec.parallelism ?? 1) - (job.status.succeeded ?? 0);
  return Math.max(0, Math.min(job.spec.parallelism ?? 1, left) - there);
}

/** How many pods the controller wants and has not got; 0 where it wants none, or waits for an earlier pod to be ready. */
function missingPods(workload: Workload): number {
  const { object } = workload;
  if (object.kind === 'Job') return missingOfJob(object, alive(workload));
  if (object.kind === 'StatefulSet' && object.spec.podManagementPolicy !== 'Parallel')
    if (workload.pods.some((p) => lives(p) && !isReady(p))) return 0;
  return Math.max(0, workload.desired - alive(workload));
}

/** Not the pod is refused but the claim that is made before it: a pod of the template would be let in, and changes nothing. */
export const isOfClaim = (text: string): boolean =>
  /\bCreate Claim \S+ for Pod\b|\bpersistentvolumeclaims? "[^"]+" is (?:forbidden|invalid)/i.test(text);

/** An answer this old may be out of date: controllers wait longer and longer before they try again. Milliseconds. */
const STALE_MS = 20_000;
/** Rehearsals at once: each goes through the whole of admission. */
const MOST_REHEARSED = 5;

type Said = Pick<RefusedPods, 'text' | 'since'> & { readonly evidence: Evidence };

/** The newest refusal among the KubeEvents of an object; undefined where there is none, or pods were created since. */
function saidByEvents(ctx: CheckContext<WorkloadKind>, ref: ResourceRef, version: string): Said | undefined | 'unread' {
  const fact = ctx.ask({ type: 'objectEvents', resource: ref, revision: version });
  if (fact === undefined) return undefined;
  if (!fact.ok) {
    ctx.missing(`events of ${ref.kind} ${ref.namespace ?? ''}/${ref.name}`, fact.failure.message);
    return 'unread';
  }
  const event = fact.value.events.findLast((e) => e.reason === 'FailedCreate');
  if (event === undefined) return undefined;
  if (fact.value.events.some((e) => e.reason === 'SuccessfulCreate' && (e.at ?? '') > (event.at ?? ''))) return undefined;
  const at = event.at === undefined ? {} : { at: event.at };
  return {
    text: event.message,
    since: Date.parse(event.at ?? '') || ctx.now,
    evidence: { kind: 'event', resource: ref, source: event.reason, text: event.message, ...at },
  };
}

function saidByCondition(set: KubeObject<'ReplicaSet'>, now: number): Said | undefined {
  const condition = set.status.conditions.find((c) => c.type === 'ReplicaFailure' && c.status === 'True');
  if (condition?.message === undefined) return undefined;
  return {
    text: condition.message,
    since: Date.parse(condition.lastTransitionTime ?? '') || now,
    evidence: { kind: 'field', resource: refOf(set), source: 'status.conditions[ReplicaFailure].message', text: condition.message },
  };
}

/** Not even the ReplicaSet could be made. */
function saidOfSet(deployment: KubeObject<'Deployment'>, now: number): Said | undefined {
  const condition = deployment.status.conditions.find(
    (c) => c.type === 'Progressing' && c.status === 'False' && c.reason === 'ReplicaSetCreateError',
  );
  if (condition?.message === undefined) return undefined;
  return {
    text: condition.message,
    since: Date.parse(condition.lastTransitionTime ?? '') || now,
    evidence: { kind: 'field', resource: refOf(deployment), source: 'status.conditions[Progressing].message', text: condition.message },
  };
}

const known = new WeakMap<object, readonly RefusedPods[]>();

/**
 * Where pods are missing because the API server refuses them. A ReplicaSet says so in its condition; the other controllers only in their
 * KubeEvents, which are asked for when pods are missing. Where nothing is said, or long ago, the server is asked whether it would let a
 * pod of the template in. Computed once per view.
 */
export function refusedPods(ctx: CheckContext<WorkloadKind>): readonly RefusedPods[] {
  let found = known.get(ctx.view);
  if (found === undefined) known.set(ctx.view, (found = read(ctx)));
  return found;
}

function read(ctx: CheckContext<WorkloadKind>): readonly RefusedPods[] {
  let rehearsed = 0;
  const jobs = jobsByOwner(ctx);
  return workloads(ctx.view).flatMap((workload): RefusedPods[] => {
    const { object, ref } = workload;
    if (object.metadata.deletionTimestamp != null || object.kind === 'Pod') return [];
    let said: Said | undefined | 'unread';
    let by: readonly ResourceRef[] = [];
    let missing = 0;
    if (object.kind === 'Deployment' || object.kind === 'ReplicaSet') {
      const set = object.kind === 'ReplicaSet' ? object : workload.replicaSets[0];
      said =
        (object.kind === 'Deployment' ? saidOfSet(object, ctx.now) : undefined) ??
        (set === undefined ? undefined : saidByCondition(set, ctx.now));
      if (said === undefined) return [];
      by = object.kind === 'ReplicaSet' || set === undefined ? [] : [refOf(set)];
      missing = Math.max(1, (set?.spec.replicas ?? workload.desired) - alive(workload));
    } else if (object.kind === 'CronJob') {
      const job = (jobs.get(object.metadata.uid) ?? []).find(
        (j) =>
          missingOfJob(
            j,
            workload.pods.filter((p) => lives(p) && p.metadata.ownerReferences.some((o) => o.uid === j.metadata.uid)).length,
          ) > 0,
      );
      said = job === undefined ? undefined : saidByEvents(ctx, refOf(job), job.metadata.resourceVersion);
      if (job === undefined || said === undefined || said === 'unread') return [];
      [by, missing] = [[refOf(job)], 1];
    } else {
      missing = missingPods(workload);
      if (missing === 0) return [];
      said = saidByEvents(ctx, ref, object.metadata.resourceVersion);
    }
    const since = said === undefined || said === 'unread' ? Date.parse(object.metadata.creationTimestamp ?? '') || ctx.now : said.since;
    const told = said === undefined || said === 'unread' ? undefined : said;
    const rehearsal =
      !isOfClaim(told?.text ?? '') && ctx.now - since > STALE_MS && rehearsed++ < MOST_REHEARSED
        ? ctx.ask({ type: 'podRefused', resource: ref, revision: String(object.metadata.generation ?? '') })
        : undefined;
    const verdict = rehearsal?.ok === true ? rehearsal.value : undefined;
    if (told === undefined && verdict?.verdict !== 'refused') return [];
    const newer: Evidence[] =
      verdict?.verdict === 'refused' ? [{ kind: 'probe', resource: ref, source: 'podRefused', text: verdict.message }] : [];
    return [
      {
        workload,
        by,
        missing,
        text: newer[0]?.text ?? told?.text ?? '',
        evidence: [...(told === undefined ? [] : [told.evidence]), ...newer],
        since,
        admitted: verdict?.verdict === 'admitted',
      },
    ];
  });
}

function jobsByOwner({ view }: CheckContext<WorkloadKind>): ReadonlyMap<string, readonly Job[]> {
  const jobs = new Map<string, Job[]>();
  for (const job of view.list('Job')) {
    const owner = job.metadata.ownerReferences.find((o) => o.kind === 'CronJob')?.uid;
    if (owner === undefined || isOver(job)) continue;
    const there = jobs.get(owner);
    if (there === undefined) jobs.set(owner, [job]);
    else there.push(job);
  }
  return jobs;
}

/** A rollout that may stop old pods first frees their share by itself: not a fault until this is over. Milliseconds. */
const ROLLOUT_GRACE_MS = 10_000;

/** Old pods will go although no new one could be made (maxUnavailable allows it), so the refusal may pass. */
function oldPodsWillGo(workload: Workload): boolean {
  const { object } = workload;
  if (object.kind !== 'Deployment' || workload.pods.length <= workload.currentPods.length) return false;
  if (object.spec.strategy?.type === 'Recreate') return true;
  const most = object.spec.strategy?.rollingUpdate?.maxUnavailable ?? '25%';
  const share = typeof most === 'number' ? most : Math.floor((Number.parseFloat(most) / 100) * workload.desired);
  return share >= 1;
}

/** Those of them that a quota refuses. */
export function refusedByQuota(ctx: CheckContext<QuotaKind>): readonly (RefusedPods & { readonly refusal: Refusal })[] {
  return refusedPods(ctx).flatMap((refused) => {
    const refusal = readRefusal(refused.text);
    const passing = oldPodsWillGo(refused.workload) && ctx.now - refused.since < ROLLOUT_GRACE_MS;
    return refusal === undefined || passing ? [] : [{ ...refused, refusal }];
  });
}
