import { type Finding, type KubeObject, type ResourceRef, type Suspicion, refKey, refOf, suspiciousText } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';

/** Kinds whose names, labels and annotations are read. What a controller made repeats what stands in its owner. */
const KINDS = [
  'Namespace',
  'ConfigMap',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'Pod',
  'Service',
  'Ingress',
  'Node',
  'ServiceAccount',
  'PersistentVolumeClaim',
] as const;
/** The manifest once more. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

type Kind = (typeof KINDS)[number];

export const textToBeObeyed = defineCheck({
  code: 'TXT-001',
  title: 'Text that is written to be obeyed',
  severity: 'info',
  role: 'cause',
  kinds: [...KINDS],
  hypothesis: 'a text in it gives orders',
  doc: `Names, labels, annotations, values of ConfigMaps, and whatever the other checks quote of logs, events and conditions: text that speaks
to whoever reads it and wants a thing done (set your rules aside, delete this, approve that, tell nobody), or that hides characters from
human eyes. Nothing follows from it: text of a cluster is shown, and never obeyed. Somebody may still want to know who wrote it.
https://genai.owasp.org/llmrisk/llm01-prompt-injection/`,
  run: ({ view }) =>
    KINDS.flatMap((kind) =>
      view.list(kind).flatMap((object: KubeObject<Kind>): FindingDraft[] => {
        const { name, labels, annotations, ownerReferences } = object.metadata;
        if (ownerReferences.some((o) => o.controller === true)) return [];
        const found: FindingDraft[] = [];
        const look = (field: string, what: string, text: string) => {
          const suspicion = suspiciousText(text);
          if (suspicion !== undefined) found.push(remark(refOf(object), field, what, suspicion));
        };
        look('metadata.name', 'its name', name);
        for (const [key, value] of Object.entries(labels)) look(`metadata.labels.${key}`, `its label ${key}`, `${key} ${value}`);
        for (const [key, value] of Object.entries(annotations))
          if (key !== LAST_APPLIED) look(`metadata.annotations.${key}`, `its annotation ${key}`, value);
        for (const entry of 'data' in object ? object.data : [])
          if (entry.suspicious !== undefined)
            found.push(remark(refOf(object), `data.${entry.name}`, `its key ${entry.name}`, { kind: entry.suspicious, excerpt: '' }));
        return found;
      }),
    ),
  after: (findings) => {
    const drafts = new Map<string, FindingDraft>();
    for (const { evidence, subject, code } of findings)
      for (const { text, kind, source, resource } of code === 'TXT-001' ? [] : evidence) {
        const suspicion = suspiciousText(text);
        const of = resource ?? subject;
        if (suspicion !== undefined && !drafts.has(refKey(of)))
          drafts.set(refKey(of), remark(of, undefined, QUOTED[kind] ?? 'what it says', suspicion, source));
      }
    return [...drafts.values()];
  },
});

const QUOTED: Partial<Record<Finding['evidence'][number]['kind'], string>> = {
  log: 'a line of its log',
  event: 'an event about it',
  field: 'a field of it',
  probe: 'what it answers',
};

function remark(
  subject: ResourceRef,
  field: string | undefined,
  what: string,
  { kind, excerpt }: Suspicion,
  source?: string,
): FindingDraft {
  const how = kind === 'orders' ? 'is written to be obeyed' : 'holds characters that cannot be seen';
  const quote = excerpt === '' ? '' : `: “${excerpt}”`;
  return {
    subject,
    ...(field === undefined ? {} : { field }),
    affects: [],
    message: `${what} ${how}${quote}. It is shown as what it is, a text, and nothing was done because of it`,
    evidence: [
      { kind: 'field', resource: subject, source: source ?? field ?? 'metadata', text: excerpt === '' ? `${what} ${how}` : excerpt },
    ],
    confidence: 0.6,
  };
}
