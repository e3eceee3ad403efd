import type { KubeEventFact } from '../../contract/index.ts';
import type { CheckContext } from '../../core/agent.ts';
import type { WorkloadKind } from '../../core/workloads.ts';
import type { ContainerRun } from './containers.ts';
import { warningsOf } from './pod-warnings.ts';

/** What the kubelet said of a hook after the start that failed, which is why it ended the container; it stands in events alone. */
export function failedStartHook(
  ctx: Pick<CheckContext<WorkloadKind>, 'ask' | 'missing'>,
  { pod, status }: ContainerRun,
): KubeEventFact | undefined {
  const of = (e: KubeEventFact) =>
    e.reason === 'FailedPostStartHook' &&
    (pod.status.containerStatuses.length === 1 || e.message.includes(status.name) || !/container/i.test(e.message));
  return warningsOf(ctx, pod, status.restartCount)?.findLast(of);
}
