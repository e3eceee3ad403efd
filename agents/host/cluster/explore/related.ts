import { type Kind, type KubeObject, type Relation, type ResourceRef, isKind, objectKey, refKey, refOf } from '../../../contract/index.ts';
import { relationsAround } from '../../../core/relations.ts';
import type { View } from '../../../core/view.ts';
import type { ClusterSession } from '../cluster-session.ts';

/** More than anybody reads; what is nearest comes first. */
const MOST = 500;

/**
 * What an object has to do with others, from what is watched: owners and what it made, what selects, calls, mounts or names it. Also of
 * the workload a pod belongs to, for that is what a Service selects. Of an object in a namespace only that namespace is looked at.
 */
export function relatedTo(session: ClusterSession, ref: ResourceRef): readonly Relation[] {
  const view = viewOf(session, ref.namespace);
  const edges = new Map<string, Relation>();
  const add = (edge: Relation) => edges.set(`${refKey(edge.from)} ${edge.type} ${refKey(edge.to)}`, edge);
  for (const kind of session.kinds)
    for (const object of view.list(kind, ref.namespace)) if (isOwner(object, ref)) add({ from: refOf(object), type: 'ownedBy', to: ref });
  const own = isKind(ref.kind) ? view.get(ref.kind, ref.namespace, ref.name) : undefined;
  for (const { apiVersion, kind, name } of own?.metadata.ownerReferences ?? [])
    add({
      from: ref,
      type: 'ownedBy',
      to: { apiVersion, kind, ...(ref.namespace === undefined ? {} : { namespace: ref.namespace }), name },
    });
  const above = [...edges.values()].flatMap((e) => (e.type === 'ownedBy' && refKey(e.from) === refKey(ref) ? [e.to] : []));
  const around = relationsAround(view, [ref, ...above]);
  const meant = new Set([refKey(ref)]);
  for (const { from, type, to } of around) if (type === 'ownedBy' && meant.has(refKey(from))) meant.add(refKey(to));
  for (const edge of around) if (meant.has(refKey(edge.from)) || meant.has(refKey(edge.to))) add(edge);
  return [...edges.values()].slice(0, MOST);
}

const isOwner = ({ metadata }: KubeObject, ref: ResourceRef): boolean =>
  metadata.ownerReferences.some((o) =>
    ref.uid === undefined || o.uid === undefined ? o.kind === ref.kind && o.name === ref.name : o.uid === ref.uid,
  );

/** The kept objects as checks read them, unpacked as they are asked for. */
function viewOf(session: ClusterSession, namespace: string | undefined): View {
  const lists = new Map<Kind, readonly KubeObject[]>();
  const list = (kind: Kind): readonly KubeObject[] => {
    const known = lists.get(kind);
    if (known !== undefined) return known;
    const keys = [...session.keys(kind)].filter((key) => namespace === undefined || !key.includes('/') || key.startsWith(`${namespace}/`));
    const objects = keys.sort().flatMap((key) => session.object(kind, key) ?? []);
    lists.set(kind, objects);
    return objects;
  };
  return {
    context: session.context,
    list: (kind, within) => (within === undefined ? list(kind) : list(kind).filter((o) => o.metadata.namespace === within)) as never,
    get: (kind, within, name) => session.object(kind, objectKey({ name, namespace: within })) as never,
    complete: (kind) => session.isSettled([kind]),
  };
}
