import { shortHash } from '../../../core/canonical.ts';
import { iso } from './conditions.ts';
import { keepEndpoints } from './endpoints.ts';
import { type RecordedApps, play } from './kubelet.ts';
import type { ObjectTable, RawObject } from './objects.ts';
import { specOf } from './pod-spec.ts';
import { rollOut } from './roll-out.ts';

/** Plays the controllers of a cluster: Deployments become ReplicaSets and pods, Services get endpoints, pods live and fail. */

const EVERY_MS = 150;
/** While nothing changes, only time has to be looked at. */
const IDLE_MS = 600;
/** An event that is still so is told again after this long. */
const TELL_MS = 5_000;
const DAY_MS = 86_400_000;
/** From a Deployment to its ReplicaSet, pods, their status, its status. */
const ROUNDS = 4;

export interface PlayOptions {
  readonly images: RecordedApps;
  /** From a pod's making to its program running, milliseconds. */
  readonly startMs: number;
}

/** Brings the cluster to rest once as it would be after a long time, then keeps it going. Returns the stop. */
export function playControllers(table: ObjectTable, options: PlayOptions): () => void {
  settle(table, options);
  let seen = -1;
  let last = 0;
  const timer = setInterval(() => {
    const now = Date.now();
    if (table.version === seen && now - last < IDLE_MS) return;
    // What this step changes is a reason for the next.
    seen = table.version;
    last = now;
    step(table, options, now);
  }, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Before anybody looks: what the recording does not contain has been there for a day, and runs or fails since. */
function settle(table: ObjectTable, options: PlayOptions): void {
  const now = Date.now();
  for (let round = 0; round < ROUNDS; round++) step(table, { ...options, startMs: 0 }, now, iso(now - DAY_MS));
}

function step(table: ObjectTable, options: PlayOptions, now: number, bornAt?: string): void {
  for (const pod of table.of('Pod')) livePod(pod, table, options, now);
  for (const deployment of table.of('Deployment')) rollOut(deployment, table, now, bornAt);
  for (const service of table.of('Service')) keepEndpoints(service, table);
}

function livePod(pod: RawObject, table: ObjectTable, options: PlayOptions, now: number): void {
  const { status, nodeName, event } = play(pod, { ...options, table, now });
  const placed = nodeName === undefined || specOf(pod).nodeName !== undefined ? pod : { ...pod, spec: { ...pod.spec, nodeName } };
  table.put({ ...placed, status });
  if (event !== undefined) tell(pod, event.reason, event.message, table, now);
}

/** One KubeEvent for each thing said about an object, counted on. */
function tell(pod: RawObject, reason: string, message: string, table: ObjectTable, now: number): void {
  const { namespace = '', name, uid } = pod.metadata;
  const own = `${name}.${shortHash(reason + message).slice(0, 10)}`;
  const before = table.get('events', namespace, own);
  const last = Date.parse(String(before?.['lastTimestamp'] ?? '')) || 0;
  if (now - last < TELL_MS) return;
  table.put({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: own, namespace },
    type: 'Warning',
    reason,
    message,
    count: Number(before?.['count'] ?? 0) + 1,
    firstTimestamp: before?.['firstTimestamp'] ?? iso(now),
    lastTimestamp: iso(now),
    involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace, name, uid },
  });
}
