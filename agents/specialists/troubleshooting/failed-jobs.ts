import type { KubeObject } from '../../contract/index.ts';
import type { View } from '../../core/view.ts';
import { WORKLOAD_KINDS, type WorkloadKind, workloads } from '../../core/workloads.ts';

export const JOB_KINDS = WORKLOAD_KINDS;

export interface FailedJob {
  readonly job: KubeObject<'Job'>;
  readonly condition: KubeObject<'Job'>['status']['conditions'][number];
  /** What made the Job, where a CronJob did. */
  readonly cron: KubeObject<'CronJob'> | undefined;
  readonly pods: readonly KubeObject<'Pod'>[];
}

type Condition = KubeObject<'Job'>['status']['conditions'][number];
const ended = ({ status }: KubeObject<'Job'>): Condition | undefined =>
  status.conditions.find((c) => (c.type === 'Failed' || c.type === 'Complete') && c.status === 'True');
/** How many pods of a Job have failed, one after the other, before it is no longer the one retry that Jobs are for. */
const FAILS_ON = 2;

/** A Job that is still trying, of which nothing but failures is known. */
export const keepsFailing = (job: KubeObject<'Job'>): boolean =>
  ended(job) === undefined &&
  job.metadata.deletionTimestamp == null &&
  (job.status.succeeded ?? 0) === 0 &&
  (job.status.failed ?? 0) >= FAILS_ON;

const startOf = ({ status, metadata }: KubeObject<'Job'>) => status.startTime ?? metadata.creationTimestamp ?? '';

const cache = new WeakMap<object, readonly FailedJob[]>();

/**
 * The Jobs that have failed and that nothing has made good since: each that stands by itself, and of a CronJob the last that ended
 * (a run that is under way says nothing yet), unless a later one succeeded. Computed once per view.
 */
export function failedJobs(view: View<WorkloadKind>): readonly FailedJob[] {
  let found = cache.get(view);
  if (found === undefined) cache.set(view, (found = compute(view)));
  return found;
}

function compute(view: View<WorkloadKind>): readonly FailedJob[] {
  const last = new Map<string, KubeObject<'Job'>>();
  for (const job of view.list('Job')) {
    if (ended(job) === undefined || job.metadata.deletionTimestamp != null) continue;
    const owner = job.metadata.ownerReferences.find((o) => o.kind === 'CronJob');
    const key = `${job.metadata.namespace ?? ''}/${owner === undefined ? `Job/${job.metadata.name}` : `CronJob/${owner.name}`}`;
    const known = last.get(key);
    if (known === undefined || startOf(known) < startOf(job)) last.set(key, job);
  }
  const failed = [...last.values()].flatMap((job) => {
    const condition = ended(job);
    return condition === undefined || condition.type !== 'Failed' ? [] : [{ job, condition }];
  });
  if (failed.length === 0) return [];
  const pods = new Map<string, KubeObject<'Pod'>[]>();
  for (const w of workloads(view))
    if (w.object.kind === 'Job' || w.object.kind === 'CronJob')
      for (const pod of w.pods) {
        const key = `${w.namespace}/${pod.metadata.ownerReferences.find((o) => o.kind === 'Job')?.name ?? ''}`;
        const known = pods.get(key);
        if (known === undefined) pods.set(key, [pod]);
        else known.push(pod);
      }
  return failed.flatMap(({ job, condition }): FailedJob[] => {
    const { namespace = '', name } = job.metadata;
    const owner = job.metadata.ownerReferences.find((o) => o.kind === 'CronJob');
    const cron = owner === undefined ? undefined : view.get('CronJob', namespace, owner.name);
    // Jobs that succeeded may have been tidied away; the CronJob remembers when.
    if (cron !== undefined && (cron.status.lastSuccessfulTime ?? '') > startOf(job)) return [];
    return [{ job, condition, cron, pods: pods.get(`${namespace}/${name}`) ?? [] }];
  });
}
