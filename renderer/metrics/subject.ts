import type { Json } from '../../agents/contract/index.ts';
import type { Facts } from '../explore/facts.ts';
import type { ObjectPlace } from '../explore/places.ts';
import { boundsOf } from './amounts.ts';
import type { Subject } from './panels.ts';

/** What metrics are kept of an object, if any are. Pure. */

const WORKLOADS: ReadonlySet<string> = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'Job',
  'CronJob',
  'ReplicationController',
]);

export const hasMetrics = ({ kind }: Pick<Facts, 'kind'>): boolean =>
  WORKLOADS.has(kind) || kind === 'Pod' || kind === 'Node' || kind === 'PersistentVolumeClaim';

export function subjectOf(
  { namespace = '', name }: Pick<ObjectPlace, 'namespace' | 'name'>,
  { kind, owners }: Facts,
  object: Json,
): Subject | undefined {
  if (kind === 'Pod') return { of: 'pod', namespace, pod: name, bounds: boundsOf(object) };
  if (kind === 'Node') return { of: 'node', node: name };
  if (kind === 'PersistentVolumeClaim') return { of: 'claim', namespace, claim: name };
  if (!WORKLOADS.has(kind)) return undefined;
  // Series are of the object a person edits: of a ReplicaSet that a Deployment made they are the Deployment's.
  const owner = owners.find((o) => WORKLOADS.has(o.kind));
  const workload = owner === undefined ? `${kind}/${name}` : `${owner.kind}/${owner.name}`;
  return { of: 'workload', namespace, workload, bounds: boundsOf(object) };
}
