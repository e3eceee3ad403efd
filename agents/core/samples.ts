import { type Finding, type Kind, type KubeObject, type ResourceRef, isKind, KINDS, project } from '../contract/index.ts';
import { ObjectStore } from './view.ts';

/** Small objects and findings for the tests of this folder: what a test does not name has a plain value. */

export const NOW = Date.parse('2026-03-01T12:00:00Z');
/** Seconds before `NOW`, as a cluster writes times. */
export const ago = (seconds: number) => new Date(NOW - seconds * 1000).toISOString();

type Fields = Readonly<Record<string, unknown>>;

/** An object of the namespace `shop` (where its kind has one); `fields.metadata` is merged into its metadata. */
export function sample<K extends Kind>(kind: K, name: string, fields: Fields = {}): KubeObject<K> {
  const { metadata, ...rest } = fields;
  const namespace = KINDS[kind].namespaced ? { namespace: 'shop' } : {};
  const own = { name, ...namespace, uid: `${kind}-${name}`, creationTimestamp: ago(3600) };
  return project(kind, { metadata: { ...own, ...(metadata as object | undefined) }, ...rest });
}

/** A reference in `shop`, `Kind/name`; `Kind/namespace/name` for another one. */
export function at(words: string): ResourceRef {
  const [kind = '', ...names] = words.split('/');
  const name = names.at(-1) ?? '';
  const known = isKind(kind) ? KINDS[kind] : { apiVersion: 'v1', namespaced: true };
  const namespace = names.length === 2 ? names[0] : 'shop';
  return { apiVersion: known.apiVersion, kind, ...(known.namespaced && namespace !== undefined ? { namespace } : {}), name };
}

export interface WorkloadOptions {
  readonly ready?: boolean;
  readonly replicas?: number;
  /** Fields of the pod spec. */
  readonly spec?: Fields;
  /** Fields of each pod's status. */
  readonly status?: Fields;
  readonly namespace?: string;
}

/** A Deployment with its ReplicaSet and pods, labelled `app: NAME`. */
export function deployed(name: string, { ready = true, replicas = 1, spec = {}, status = {}, namespace = 'shop' }: WorkloadOptions = {}) {
  const podSpec = { containers: [{ name: 'main', image: `${name}:1` }], ...spec };
  const template = { metadata: { labels: { app: name } }, spec: podSpec };
  const owner = (kind: string, of: string) => [{ apiVersion: 'apps/v1', kind, name: of, uid: `${kind}-${of}`, controller: true }];
  const available = ready ? replicas : 0;
  return [
    sample('Deployment', name, {
      metadata: { namespace, generation: 1 },
      spec: { replicas, selector: { matchLabels: { app: name } }, template },
      status: { observedGeneration: 1, replicas, updatedReplicas: replicas, readyReplicas: available, availableReplicas: available },
    }),
    sample('ReplicaSet', `${name}-1`, {
      metadata: { namespace, ownerReferences: owner('Deployment', name), annotations: { 'deployment.kubernetes.io/revision': '1' } },
      spec: { replicas, selector: { matchLabels: { app: name } }, template },
    }),
    ...Array.from({ length: replicas }, (_, i) =>
      sample('Pod', `${name}-1-${i}`, {
        metadata: { namespace, labels: { app: name }, ownerReferences: owner('ReplicaSet', `${name}-1`) },
        spec: podSpec,
        status: {
          phase: 'Running',
          conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: ago(600) }],
          ...status,
        },
      }),
    ),
  ];
}

export const serviceFor = (name: string, app = name, namespace = 'shop') =>
  sample('Service', name, { metadata: { namespace }, spec: { selector: { app }, ports: [{ port: 80 }] } });

export const storeOf = (...objects: readonly (KubeObject | readonly KubeObject[])[]) => new ObjectStore('test', objects.flat());

/** A grave, sure cause unless said otherwise. */
export function finding(code: string, subject: string, fields: Partial<Finding> = {}): Finding {
  return {
    code,
    title: code,
    result: 'fail',
    role: 'cause',
    severity: 'high',
    subject: at(subject),
    affects: [],
    message: `${code} of ${subject}`,
    evidence: [],
    ruledOut: [],
    confidence: 0.9,
    params: {},
    source: 'troubleshooting',
    ...fields,
  };
}
