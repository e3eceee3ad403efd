import { type Change, type FieldChange, type Kind, type KubeObject, type ResourceRef, refKey, refWords } from '../contract/index.ts';
import { redact } from './redact.ts';

/** What differs between two versions of an object, as far as somebody decided it: what controllers report is left out. */

/** Kinds whose objects come and go by themselves; what changes them is recorded of their owners. */
const UNTRACKED: readonly Kind[] = ['Pod', 'EndpointSlice', 'ReplicaSet'];

export function isTracked(kind: Kind): boolean {
  return !UNTRACKED.includes(kind);
}

/** Written by tools and controllers for themselves. */
const NOISY_ANNOTATION =
  /^(?:kubectl\.kubernetes\.io\/last-applied-configuration|deployment\.kubernetes\.io\/.*|control-plane\.alpha\.kubernetes\.io\/leader|kubernetes\.io\/change-cause|node\.alpha\.kubernetes\.io\/.*|volumes\.kubernetes\.io\/.*|pv\.kubernetes\.io\/.*|autoscaling\.alpha\.kubernetes\.io\/.*|.*\/last-(?:handled|applied)[\w.-]*)$/;
const MOST_FIELDS = 40;
const LONGEST_VALUE = 160;

type Plain = Readonly<Record<string, unknown>>;
const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Hashes of the values of a ConfigMap or Secret by key; made where the values are, with a key nobody else has. */
export type ValueHashes = ReadonlyMap<string, string>;

/** The fields that differ, in the order of the schema. `hashes` say which values differ where only sizes are kept. */
export function changedFields(
  before: KubeObject,
  after: KubeObject,
  hashes?: { readonly before: ValueHashes; readonly after: ValueHashes },
): readonly FieldChange[] {
  const changes: FieldChange[] = [];
  const add = (path: string, from: unknown, to: unknown) => changes.push({ path, from: said(path, from), to: said(path, to) });
  compare(decided(before), decided(after), '', add);
  if (hashes !== undefined)
    for (const key of new Set([...hashes.before.keys(), ...hashes.after.keys()])) {
      const [from, to] = [hashes.before.get(key), hashes.after.get(key)];
      const told = (hash: string | undefined, object: KubeObject) => (hash === undefined ? null : `${sizeOf(object, key)} characters`);
      if (from !== to) changes.push({ path: `data[${key}]`, from: told(from, before), to: told(to, after) });
    }
  return changes.slice(0, MOST_FIELDS);
}

/** What of an object somebody decides: everything but its status and what the server keeps about it. */
function decided(object: KubeObject): Plain {
  const { kind: _kind, metadata, ...rest } = object;
  const annotations = Object.fromEntries(Object.entries(metadata.annotations).filter(([key]) => !NOISY_ANNOTATION.test(key)));
  const deleting = (metadata.deletionTimestamp ?? null) !== null;
  const { status: _status, data: _data, binaryData: _binary, ...spec } = rest as Plain;
  return {
    metadata: { labels: metadata.labels, annotations, finalizers: metadata.finalizers, ...(deleting ? { deleting } : {}) },
    ...spec,
    ...reported(object),
  };
}

/** Of a status only what says that the ground has moved. */
function reported(object: KubeObject): Plain {
  switch (object.kind) {
    case 'Node':
      return {
        status: {
          conditions: object.status.conditions.map(({ type, status }) => ({ name: type, status })),
          allocatable: { ...object.status.allocatable },
          kubeletVersion: object.status.nodeInfo?.kubeletVersion,
        },
      };
    case 'PersistentVolumeClaim':
    case 'PersistentVolume':
    case 'Namespace':
      return { status: { phase: object.status.phase } };
    default:
      return {};
  }
}

type Add = (path: string, from: unknown, to: unknown) => void;

function compare(before: unknown, after: unknown, path: string, add: Add): void {
  if (before === after) return;
  if (isPlain(before) && isPlain(after)) {
    for (const key of new Set([...Object.keys(after), ...Object.keys(before)])) compare(before[key], after[key], join(path, key), add);
    return;
  }
  if (Array.isArray(before) && Array.isArray(after)) return compareLists(before, after, path, add);
  if (isEmpty(before) && isEmpty(after)) return;
  add(path, before, after);
}

/** Items are told apart by their names where they have them; other lists differ as a whole. */
function compareLists(before: readonly unknown[], after: readonly unknown[], path: string, add: Add): void {
  const [a, b] = [byName(before), byName(after)];
  if (a !== undefined && b !== undefined) {
    for (const name of new Set([...a.keys(), ...b.keys()])) {
      const [from, to] = [a.get(name), b.get(name)];
      // A variable that came or went is its value.
      if (path.endsWith('.env') && isValue(from) && isValue(to)) compare(from?.['value'], to?.['value'], `${path}[${name}].value`, add);
      else if (from === undefined || to === undefined) add(`${path}[${name}]`, from, to);
      else compare(from, to, `${path}[${name}]`, add);
    }
    return;
  }
  if (JSON.stringify(before) !== JSON.stringify(after)) add(path, before, after);
}

const isValue = (variable: Plain | undefined): boolean => variable === undefined || typeof variable['value'] === 'string';

