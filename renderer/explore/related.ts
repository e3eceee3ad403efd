import { refKey } from '../../agents/contract/refs.ts';
import type { Relation, ResourceRef } from '../../agents/contract/index.ts';

/** Edges around one object as a person reads them. Pure. */

export interface RelatedGroup {
  readonly words: string;
  /** `of`: the object between, where it is not this one itself. */
  readonly refs: readonly { readonly ref: ResourceRef; readonly of: string | undefined }[];
}

/** How an edge is said from its beginning, and from its end. */
const WORDS: Readonly<Record<Relation['type'], readonly [from: string, to: string]>> = {
  ownedBy: ['Made by', 'Has made'],
  selects: ['Leads to', 'Selected by'],
  calls: ['Calls', 'Called by'],
  mounts: ['Mounts', 'Mounted by'],
  references: ['Names', 'Named by'],
  boundTo: ['Bound to', 'Bound by'],
  scheduledOn: ['Runs on', 'Runs'],
  admittedBy: ['Admitted by', 'Admits'],
  changedBy: ['Changed by', 'Has changed'],
};

export function groupsAround(self: ResourceRef, relations: readonly Relation[]): readonly RelatedGroup[] {
  const own = refKey(self);
  const groups = new Map<string, Map<string, RelatedGroup['refs'][number]>>();
  for (const { from, type, to } of relations) {
    const [forth, back] = WORDS[type];
    // An edge of what made this object is said too, and through whom; that this object is among what it made is known.
    const begins = refKey(from) === own;
    const ends = refKey(to) === own;
    if (type === 'ownedBy' && !begins && !ends) continue;
    const [words, ref, of] = begins
      ? [forth, to, undefined]
      : ends
        ? [back, from, undefined]
        : through(from, to, relations, own) === 'from'
          ? [forth, to, from]
          : [back, from, to];
    const group = groups.get(words) ?? new Map<string, RelatedGroup['refs'][number]>();
    groups.set(words, group);
    if (!group.has(refKey(ref))) group.set(refKey(ref), { ref, of: of === undefined ? undefined : `${of.kind} ${of.name}` });
  }
  const order = Object.values(WORDS).flat();
  return [...groups]
    .sort(([a], [b]) => order.indexOf(a) - order.indexOf(b))
    .map(([words, refs]) => ({
      words,
      refs: [...refs.values()].sort(
        (a, b) => a.ref.kind.localeCompare(b.ref.kind) || a.ref.name.localeCompare(b.ref.name, undefined, { numeric: true }),
      ),
    }));
}

/** Which end of an edge is an owner of this object. */
function through(from: ResourceRef, to: ResourceRef, relations: readonly Relation[], own: string): 'from' | 'to' {
  const owners = new Set(relations.filter((r) => r.type === 'ownedBy' && refKey(r.from) === own).map((r) => refKey(r.to)));
  return owners.has(refKey(from)) || !owners.has(refKey(to)) ? 'from' : 'to';
}
