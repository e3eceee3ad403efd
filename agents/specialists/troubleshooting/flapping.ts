import { type KubeEventFact, refOf } from '../../contract/index.ts';
import type { CheckContext } from '../../core/agent.ts';
import type { WorkloadKind } from '../../core/workloads.ts';
import { type ContainerRun, type Placed, placedContainers } from './containers.ts';

/** A pod that changed between ready and not ready so lately may do it again. Milliseconds. */
const LATELY_MS = 120_000;
/** A program that runs for less than this is starting. Milliseconds. */
const STARTED_MS = 20_000;
/** Failures, at least, and times the failures that make a container unready. */
const LEAST_FAILURES = 6;
const LEAST_ROUNDS = 2;
/** So much longer than its failures take without a break is a time with answers in it. A kubelet also asks between two periods. */
const WITH_BREAKS = 1.2;

export interface Flapping {
  readonly placed: Placed;
  readonly run: ContainerRun;
  readonly event: KubeEventFact;
  readonly seconds: number;
}

/**
 * Containers that run on while they are ready and not ready by turns. One outage fails in every period from its beginning to its end;
 * failures that are spread over a longer time than that have answers between them.
 */
export function flapping(ctx: CheckContext<WorkloadKind>): readonly Flapping[] {
  return placedContainers(ctx).flatMap((placed): Flapping[] => {
    const { readinessProbe: probe } = placed.spec;
    if (probe === undefined || placed.role === 'init') return [];
    const period = Math.max(probe.periodSeconds ?? 10, probe.timeoutSeconds ?? 1);
    const least = Math.max(LEAST_FAILURES, LEAST_ROUNDS * (probe.failureThreshold ?? 3));
    const run = placed.runs.find((r) => turnedLately(r, ctx.now));
    if (run === undefined) return [];
    const fact = ctx.ask({ type: 'objectEvents', resource: refOf(run.pod), revision: String(run.status.restartCount) });
    if (fact === undefined || !fact.ok) return [];
    const event = fact.value.events.findLast((e) => {
      if (e.reason !== 'Unhealthy' || !e.message.startsWith('Readiness') || e.count < least) return false;
      const seconds = spanOf(e);
      return seconds > e.count * period * WITH_BREAKS && ctx.now - Date.parse(e.at ?? '') < LATELY_MS * 2;
    });
    return event === undefined ? [] : [{ placed, run, event, seconds: spanOf(event) }];
  });
}

const spanOf = ({ since, at }: KubeEventFact): number => (Date.parse(at ?? '') - Date.parse(since ?? '')) / 1_000;

function turnedLately({ pod, status }: ContainerRun, now: number): boolean {
  const started = Date.parse(status.state.running?.startedAt ?? '');
  const turned = Date.parse(pod.status.conditions.find((c) => c.type === 'Ready')?.lastTransitionTime ?? '');
  return pod.metadata.deletionTimestamp == null && now - turned < LATELY_MS && turned - started > STARTED_MS;
}
