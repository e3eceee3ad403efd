import { type Change, type FieldChange, type Kind, type KubeObject, type ResourceRef, refKey, refWords } from '../contract/index.ts';
import { type Difference, decided, differences, pathText } from './differences.ts';
import { maskedText } from './masked-value.ts';

/** What changed of an object, field by field and in words; which changes came before a moment. */

/**
 * Whose changes are recorded. Pods, EndpointSlices and ReplicaSets come and go by themselves: what changes them is recorded of their
 * owners.
 */
export const RECORDED_KINDS = [
  'Namespace',
  'Node',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'Service',
  'ConfigMap',
  'Secret',
  'PersistentVolumeClaim',
  'PersistentVolume',
  'StorageClass',
  'ResourceQuota',
  'LimitRange',
  'HorizontalPodAutoscaler',
  'PodDisruptionBudget',
  'Ingress',
  'IngressClass',
  'NetworkPolicy',
  'Role',
  'RoleBinding',
  'ClusterRole',
  'ClusterRoleBinding',
  'ValidatingWebhookConfiguration',
  'MutatingWebhookConfiguration',
  'Gateway',
  'HTTPRoute',
] as const satisfies readonly Kind[];
const RECORDED: ReadonlySet<Kind> = new Set(RECORDED_KINDS);

export const isRecorded = (kind: Kind): boolean => RECORDED.has(kind);

const MOST_FIELDS = 40;

/** Of a value of a ConfigMap or Secret: whether it differs (a hash made where the values are, with a key nobody else has), and its size. */
export interface ValueMark {
  readonly hash: string;
  readonly bytes: number;
}
/** By key. */
export type ValueMarks = ReadonlyMap<string, ValueMark>;

/** The fields that differ, in the order of the schema, at most forty. `marks` say which values of a ConfigMap or Secret differ. */
export function changedFields(
  before: KubeObject,
  after: KubeObject,
  marks?: { readonly before: ValueMarks; readonly after: ValueMarks },
): readonly FieldChange[] {
  const text = after.kind === 'Secret' || after.kind === 'ConfigMap' ? sizedAnnotations : maskedText;
  const fields = differences(decided(before), decided(after)).map(({ steps, from, to }) =>
    inWords({ path: pathText(steps), from: text(steps, from), to: text(steps, to) }),
  );
  if (marks !== undefined)
    for (const key of new Set([...marks.before.keys(), ...marks.after.keys()])) {
      const [from, to] = [marks.before.get(key), marks.after.get(key)];
      const size = (mark: ValueMark | undefined) => (mark === undefined ? null : `${mark.bytes} bytes`);
      if (from?.hash !== to?.hash) fields.push(inWords({ path: `data[${key}]`, from: size(from), to: size(to) }));
    }
  return fields.slice(0, MOST_FIELDS);
}

/** Tools keep copies of a whole Secret or ConfigMap in its annotations. */
function sizedAnnotations(steps: Difference['steps'], value: unknown): string | null {
  const text = maskedText(steps, value);
  return text === null || steps[1] !== 'annotations' ? text : `${String(value).length} characters`;
}

const inWords = (field: Omit<FieldChange, 'words'>): FieldChange => ({ ...field, words: `${fieldWords(field.path)} ${valueWords(field)}` });

/** A field of which only is known that it was written. */
export const writtenField = (path: string): FieldChange => ({ path, from: null, to: null, words: `${fieldWords(path)} written` });

/** `Deployment shop/checkout: image of container app 1.4.2 → 1.5.0, and 2 more, by kubectl-set`. */
export function changeWords({ resource, type, fields, by }: Pick<Change, 'resource' | 'type' | 'fields' | 'by'>): string {
  const who = by === null ? '' : `, by ${by.manager}${by.cause === undefined ? '' : ` (${by.cause})`}`;
  const [first, ...more] = fields;
  const rest = more.length === 0 ? '' : more.length === 1 ? `, and ${fieldWords(more[0]?.path ?? '')}` : `, and ${more.length} more`;
  const what = type !== 'changed' || first === undefined ? ` ${type}` : `: ${first.words}${rest}`;
  return `${refWords(resource)}${what}${who}`.replace(/\s+/g, ' ');
}

/** What became of a value; of ConfigMaps and Secrets only that it differs, and the sizes where they do. */
function valueWords({ path, from, to }: Omit<FieldChange, 'words'>): string {
  if (path === 'metadata.deleting') return to === null ? 'taken back' : 'asked for';
  if (path.startsWith('data['))
    return from === null
      ? `added (${to ?? ''})`
      : to === null
        ? `removed (${from})`
        : `changed (${from === to ? from : `${from} → ${to}`})`;
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
  if (path === 'metadata.deleting') return 'deletion';
  const key = /^data(?:\[([^\]]+)\]|\.([^.[\]]+))$/.exec(path);
  if (key !== null) return `key ${key[1] ?? key[2]}`;
  const mark = /^metadata\.(label|annotation)s(?:\.([^.[\]]+)|\[([^\]]+)\])$/.exec(path);
  if (mark !== null) return `${mark[1]} ${mark[2] ?? mark[3]}`;
  return path.replace(/^spec\./, '');
}

/** Parts of the cluster itself: they carry out what somebody else decided. */
const MACHINERY = /^(?:kube-(?:controller-manager|scheduler|proxy)|kubelet|cloud-controller-manager|cluster-autoscaler|vpa-)/;

/**
 * The changes that came before a moment (milliseconds since 1970) and concern the given objects, the most telling first: of the objects
 * themselves before others of their namespaces and of the cluster as a whole, what somebody wrote before what the cluster did by itself,
 * nearest in time. Those of other namespaces do not concern them.
 */
export function changesBefore(
  changes: readonly Change[],
  at: number,
  refs: readonly ResourceRef[],
  withinMs = 3_600_000,
): readonly Change[] {
  const own = new Set(refs.map((r) => refKey(r)));
  const places = new Set<string | undefined>([undefined, ...refs.map((r) => r.namespace)]);
  return changes
    .map((change) => ({ change, age: at - Date.parse(change.at), near: own.has(refKey(change.resource)) }))
    .filter(({ change, age, near }) => age >= 0 && age <= withinMs && (near || places.has(change.resource.namespace)))
    .map(({ change, age, near }) => ({
      change,
      weight: (near ? 0 : 2) + (MACHINERY.test(change.by?.manager ?? '') ? 0.5 : 0) + age / withinMs,
    }))
    .sort((a, b) => a.weight - b.weight)
    .map(({ change }) => change);
}
