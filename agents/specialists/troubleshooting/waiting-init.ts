import type { CheckContext } from '../../core/agent.ts';
import type { WorkloadKind } from '../../core/workloads.ts';
import type { ContainerRun, Placed } from './containers.ts';

/** An init container has work to do; what it waits for mostly is there within this. Milliseconds. */
const GRACE_MS = 15_000;

/** Since when an init container (no sidecar) runs, if it has been longer than the grace. Milliseconds since 1970. */
export function waitingSince(now: number, { role }: Placed, { status }: ContainerRun): number | undefined {
  const since = role === 'init' ? Date.parse(status.state.running?.startedAt ?? '') : NaN;
  return now - since > GRACE_MS ? since : undefined;
}

/** The end of the log of an init container that does not end; undefined where it is none, or while that is being read. */
export function waitingLog(ctx: CheckContext<WorkloadKind>, placed: Placed, run: ContainerRun): readonly string[] | undefined {
  if (waitingSince(ctx.now, placed, run) === undefined) return undefined;
  const { namespace = '', name } = run.pod.metadata;
  const fact = ctx.ask({
    type: 'podLogs',
    namespace,
    pod: name,
    container: run.status.name,
    previous: false,
    tailLines: 60,
    restart: run.status.restartCount,
  });
  return fact?.ok === true ? fact.value.lines : fact === undefined ? undefined : [];
}
