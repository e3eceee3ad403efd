import { type Kind, type KubeObject, type ResourceRef, refOf } from '../../contract/index.ts';
import type { FindingDraft } from '../../core/agent.ts';
import { parseQuantity } from '../../core/quantity.ts';
import { matchesNodeTerms, matchesSelector } from '../../core/selectors.ts';
import type { View } from '../../core/view.ts';
import { SCHEDULING_KINDS } from './scheduling-kinds.ts';
import { isUnschedulable } from './scheduling.ts';

/** Claims, classes and volumes, and why they do not come together (the volume binder's rules, from objects). */

export const STORAGE_KINDS = [...SCHEDULING_KINDS, 'StorageClass'] as const satisfies readonly Kind[];
export type StorageKind = (typeof STORAGE_KINDS)[number];
export type StorageView = View<StorageKind>;
export type Claim = KubeObject<'PersistentVolumeClaim'>;
export type Volume = KubeObject<'PersistentVolume'>;
export type Class = KubeObject<'StorageClass'>;

const DEFAULT_CLASS = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'];
/** A claim without a pod that proves it stuck may be seconds old; its volume or class may come with it. Milliseconds. */
const GRACE_MS = 5_000;

export function isDefaultClass({ metadata }: Class): boolean {
  return DEFAULT_CLASS.some((key) => metadata.annotations[key] === 'true');
}

/** True for a class whose volumes an administrator makes by hand. */
export function makesNothing(storageClass: Class): boolean {
  return storageClass.provisioner === 'kubernetes.io/no-provisioner';
}

/** The pods that mount a claim. */
export function podsOf(view: StorageView, claim: Claim): readonly KubeObject<'Pod'>[] {
  return view
    .list('Pod', claim.metadata.namespace)
    .filter((pod) => pod.spec.volumes.some((v) => v.persistentVolumeClaim?.claimName === claim.metadata.name));
}

/**
 * Claims that are not bound and for which that is a fault by now: a pod waits for them, or they are old enough. One that waits for its
 * first consumer, and has none, is as it should be.
 */
export function unboundClaims(
  view: StorageView,
  now: number,
): readonly { readonly claim: Claim; readonly waiting: readonly KubeObject<'Pod'>[] }[] {
  return view.list('PersistentVolumeClaim').flatMap((claim) => {
    if (claim.status.phase === 'Bound' || claim.status.phase === 'Lost' || claim.metadata.deletionTimestamp != null) return [];
    const waiting = podsOf(view, claim).filter(isUnschedulable);
    const age = now - Date.parse(claim.metadata.creationTimestamp ?? '');
    const storageClass = view.get('StorageClass', undefined, claim.spec.storageClassName ?? '');
    if (waiting.length === 0 && (storageClass?.volumeBindingMode === 'WaitForFirstConsumer' || !(age > GRACE_MS))) return [];
    return [{ claim, waiting }];
  });
}

/** One reason why a volume cannot serve a claim, and the field of the claim it is about. */
export interface Mismatch {
  readonly kind: 'class' | 'taken' | 'released' | 'mode' | 'size' | 'volumeMode' | 'labels' | 'nodes';
  readonly field?: string;
  readonly because: string;
}

/** Why a volume cannot serve a claim; empty where it can. `nodes` are those the claim's pods may run on. */
export function mismatches(claim: Claim, volume: Volume, nodes: readonly KubeObject<'Node'>[]): readonly Mismatch[] {
  const found: Mismatch[] = [];
  const { spec } = claim;
  const has = volume.spec;
  if ((has.storageClassName ?? '') !== (spec.storageClassName ?? ''))
    found.push({
      kind: 'class',
      field: 'spec.storageClassName',
      because: `is of class "${has.storageClassName ?? ''}", not "${spec.storageClassName ?? ''}"`,
    });
  const lacking = spec.accessModes.filter((mode) => !has.accessModes.includes(mode));
  if (lacking.length > 0)
    found.push({ kind: 'mode', field: 'spec.accessModes', because: `offers ${has.accessModes.join(', ')}, not ${lacking.join(', ')}` });
  const wants = spec.resources.requests['storage'];
  if ((parseQuantity(has.capacity['storage']) ?? 0) < (parseQuantity(wants) ?? 0))
    found.push({
      kind: 'size',
      field: 'spec.resources.requests.storage',
      because: `holds ${has.capacity['storage'] ?? '0'}, less than the ${wants ?? '0'} asked for`,
    });
  if ((has.volumeMode ?? 'Filesystem') !== (spec.volumeMode ?? 'Filesystem'))
    found.push({ kind: 'volumeMode', field: 'spec.volumeMode', because: `is of mode ${has.volumeMode ?? 'Filesystem'}` });
  if (spec.selector != null && !matchesSelector(spec.selector, volume.metadata.labels))
    found.push({ kind: 'labels', field: 'spec.selector', because: 'does not carry the labels that the selector asks for' });
  const terms = has.nodeAffinity?.required?.nodeSelectorTerms;
  if (terms !== undefined && !nodes.some((node) => matchesNodeTerms(terms, node)))
    found.push({ kind: 'nodes', because: 'can be reached from no node that the pods may run on' });
  const holder = has.claimRef;
  const mine = holder?.namespace === claim.metadata.namespace && holder?.name === claim.metadata.name;
  const sameUid = holder?.uid === undefined || holder.uid === '' || holder.uid === claim.metadata.uid;
  if (volume.status.phase === 'Released' || (mine && !sameUid))
    found.push({
      kind: 'released',
      because: `still belongs to the deleted claim ${holder?.namespace ?? ''}/${holder?.name ?? ''} (Released)`,
    });
  else if (holder != null && !mine)
    found.push({ kind: 'taken', because: `belongs to claim ${holder.namespace ?? ''}/${holder.name ?? ''}` });
  return found;
}

