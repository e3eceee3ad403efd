import { type Kind, type KubeObject, isKind, project } from '../../../../contract/index.ts';
import { shortHash } from '../../../../core/canonical.ts';
import { type ObjectTable, type RawObject, resourceOf } from '../objects.ts';
import type { RecordedApp } from './recording.ts';
import type { Timeline } from './timeline.ts';

/** What the controllers of the double share. */
export interface World {
  readonly table: ObjectTable;
  readonly time: Timeline;
  readonly apps: readonly RecordedApp[];
  /** Undefined: every image can be pulled. */
  readonly images: ReadonlySet<string> | undefined;
  /** From placed to started, in milliseconds. */
  readonly startMs: number;
  /** Looks at everything again. */
  readonly wake: () => void;
}

const known = new WeakMap<RawObject, KubeObject>();

/** The fields we know of an object; computed once, for objects in the table are never changed in place. */
export function typed<K extends Kind>(kind: K, raw: RawObject): KubeObject<K> {
  let object = known.get(raw);
  if (object === undefined) known.set(raw, (object = project(kind, raw)));
  return object as KubeObject<K>;
}

export function all<K extends Kind>({ table }: World, kind: K, namespace?: string): KubeObject<K>[] {
  return table.of(kind, namespace).map((raw) => typed(kind, raw));
}

export function rawOf({ table }: World, object: KubeObject): RawObject | undefined {
  return table.get(resourceOf(object.kind), object.metadata.namespace, object.metadata.name);
}

/** Writes the status, and annotations where given; the same again changes nothing. */
export function setStatus(world: World, object: KubeObject, status: object, annotations?: Readonly<Record<string, string>>): void {
  const raw = rawOf(world, object);
  if (raw === undefined) return;
  const metadata =
    annotations === undefined ? raw.metadata : { ...raw.metadata, annotations: { ...raw.metadata.annotations, ...annotations } };
  world.table.put({ ...raw, metadata, status: { ...status } });
}

export function remove({ table }: World, object: KubeObject): void {
  table.remove(resourceOf(object.kind), object.metadata.namespace, object.metadata.name);
}

/** The objects of a kind that this one controls. */
export function owned<K extends Kind>(world: World, kind: K, owner: KubeObject): KubeObject<K>[] {
  return all(world, kind, owner.metadata.namespace).filter((o) =>
    o.metadata.ownerReferences.some((r) => r.controller === true && r.uid === owner.metadata.uid),
  );
}

export function ownerReference(owner: KubeObject, apiVersion: string) {
  const { name, uid } = owner.metadata;
  return { apiVersion, kind: owner.kind, name, uid, controller: true, blockOwnerDeletion: true };
}

/** What an owner left behind when it was deleted. */
export function collectOrphans(world: World): void {
  for (const kind of ['ReplicaSet', 'Pod', 'EndpointSlice'] as const)
    for (const object of all(world, kind)) {
      const owner = object.metadata.ownerReferences.find((r) => r.controller === true);
      if (owner === undefined || !isKind(owner.kind)) continue;
      const there = world.table.get(resourceOf(owner.kind), object.metadata.namespace, owner.name);
      if (there?.metadata.uid !== owner.uid) remove(world, object);
    }
}

const LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

/** A suffix as generated names have; the same text gives the same. */
export function suffix(text: string, length = 5): string {
  const hash = shortHash(text) + shortHash(`${text}/`);
  return Array.from({ length }, (_, i) => LETTERS[(hash.charCodeAt(i) * 31 + hash.charCodeAt(i + length)) % LETTERS.length]).join('');
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly lastTransitionTime?: string | null | undefined;
}

/** Conditions with the time since when each has had its status. */
export function conditions(world: World, before: readonly Condition[], now: readonly Condition[]): Condition[] {
  return now.map((c) => {
    const old = before.find((b) => b.type === c.type && b.status === c.status);
    return { ...c, lastTransitionTime: old?.lastTransitionTime ?? world.time.stamp() };
  });
}
