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

/** A main container that runs, has a readiness probe, and has not been ready for longer than the grace: it may be waiting for something. */
function staysUnready(now: number, { role, spec }: Placed, { pod, status }: ContainerRun): boolean {
  const running = role === 'init' ? undefined : status.state.running;
  if (running === undefined || status.ready || spec.readinessProbe === undefined) return false;
  const unready = pod.status.conditions.find((c) => c.type === 'Ready' && c.status === 'False')?.lastTransitionTime;
  return [running.startedAt, unready].every((since) => !(now - Date.parse(since ?? '') <= GRACE_MS));
}

/** The end of the log of a container that waits: an init container that does not end, another that does not get ready. Undefined where it is none, or while that is being read. */
export function waitingLog(ctx: CheckContext<WorkloadKind>, placed: Placed, run: ContainerRun): readonly string[] | undefined {
  if (waitingSince(ctx.now, placed, run) === undefined && !staysUnready(ctx.now, placed, run)) return undefined;
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