/** Who makes volumes for a claim: a provisioner, or only people (`static`), or nobody because the class is missing. */
export function supplyOf(view: StorageView, claim: Claim): 'dynamic' | 'static' | 'missing' | 'unnamed' {
  const name = claim.spec.storageClassName;
  if (name === '') return 'static';
  if (name == null) return view.list('StorageClass').some(isDefaultClass) ? 'dynamic' : 'unnamed';
  const storageClass = view.get('StorageClass', undefined, name);
  if (storageClass !== undefined) return makesNothing(storageClass) ? 'static' : 'dynamic';
  return view.list('PersistentVolume').some((v) => v.spec.storageClassName === name) ? 'static' : 'missing';
}

/** Names of classes a claim could ask for: those that are objects, and those that volumes carry without one. */
export function classNames(view: StorageView): readonly string[] {
  const ofVolumes = view.list('PersistentVolume').flatMap((v) => v.spec.storageClassName ?? []);
  return [...new Set([...view.list('StorageClass').map((c) => c.metadata.name), ...ofVolumes])].filter((n) => n !== '').sort();
}

/** Whether a claim of that class would find or get a volume. */
export function wouldServe(view: StorageView, claim: Claim, className: string): boolean {
  const storageClass = view.get('StorageClass', undefined, className);
  if (storageClass !== undefined && !makesNothing(storageClass)) return true;
  const asked = { ...claim, spec: { ...claim.spec, storageClassName: className } };
  return view.list('PersistentVolume').some((v) => mismatches(asked, v, view.list('Node')).length === 0);
}

/**
 * What a person edits to give a claim another class: the claim, or the StatefulSet whose claim template made it (data-web-0 of the
 * template data of web), so that the claims of all its pods are one finding.
 */
export function classIsWrittenIn(view: StorageView, claim: Claim): { readonly subject: ResourceRef; readonly field: string } {
  for (const set of view.list('StatefulSet', claim.metadata.namespace)) {
    const i = set.spec.volumeClaimTemplates.findIndex((t) => {
      const prefix = `${t.metadata.name}-${set.metadata.name}-`;
      return claim.metadata.name.startsWith(prefix) && /^\d+$/.test(claim.metadata.name.slice(prefix.length));
    });
    if (i >= 0) return { subject: refOf(set), field: `spec.volumeClaimTemplates[${i}].spec.storageClassName` };
  }
  return { subject: refOf(claim), field: 'spec.storageClassName' };
}

/** One finding a subject and field: the first speaks, the others add whom they affect. */
export function oneEach(drafts: readonly FindingDraft[]): readonly FindingDraft[] {
  const found = new Map<string, FindingDraft>();
  for (const draft of drafts) {
    const key = `${draft.subject.kind}/${draft.subject.namespace ?? ''}/${draft.subject.name}/${draft.field ?? ''}`;
    const known = found.get(key);
    found.set(key, known === undefined ? draft : { ...known, affects: [...known.affects, ...draft.affects] });
  }
  return [...found.values()];
}

/** A claim template cannot be changed: what a person does about it. */
export function ofTemplate(set: string, classes: readonly string[]): string {
  return `Claim templates of a StatefulSet cannot be changed: delete StatefulSet ${set} with --cascade=orphan and its claims that were never bound, and create it again with ${classes.length === 0 ? 'a class once there is one' : `a class there is (${classes.join(', ')})`}.`;
}
