import { type Evidence, type KubeObject, refOf } from '../../contract/index.ts';
import type { CheckContext, FindingDraft } from '../../core/agent.ts';
import { type Workload, workloads } from '../../core/workloads.ts';
import { type ConfigKind, type ConfigReference, configReferences, podRefs, waitingFor } from './config-references.ts';
import { fieldEvidence } from './containers.ts';
import { count } from './scheduling-evidence.ts';

/**
 * ConfigMaps and Secrets that may not be read from here: the kubelet reads them, and says in the status of a container or in an event
 * of the pod what it did not find. That is as good for what is missing, and nothing for what was meant.
 */

interface Said {
  readonly text: string;
  readonly evidence: Evidence;
}

/** The finding where an object is missing (`what: 'object'`) or a key of it, for workloads in namespaces whose objects cannot be read. */
export function toldByKubelet(ctx: CheckContext<ConfigKind>, kind: ConfigReference['kind'], what: 'object' | 'key'): FindingDraft[] {
  return workloads(ctx.view).flatMap((w): FindingDraft[] => {
    if (ctx.view.complete(kind, w.namespace)) return [];
    const seen = new Set<string>();
    return configReferences(w).flatMap((reference): FindingDraft[] => {
      if (reference.kind !== kind || reference.optional) return [];
      const wanted = what === 'object' ? reference.name : reference.key;
      const field = what === 'object' ? reference.nameField : reference.keyField;
      if (wanted === undefined || field === undefined || seen.has(wanted)) return [];
      const pods = waitingFor(w, reference, ctx.now);
      const [first] = pods;
      const words = what === 'object' ? [objectWords(reference)] : keyWords(reference, wanted);
      const said = first === undefined ? undefined : saidOf(ctx, first, reference).find((s) => words.some((w) => w.test(s.text)));
      if (said === undefined) return [];
      seen.add(wanted);
      return [draft(w, reference, what, wanted, field, pods, said)];
    });
  });
}

function draft(
  w: Workload,
  reference: ConfigReference,
  what: 'object' | 'key',
  wanted: string,
  field: string,
  pods: readonly KubeObject<'Pod'>[],
  said: Said,
): FindingDraft {
  const { kind, name, use } = reference;
  const lacks =
    what === 'object'
      ? `${kind} ${name}, needed for ${use}, does not exist in namespace ${w.namespace}`
      : `${kind} ${name} has no key ${wanted}, needed for ${use}`;
  return {
    subject: w.ref,
    field,
    affects: podRefs(pods),
    message: `${lacks}, so ${count(pods.length, 'pod')} cannot start; the kubelet says so, the ${kind}s themselves cannot be read here`,
    evidence: [said.evidence, fieldEvidence(w.ref, field, `${field.split('.').at(-1) ?? 'name'}: ${wanted}`)],
    confidence: 0.85,
    params: { kind, wanted, fields: field, ...(what === 'key' ? { object: name } : {}) },
  };
}

/** The kubelet's sentences (pkg/kubelet/kubelet_pods.go, pkg/volume/secret, pkg/volume/configmap, pkg/volume/projected). */
const objectWords = ({ kind, name }: ConfigReference) => new RegExp(`\\b${kind}s? "(?:[^"/]+/)?${escaped(name)}" not found`, 'i');
const keyWords = ({ kind, name }: ConfigReference, key: string) => [
  new RegExp(`couldn't find key ${escaped(key)} in ${kind} (?:[^/ ]+/)?${escaped(name)}\\b`, 'i'),
  new RegExp(`references non-existent (?:secret|config) key: ${escaped(key)}(?:\\s|$)`),
];
const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** What is said of a pod that waits: in the status of a container, or, of a volume, in events. */
function saidOf(ctx: CheckContext<ConfigKind>, pod: KubeObject<'Pod'>, { container }: ConfigReference): readonly Said[] {
  const statuses = [...pod.status.initContainerStatuses, ...pod.status.containerStatuses].flatMap((s): Said[] => {
    const text = s.state.waiting?.message;
    return text === undefined || text === '' ? [] : [{ text, evidence: fieldEvidence(refOf(pod), 'status.containerStatuses', text) }];
  });
  if (container !== undefined) return statuses;
  const fact = ctx.ask({ type: 'objectEvents', resource: refOf(pod), revision: pod.metadata.resourceVersion });
  if (fact?.ok === false) ctx.missing(`events of Pod ${pod.metadata.namespace ?? ''}/${pod.metadata.name}`, fact.failure.message);
  const events = fact?.ok === true ? fact.value.events : [];
  return [
    ...statuses,
    ...events
      .filter((e) => e.reason === 'FailedMount')
      .map((e): Said => ({
        text: e.message,
        evidence: { kind: 'event', resource: refOf(pod), source: e.reason, text: e.message, ...(e.at === undefined ? {} : { at: e.at }) },
      })),
  ];
}
