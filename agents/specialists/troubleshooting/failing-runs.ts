import type { CheckContext } from '../../core/agent.ts';
import { isReady } from '../../core/unexplained.ts';
import type { WorkloadKind } from '../../core/workloads.ts';
import { type ContainerRun, type Ended, type Placed, failedRun, failureLog, placedContainers } from './containers.ts';
import { type Saying, saying } from './saying.ts';
import { waitingLog } from './waiting-init.ts';

/** A container that fails, with what its log says at the end. */
export interface Failing {
  readonly placed: Placed;
  readonly run: ContainerRun;
  readonly ended: Ended;
  readonly lines: readonly string[];
}

/** Every container whose program failed and whose log has been read; killed for its memory is another matter. */
export function failingRuns(ctx: CheckContext<WorkloadKind>): readonly Failing[] {
  return placedContainers(ctx).flatMap((placed) =>
    placed.runs.flatMap((run): Failing[] => {
      const ended = failedRun(run);
      if (ended === undefined || ended.reason === 'OOMKilled') return [];
      const lines = failureLog(ctx, run, ended);
      return lines === undefined ? [] : [{ placed, run, ended, lines }];
    }),
  );
}

/** A container that is not well, and what the end of its log says. */
export type Unwell = Omit<Failing, 'ended'>;

/** Every container whose program failed, and every one that runs and stays unready: most servers try again instead of ending. */
export function unwellRuns(ctx: CheckContext<WorkloadKind>): readonly Unwell[] {
  const waiting = placedContainers(ctx).flatMap((placed) =>
    placed.runs.flatMap((run): Unwell[] => {
      const lines = failedRun(run) === undefined ? waitingLog(ctx, placed, run) : undefined;
      return lines === undefined ? [] : [{ placed, run, lines }];
    }),
  );
  return [...failingRuns(ctx), ...waiting];
}

/** For each container the newest line that says something, with what it says. */
export function lastSaying<T, F extends Unwell>(all: readonly F[], read: (line: string) => T | undefined): readonly (F & Saying<T>)[] {
  const seen = new Set<Placed>();
  return all.flatMap((failing) => {
    if (seen.has(failing.placed)) return [];
    const newest = saying(failing.lines, read).at(-1);
    if (newest === undefined) return [];
    seen.add(failing.placed);
    return [{ ...failing, ...newest }];
  });
}

/** The run that ended with status 0, where nothing runs in its place or what runs is not ready. */
export function endedWell({ pod, status, unproven }: ContainerRun): Ended | undefined {
  const now = status.state.terminated;
  const before = status.lastState.terminated;
  const last = now ?? before;
  if (last?.exitCode !== 0) return undefined;
  if (now === undefined && status.state.running !== undefined && !unproven && (status.ready || isReady(pod))) return undefined;
  return { exitCode: 0, reason: last.reason, message: last.message, now: now !== undefined };
}
