import type { KubeObject } from '../contract/index.ts';

/** What differs between two versions of an object, as far as somebody decided it: what controllers report is left out. */

/** A field, or the item of a list that has this name. */
export type Step = string | { readonly item: string };

export interface Difference {
  readonly steps: readonly Step[];
  /** Undefined where it was, or is, absent. */
  readonly from: unknown;
  readonly to: unknown;
}

type Plain = Readonly<Record<string, unknown>>;
export const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Written by tools and controllers for themselves. */
const NOISY_ANNOTATION =
  /^(?:kubectl\.kubernetes\.io\/last-applied-configuration|deployment\.kubernetes\.io\/.*|control-plane\.alpha\.kubernetes\.io\/leader|node\.alpha\.kubernetes\.io\/.*|volumes\.kubernetes\.io\/.*|pv\.kubernetes\.io\/.*|autoscaling\.alpha\.kubernetes\.io\/.*|kapp\.k14s\.io\/original.*|.*\/last-(?:handled|applied)[\w.-]*)$/;

export const isNoisyAnnotation = (key: string): boolean => NOISY_ANNOTATION.test(key);

/** What of an object somebody decides: everything but its status, values that stay in the worker, and what the server keeps about it. */
export function decided(object: KubeObject): Plain {
  const { kind: _kind, metadata, ...rest } = object;
  const annotations = Object.fromEntries(Object.entries(metadata.annotations).filter(([key]) => !isNoisyAnnotation(key)));
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

/** In the order of the schema. Empty lists and maps are as good as absent ones; items that have names may stand in any order. */
export function differences(before: Plain, after: Plain): readonly Difference[] {
  const found: Difference[] = [];
  compare(before, after, [], found);
  return found;
}

function compare(before: unknown, after: unknown, steps: readonly Step[], found: Difference[]): void {
  if (before === after || (isEmpty(before) && isEmpty(after))) return;
  if (isPlain(before) && isPlain(after)) {
    for (const key of new Set([...Object.keys(after), ...Object.keys(before)])) compare(before[key], after[key], [...steps, key], found);
    return;
  }
  if (Array.isArray(before) && Array.isArray(after)) return compareLists(before, after, steps, found);
  found.push({ steps, from: before, to: after });
}

/** Items are told apart by their names where they have them; other lists differ as a whole. */
function compareLists(before: readonly unknown[], after: readonly unknown[], steps: readonly Step[], found: Difference[]): void {
  const [a, b] = [byName(before), byName(after)];
  if (a === undefined || b === undefined) {
    if (JSON.stringify(before) !== JSON.stringify(after)) found.push({ steps, from: before, to: after });
    return;
  }
  for (const name of new Set([...a.keys(), ...b.keys()])) {
    const [from, to, item] = [a.get(name), b.get(name), [...steps, { item: name }]];
    // A variable that came or went is its value.
    if (steps.at(-1) === 'env' && isValue(from) && isValue(to)) compare(from?.['value'], to?.['value'], [...item, 'value'], found);
    else if (from === undefined || to === undefined) found.push({ steps: item, from, to });
    else compare(from, to, item, found);
  }
}

const isValue = (variable: Plain | undefined): boolean => variable === undefined || typeof variable['value'] === 'string';

function byName(list: readonly unknown[]): ReadonlyMap<string, Plain> | undefined {
  const named = new Map<string, Plain>();
  for (const item of list) {
    const name = isPlain(item) ? nameOf(item) : undefined;
    if (!isPlain(item) || name === undefined || named.has(name)) return undefined;
    named.set(name, item);
  }
  return named;
}

/** What tells an item of a list from the others: that of containers, taints, ports. */
export function nameOf(item: Plain): string | undefined {
  const name = item['name'] ?? item['key'] ?? item['containerPort'] ?? item['port'];
  return typeof name === 'string' || typeof name === 'number' ? String(name) : undefined;
}

export const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);

/** `spec.template.spec.containers[app].image`; keys with dots (labels, annotations) go in brackets too. */
export function pathText(steps: readonly Step[]): string {
  return steps.reduce<string>((path, step) => {
    if (typeof step !== 'string') return `${path}[${step.item}]`;
    return /^\w+$/.test(step) ? (path === '' ? step : `${path}.${step}`) : `${path}[${step}]`;
  }, '');
}
