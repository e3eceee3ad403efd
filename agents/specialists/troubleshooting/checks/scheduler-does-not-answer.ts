import { type ResourceRef, refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { nearest } from '../../../core/nearest.ts';
import { isReady } from '../../../core/unexplained.ts';
import { count, names } from '../scheduling-evidence.ts';
import { SCHEDULING_KINDS, type SchedulingView } from '../scheduling-kinds.ts';
import { isUntouched, schedulerOf, schedulersAtWork, waitingPods } from '../waiting-pods.ts';

/** A scheduler looks at a new pod within a second or two, one that is not known to work is given a little longer. Milliseconds. */
const GRACE_MS = 3_000;
/** One that has placed pods before may be starting again. Milliseconds. */
const KNOWN_GRACE_MS = 60_000;
const DEFAULT_SCHEDULER = 'default-scheduler';

/** The cluster's own scheduler, where its pod can be seen (managed clusters hide it). */
function ownScheduler(view: SchedulingView): ResourceRef {
  const pod = view.list('Pod', 'kube-system').find((p) => p.metadata.labels['component'] === 'kube-scheduler');
  return pod === undefined ? { apiVersion: 'v1', kind: 'Namespace', name: 'kube-system' } : refOf(pod);
}

export const schedulerDoesNotAnswer = defineCheck({
  code: 'SCH-017',
  title: 'No scheduler looks at its pods',
  severity: 'high',
  role: 'cause',
  kinds: SCHEDULING_KINDS,
  hypothesis: 'the scheduler it names does not exist',
  doc: `Only the scheduler that a pod names (spec.schedulerName) looks at it. Where none answers to that name nothing happens at all: no
condition, no event. Where the cluster's own scheduler is silent about many pods, it is the scheduler that does not work.`,
  run: ({ view, now }) => {
    const found: FindingDraft[] = [];
    const silent: FindingDraft['affects'][number][] = [];
    const atWork = schedulersAtWork(view);
    for (const { workload, pods, since } of waitingPods(view, isUntouched)) {
      const [pod] = pods;
      if (pod === undefined || !(now - since > GRACE_MS)) continue;
      const name = schedulerOf(pod);
      const known = name === DEFAULT_SCHEDULER || atWork.includes(name);
      if (known && now - since < KNOWN_GRACE_MS) continue;
      if (name === DEFAULT_SCHEDULER) {
        silent.push(...pods.map(refOf));
        continue;
      }
      const others = atWork.filter((s) => s !== name);
      const meant = nearest(name, others) ?? (others.length === 1 ? others[0] : undefined);
      const field = `${workload.specPath}.schedulerName`;
      found.push({
        subject: workload.ref,
        field,
        affects: pods.map(refOf),
        message: known
          ? `${count(pods.length, 'pod')} ${pods.length === 1 ? 'waits' : 'wait'} for the scheduler ${name}, which has placed pods before and does not look at new ones`
          : `${count(pods.length, 'pod')} ${pods.length === 1 ? 'waits' : 'wait'} for the scheduler ${name}, and no pod was ever placed by one of that name${others.length === 0 ? '' : `; pods are placed by ${names(others)}`}`,
        evidence: [
          { kind: 'field', resource: workload.ref, source: field, text: name },
          {
            kind: 'field',
            resource: refOf(pod),
            source: 'status.conditions',
            text: `pod ${pod.metadata.name} is Pending since ${pod.metadata.creationTimestamp ?? ''} and no scheduler has written a PodScheduled condition`,
          },
        ],
        confidence: known ? 0.75 : 0.92,
        params: { wanted: name, ...(known || meant === undefined ? {} : { meant }) },
      });
    }
    if (silent.length > 0) {
      const own = ownScheduler(view);
      const pod = own.kind === 'Pod' ? view.get('Pod', own.namespace, own.name) : undefined;
      found.push({
        subject: own,
        affects: silent,
        message: `the cluster's own scheduler does not look at ${count(silent.length, 'new pod')}: nothing has been written about them for over a minute, so kube-scheduler is down or cannot keep up`,
        evidence: [
          {
            kind: 'field',
            resource: silent[0] ?? own,
            source: 'status.conditions',
            text: 'Pending, no PodScheduled condition',
          },
        ],
        confidence: 0.8,
        // Why its pod is not ready another check tells, and that is then why nothing is placed.
        ...(pod === undefined || isReady(pod) ? {} : { role: 'symptom' as const, calls: [own] }),
      });
    }
    return found;
  },
});
