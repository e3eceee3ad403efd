import type { KubeEventFact } from '../../contract/index.ts';
import type { CheckContext } from '../../core/agent.ts';
import type { WorkloadKind } from '../../core/workloads.ts';
import type { ContainerRun, Placed } from './containers.ts';
import { warningsOf } from './pod-warnings.ts';

/**
 * What the kubelet said of a container's hook after the start that failed, which is why it ended the container. It stands in events
 * alone: the status is that of a program that was killed, or that ended in its own way when it was told to.
 */
export function failedStartHook(
  ctx: Pick<CheckContext<WorkloadKind>, 'ask' | 'missing'>,
  { spec }: Placed,
  { pod, status }: ContainerRun,
): KubeEventFact | undefined {
  if (spec.lifecycle?.postStart === undefined) return undefined;
  return warningsOf(ctx, pod, status.restartCount)?.findLast((e) => e.reason === 'FailedPostStartHook');
}