function byName(list: readonly unknown[]): ReadonlyMap<string, Plain> | undefined {
  const named = new Map<string, Plain>();
  for (const item of list) {
    const name = isPlain(item) ? (item['name'] ?? item['key'] ?? item['containerPort'] ?? item['port']) : undefined;
    if (!isPlain(item) || (typeof name !== 'string' && typeof name !== 'number') || named.has(String(name))) return undefined;
    named.set(String(name), item);
  }
  return named;
}

/** Keys with dots (labels, annotations) go in brackets. */
const join = (path: string, key: string): string => (/^\w+$/.test(key) ? (path === '' ? key : `${path}.${key}`) : `${path}[${key}]`);

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);

/** A value as text: credentials masked, long ones cut. A variable is judged together with its name, for the name says what it is. */
function said(path: string, value: unknown): string | null {
  if (isEmpty(value)) return null;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const variable = /\.env\[([^\]]+)\]\.value$/.exec(path)?.[1] ?? /(?:labels|annotations)(?:\.|\[)([^\]]+)/.exec(path)?.[1];
  const masked = variable === undefined ? maskVariables(value) : redact(`${variable}=${text}`).slice(variable.length + 1);
  return masked.length > LONGEST_VALUE ? `${masked.slice(0, LONGEST_VALUE)}…` : masked;
}

/** A whole container or a list of variables, each judged by its name. */
function maskVariables(value: unknown): string {
  if (typeof value === 'string') return redact(value);
  const shown = JSON.stringify(value, (_key, inner: unknown) => {
    if (!isPlain(inner) || typeof inner['name'] !== 'string' || typeof inner['value'] !== 'string') return inner;
    const { name } = inner;
    return { ...inner, value: redact(`${name}=${inner['value']}`).slice(name.length + 1) };
  });
  return redact(shown);
}

function sizeOf(object: KubeObject, key: string): number {
  const lists = 'data' in object ? [...object.data, ...('binaryData' in object ? object.binaryData : [])] : [];
  return lists.find((item) => item.name === key)?.size ?? 0;
}

/** `Deployment checkout in shop: image of container app 1.4.2 → 1.5.0, and 2 more, by kubectl-set`. */
export function changeWords(change: Pick<Change, 'resource' | 'type' | 'fields' | 'by' | 'beforeKnown'>): string {
  const { resource, type, fields, by, beforeKnown } = change;
  const who = by === null ? '' : `, by ${by.manager}${by.cause === undefined ? '' : ` (${by.cause})`}`;
  if (type !== 'changed') return `${refWords(resource)} ${type}${who}`;
  const [first, ...more] = fields;
  if (first === undefined) return `${refWords(resource)} changed${who}`;
  const rest = more.length === 0 ? '' : more.length === 1 ? `, and ${fieldWords(more[0]?.path ?? '')}` : `, and ${more.length} more`;
  return `${refWords(resource)}: ${fieldWords(first.path)} ${beforeKnown ? valueWords(first) : 'written'}${rest}${who}`;
}

/** What became of a value; of ConfigMaps and Secrets only that it differs. */
function valueWords({ path, from, to }: FieldChange): string {
  if (path.startsWith('data[')) return from === null ? 'added' : to === null ? 'removed' : 'changed';
  return `${from ?? 'absent'} → ${to ?? 'absent'}`;
}

/** `image of container app`, `variable LEVEL of container app`, `key password`, `label tier`; other paths as they are. */
export function fieldWords(path: string): string {
  const container = /(?:containers|initContainers)\[([^\]]+)\]\.(.+)$/.exec(path);
  if (container !== null) {
    const [, name, rest = ''] = container;
    const variable = /^env\[([^\]]+)\]/.exec(rest)?.[1];
    return `${variable === undefined ? rest : `variable ${variable}`} of container ${name}`;
  }
  const key = /^data\[([^\]]+)\]$/.exec(path)?.[1];
  if (key !== undefined) return `key ${key}`;
  const mark = /^metadata\.(label|annotation)s(?:\.([^.[\]]+)|\[([^\]]+)\])$/.exec(path);
  if (mark !== null) return `${mark[1]} ${mark[2] ?? mark[3]}`;
  return path.replace(/^spec\./, '');
}

/**
 * The changes that came before a moment and concern the given objects, the most telling first: nearest in time, of the object itself
 * before others of its namespace, of what somebody wrote before what a controller did.
 */
export function changesBefore(
  changes: readonly Change[],
  at: number,
  refs: readonly ResourceRef[],
  withinMs = 3_600_000,
): readonly Change[] {
  const own = new Set(refs.map((r) => refKey(r)));
  const places = new Set(refs.map((r) => r.namespace));
  const weight = (change: Change): number => {
    const age = (at - Date.parse(change.at)) / withinMs;
    const near = own.has(refKey(change.resource))
      ? 0
      : change.resource.namespace === undefined || places.has(change.resource.namespace)
        ? 1
        : 2;
    return near + age + (/controller|scheduler|kubelet/.test(change.by?.manager ?? '') ? 0.5 : 0);
  };
  return changes
    .filter((c) => Date.parse(c.at) <= at && at - Date.parse(c.at) <= withinMs)
    .map((change) => ({ change, weight: weight(change) }))
    .filter(({ weight: w }) => w < 2.5)
    .sort((a, b) => a.weight - b.weight)
    .map(({ change }) => change);
}
