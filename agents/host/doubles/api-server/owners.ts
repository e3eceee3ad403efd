import type { RawObject } from './objects.ts';

/** Who made what: the reference a controller writes into what it makes, and what it finds by it. */
export const ownerOf = ({ apiVersion, kind, metadata }: RawObject) => ({
  apiVersion,
  kind,
  name: metadata.name,
  uid: metadata.uid ?? '',
  controller: true,
});

export const ownedBy = (owner: RawObject, objects: readonly RawObject[]) =>
  objects.filter((o) => o.metadata.ownerReferences?.some((r) => r.uid === owner.metadata.uid));
