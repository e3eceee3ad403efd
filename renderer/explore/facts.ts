import type { Json } from '../../agents/contract/index.ts';

/** What an object says of itself, of whatever kind it is. Pure; the object is data that may be anything. */

export interface Facts {
  readonly apiVersion: string;
  readonly kind: string;
  readonly uid: string;
  /** RFC 3339. */
  readonly created: string | undefined;
  readonly owners: readonly OwnerRef[];
  /** Numbers, words and yes or no that stand in its status, by their field. */
  readonly plain: readonly (readonly [string, string])[];
  readonly conditions: readonly { readonly type: string; readonly status: string; readonly reason: string; readonly message: string }[];
  readonly labels: readonly (readonly [string, string])[];
  readonly annotations: readonly (readonly [string, string])[];
  /** Of a pod, or of the pods it makes. */
  readonly containers: readonly { readonly name: string; readonly image: string }[];
  readonly selectsPods: boolean;
  /** Numbers or names that can be forwarded to. */
  readonly ports: readonly { readonly port: string; readonly name: string }[];
  /** Of a Secret or ConfigMap: what it holds, by key; of a Secret the sizes alone. */
  readonly keys: readonly (readonly [string, string])[];
}

export interface OwnerRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

type Fields = Readonly<Record<string, Json>>;

const fields = (of: Json | undefined): Fields => (typeof of === 'object' && of !== null && !Array.isArray(of) ? (of as Fields) : {});
const list = (of: Json | undefined): readonly Json[] => (Array.isArray(of) ? (of as readonly Json[]) : []);
const text = (of: Json | undefined): string => (of === undefined || of === null || typeof of === 'object' ? '' : String(of));
const pairs = (of: Json | undefined) => Object.entries(fields(of)).map(([key, value]) => [key, text(value)] as const);

export function factsOf(object: Json): Facts {
  const { apiVersion, kind, metadata, spec, status, data, binaryData } = fields(object);
  const { creationTimestamp, ownerReferences, labels, annotations, uid } = fields(metadata);
  const created = text(creationTimestamp);
  const said = fields(status);
  const named = text(kind);
  const pod = named === 'Pod' ? fields(spec) : fields(fields(fields(spec)['template'])['spec']);
  const { selector } = fields(spec);
  return {
    apiVersion: text(apiVersion),
    kind: named,
    uid: text(uid),
    created: Number.isNaN(Date.parse(created)) ? undefined : created,
    owners: list(ownerReferences).map((o) => ({
      apiVersion: text(fields(o)['apiVersion']),
      kind: text(fields(o)['kind']),
      name: text(fields(o)['name']),
    })),
    plain: pairs(status).filter(([, value]) => value !== ''),
    conditions: list(said['conditions']).map((c) => {
      const { type, status: state, reason, message } = fields(c);
      return { type: text(type), status: text(state), reason: text(reason), message: text(message) };
    }),
    labels: pairs(labels),
    annotations: pairs(annotations),
    containers: [...list(pod['initContainers']), ...list(pod['containers'])].map((c) => ({
      name: text(fields(c)['name']),
      image: text(fields(c)['image']),
    })),
    selectsPods: pickPods(named, selector),
    ports: portsOf(named, spec, pod),
    keys: [...pairs(data), ...pairs(binaryData)].map(([key, value]) => [key, sizeWords(named, value)] as const),
  };
}

/** What makes or leads to pods by labels; a claim has a selector too, which is for volumes. */
const POD_KINDS: ReadonlySet<string> = new Set([
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'Service',
  'ReplicationController',
]);
function pickPods(kind: string, selector: Json | undefined): boolean {
  const { matchLabels, matchExpressions, ...plain } = fields(selector);
  return POD_KINDS.has(kind) && (matchLabels !== undefined || matchExpressions !== undefined || Object.keys(plain).length > 0);
}

function portsOf(kind: string, spec: Json | undefined, pod: Fields): Facts['ports'] {
  const own = kind === 'Service' ? list(fields(spec)['ports']) : list(pod['containers']).flatMap((c) => list(fields(c)['ports']));
  return own.map((p) => {
    const { port, containerPort, name } = fields(p);
    return { port: text(port ?? containerPort), name: text(name) };
  });
}

/** The host masks values of Secrets as `[masked, 12 characters, 1a2b3c4d]`. */
function sizeWords(kind: string, value: string): string {
  const masked = /^\[masked, (\d+) characters/.exec(value)?.[1];
  if (kind === 'Secret') return masked === undefined ? 'masked' : `${Math.floor((Number(masked) * 3) / 4)} bytes`;
  const lines = value.split('\n').length;
  return `${value.length} characters${lines > 1 ? `, ${lines} lines` : ''}`;
}
