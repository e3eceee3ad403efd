import { canonical, shortHash } from '../../../core/canonical.ts';
import { iso } from './conditions.ts';
import type { ObjectTable, RawObject } from './objects.ts';
import { ownerOf } from './owners.ts';
import { hash } from './scheduler.ts';

/** The ReplicaSets of a Deployment, one a template, and their pods. */

const REVISION = 'deployment.kubernetes.io/revision';

export interface Template {
  readonly metadata?: { readonly labels?: Record<string, string>; readonly annotations?: Record<string, string> };
  readonly spec: Record<string, unknown>;
}
const templateOf = (object: RawObject) => (object.spec as { template: Template }).template;

/** The template without what the controller adds to it. */
function plain({ metadata, spec }: Template): string {
  const { 'pod-template-hash': _hash, ...labels } = metadata?.labels ?? {};
  return canonical({ labels, annotations: metadata?.annotations ?? {}, spec });
}

export const revisionOf = (object: RawObject) => Number(object.metadata.annotations?.[REVISION] ?? 0);
export const withRevision = (object: RawObject, revision: number): RawObject => ({
  ...object,
  metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, [REVISION]: String(revision) } },
});

/**
 * The ReplicaSet of the template as it is now: made where there is none, and numbered as the newest where it is an earlier one. While the
 * Deployment is paused nothing is made, and the newest there is counts.
 */
export function currentSet(deployment: RawObject, sets: readonly RawObject[], table: ObjectTable, bornAt?: string): RawObject | undefined {
  const newest = Math.max(0, ...sets.map(revisionOf));
  const same = sets.find((s) => plain(templateOf(s)) === plain(templateOf(deployment)));
  if (same !== undefined && revisionOf(same) === newest) return same;
  if (deployment.spec?.['paused'] === true) return sets.find((s) => revisionOf(s) === newest);
  if (same !== undefined) return table.put(withRevision(same, newest + 1));
  const { namespace = '', name } = deployment.metadata;
  const template = templateOf(deployment);
  const id = shortHash(plain(template)).slice(0, 9);
  const labels = { ...template.metadata?.labels, 'pod-template-hash': id };
  const set: RawObject = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${id}`,
      namespace,
      labels,
      ownerReferences: [ownerOf(deployment)],
      ...(bornAt === undefined ? {} : { creationTimestamp: bornAt }),
    },
    spec: { replicas: 0, selector: deployment.spec?.['selector'], template: { ...template, metadata: { ...template.metadata, labels } } },
  };
  return table.put(withRevision(set, newest + 1));
}

/** A pod of a ReplicaSet. Those that were there when somebody looked first have the same names each time. */
export function makePod(set: RawObject, index: number, table: ObjectTable, now: number, bornAt?: string): void {
  const { metadata, spec } = templateOf(set);
  const { name, namespace = '' } = set.metadata;
  const id = hash(`${name}${index}${bornAt === undefined ? now : ''}`)
    .toString(36)
    .padStart(5, '0')
    .slice(-5);
  table.put({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${name}-${id}`,
      namespace,
      labels: { ...metadata?.labels },
      ...(metadata?.annotations === undefined ? {} : { annotations: { ...metadata.annotations } }),
      ownerReferences: [ownerOf(set)],
      creationTimestamp: bornAt ?? iso(now),
    },
    spec: structuredClone(spec),
    status: { phase: 'Pending' },
  });
}
