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
  facts: Facts,
  object: Json,
): Subject | undefined {
  const { kind, owners } = facts;
  if (kind === 'Pod') return { of: 'pod', namespace, pod: name, workload: workloadOfPod(name, facts), bounds: boundsOf(object) };
  if (kind === 'Node') return { of: 'node', node: name };
  if (kind === 'PersistentVolumeClaim') return { of: 'claim', namespace, claim: name };
  if (!WORKLOADS.has(kind)) return undefined;
  // Series are of the object a person edits: of a ReplicaSet that a Deployment made they are the Deployment's.
  const owner = owners.find((o) => WORKLOADS.has(o.kind));
  const workload = owner === undefined ? `${kind}/${name}` : `${owner.kind}/${owner.name}`;
  return { of: 'workload', namespace, workload, bounds: boundsOf(object) };
}

/** A ReplicaSet that a Deployment made is named for it and the hash that its pods carry as a label. */
function workloadOfPod(name: string, { owners, labels }: Facts): string {
  const owner = owners.find((o) => WORKLOADS.has(o.kind));
  if (owner === undefined) return `Pod/${name}`;
  const hash = labels.find(([label]) => label === 'pod-template-hash')?.[1];
  return owner.kind === 'ReplicaSet' && hash !== undefined && owner.name.endsWith(`-${hash}`)
    ? `Deployment/${owner.name.slice(0, -hash.length - 1)}`
    : `${owner.kind}/${owner.name}`;
}
