import type { WatchReason } from '../../contract/index.ts';
import { WATCH_REASONS } from '../../contract/index.ts';
import type { LogContainer, LogPod } from './log-pods.ts';

/** Whose logs are followed: not all of a large cluster, for fifty thousand pods have more to say than anybody can read. */

/** Of one cluster; a connection each. */
export const MOST_STREAMS = 60;
/** Replicas say the same: so many of the newest revision, and of those before it. */
const MOST_OF_REVISION = 4;
const MOST_OF_EARLIER = 2;
/** In a cluster of no more pods everybody is followed, as far as there is room. */
export const SMALL = 60;
const LATELY_MS = 60 * 60_000;
const FELL_LATELY_MS = 30 * 60_000;

export interface WorkloadName {
  readonly namespace: string;
  readonly workload: string;
}
export const workloadKey = ({ namespace, workload }: WorkloadName): string => `${namespace}/${workload}`;

/** Whom people chose, and who has an incident, by `workloadKey`. */
export type Wanted = ReadonlyMap<string, 'chosen' | 'incident'>;
/** The same by context, as it is told to the kube worker. */
export type WantedLogs = Readonly<Record<string, readonly (readonly [workload: string, because: 'chosen' | 'incident'])[]>>;

export interface WatchedWorkload extends WorkloadName {
  readonly because: WatchReason;
  /** What is followed of it, of how many containers. */
  readonly streams: readonly { readonly pod: LogPod; readonly container: LogContainer }[];
  readonly containers: number;
  /** Every revision that has pods, with when the first of these was made. */
  readonly revisions: ReadonlyMap<string, number>;
}

export interface WatchList {
  readonly workloads: readonly WatchedWorkload[];
  /** Workloads worth following for which there was no room. */
  readonly leftOut: number;
}

export function watchList(pods: Iterable<LogPod>, wanted: Wanted, now: number, most = MOST_STREAMS): WatchList {
  const byWorkload = new Map<string, LogPod[]>();
  let count = 0;
  for (const pod of pods) {
    count += 1;
    const key = workloadKey(pod);
    const known = byWorkload.get(key);
    if (known === undefined) byWorkload.set(key, [pod]);
    else known.push(pod);
  }
  const worth = [...byWorkload].flatMap(([key, its]) => {
    const revisions = revisionsOf(its);
    const because = reasonFor(key, its, revisions, wanted, count <= SMALL, now);
    return because === undefined ? [] : [{ its, revisions, because, newest: Math.max(...its.map((p) => p.createdAt)) }];
  });
  worth.sort((a, b) => WATCH_REASONS.indexOf(a.because) - WATCH_REASONS.indexOf(b.because) || b.newest - a.newest);
  let left = most;
  let leftOut = 0;
  const workloads = worth.flatMap(({ its, revisions, because }): WatchedWorkload[] => {
    const all = its.flatMap((pod) => pod.containers.map((container) => ({ pod, container })));
    const streams = some(its, revisions)
      .flatMap((pod) => pod.containers.map((container) => ({ pod, container })))
      .slice(0, left);
    left -= streams.length;
    if (streams.length === 0 && all.length > 0) {
      leftOut += 1;
      return [];
    }
    const { namespace = '', workload = '' } = its[0] ?? {};
    return [{ namespace, workload, because, streams, containers: all.length, revisions }];
  });
  return { workloads, leftOut };
}

function revisionsOf(pods: readonly LogPod[]): Map<string, number> {
  const revisions = new Map<string, number>();
  for (const { revision, createdAt } of pods)
    if (revision !== '') revisions.set(revision, Math.min(revisions.get(revision) ?? Infinity, createdAt));
  return revisions;
}

function reasonFor(
  key: string,
  pods: readonly LogPod[],
  revisions: ReadonlyMap<string, number>,
  wanted: Wanted,
  small: boolean,
  now: number,
): WatchReason | undefined {
  const asked = wanted.get(key);
  if (asked !== undefined) return asked;
  // The first revision of something new is compared with nothing.
  const rolledOut = [...revisions].some(([revision, at]) => revision !== '1' && now - at <= LATELY_MS);
  if (rolledOut || revisions.size > 1) return 'rollout';
  if (
    pods.some((p) =>
      p.containers.some((c) => c.isFalling || (c.restarts > 0 && c.fellAt !== undefined && now - c.fellAt <= FELL_LATELY_MS)),
    )
  )
    return 'restarts';
  return small ? 'small' : undefined;
}

/** Some pods of each revision: of the newest more than of those before it, those that were made last first. */
function some(pods: readonly LogPod[], revisions: ReadonlyMap<string, number>): LogPod[] {
  const newest = [...revisions].sort(([, a], [, b]) => b - a)[0]?.[0];
  const of = new Map<string, number>();
  return [...pods]
    .sort(
      (a, b) =>
        Number(b.revision === newest) - Number(a.revision === newest) ||
        Number(a.isLeaving) - Number(b.isLeaving) ||
        b.createdAt - a.createdAt ||
        (a.name < b.name ? -1 : 1),
    )
    .filter(({ revision }) => {
      const taken = of.get(revision) ?? 0;
      of.set(revision, taken + 1);
      return taken < (newest === undefined || revision === newest ? MOST_OF_REVISION : MOST_OF_EARLIER);
    });
}
