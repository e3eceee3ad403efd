import type { KubeObject, PodTemplate } from '../../contract/index.ts';
import { refKey } from '../../contract/index.ts';
import { references } from '../../core/relations.ts';
import type { View } from '../../core/view.ts';
import { WORKLOAD_KINDS, type Workload, type WorkloadKind, workloads } from '../../core/workloads.ts';

const known = new WeakMap<object, ReadonlySet<string>>();
const byTemplate = new WeakMap<object, readonly string[]>();

/**
 * Everything that any workload names, by `refKey`: in its template, in the pods of earlier templates, and in the earlier revisions that a
 * rollout could be taken back to. Computed once per view.
 */
export function namedByWorkloads(view: View<WorkloadKind>): ReadonlySet<string> {
  let all = known.get(view);
  if (all === undefined) {
    const found = new Set<string>();
    for (const w of workloads(view)) for (const template of templatesOf(w)) for (const key of keysOf(template, w.namespace)) found.add(key);
    known.set(view, (all = found));
  }
  return all;
}

function templatesOf(w: Workload): readonly Pick<PodTemplate, 'spec'>[] {
  const current = new Set(w.currentPods);
  return [
    w.template,
    ...w.replicaSets.flatMap((rs) => rs.spec.template ?? []),
    ...w.pods.filter((pod) => !current.has(pod)).map((pod) => ({ spec: pod.spec })),
  ];
}

function keysOf({ spec }: Pick<PodTemplate, 'spec'>, namespace: string): readonly string[] {
  let keys = byTemplate.get(spec);
  if (keys === undefined) {
    const template: PodTemplate = { metadata: { labels: {}, annotations: {} }, spec };
    byTemplate.set(spec, (keys = references({ template, namespace }).map(refKey)));
  }
  return keys;
}

/** Whether all that could use an object of the namespace was read. */
export const seesAllUsers = (view: View<WorkloadKind>, namespace: string): boolean =>
  WORKLOAD_KINDS.every((kind) => view.complete(kind, namespace));

const spoken = new WeakMap<object, Map<string, string>>();

/** Whether a program of the namespace is given this name as a word: then it may read the object through the API. */
export function isSpokenOf(view: View<WorkloadKind>, namespace: string, name: string): boolean {
  let texts = spoken.get(view);
  if (texts === undefined) spoken.set(view, (texts = new Map<string, string>()));
  let text = texts.get(namespace);
  if (text === undefined) {
    const words = workloads(view, namespace).flatMap(({ template: { spec } }) =>
      [...spec.containers, ...spec.initContainers].flatMap((c) => [...c.command, ...c.args, ...c.env.flatMap((e) => e.value ?? [])]),
    );
    texts.set(namespace, (text = words.join('\n')));
  }
  return text.includes(name);
}

/** Something keeps the object for itself: it is not a person's to tidy up. */
export const isOwned = ({ metadata }: Pick<KubeObject, 'metadata'>): boolean => metadata.ownerReferences.length > 0;

/** Namespaces whose contents belong to Kubernetes itself. */
export const isSystemNamespace = (namespace: string): boolean => namespace.startsWith('kube-');
