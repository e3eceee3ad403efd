import { type ContextName, type Json, type ResourceRef } from '../../contract/index.ts';
import { find } from '../actions/json-patch.ts';
import type { Rehearser } from '../ports/writer.ts';

/** Pod, ReplicaSet, Deployment, and what an operator may have above it. */
const MOST_OWNERS = 4;

/**
 * What controls an object, nearest first: of a Pod its ReplicaSet and that one's Deployment. As far as it may be read; an owner that
 * cannot be read is named all the same, for what changes it changes the object.
 */
export async function ownersOf(context: ContextName, object: Json, reader: Pick<Rehearser, 'read'>): Promise<readonly ResourceRef[]> {
  const owners: ResourceRef[] = [];
  let below: Json = object;
  while (owners.length < MOST_OWNERS) {
    const owner = controllerOf(below);
    if (owner === undefined) break;
    owners.push(owner);
    const live = await reader.read(context, owner);
    if (!live.ok || find(live.value, '/metadata/uid') !== owner.uid) break;
    below = live.value;
  }
  return owners;
}

function controllerOf(object: Json): ResourceRef | undefined {
  const owners = find(object, '/metadata/ownerReferences');
  const controller = (Array.isArray(owners) ? owners : []).find((o) => find(o, '/controller') === true);
  const [apiVersion, kind, name, uid] = ['apiVersion', 'kind', 'name', 'uid'].map((key) => find(controller ?? null, `/${key}`));
  const namespace = find(object, '/metadata/namespace');
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || typeof name !== 'string' || typeof uid !== 'string') return undefined;
  // What belongs to the whole cluster owns parts of namespaces only where the part is told by its kind: a Node its mirror pods.
  return { apiVersion, kind, ...(typeof namespace === 'string' && kind !== 'Node' ? { namespace } : {}), name, uid };
}
