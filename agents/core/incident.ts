import {
  type Change,
  type ContextName,
  type Evidence,
  type Finding,
  type Incident,
  type Relation,
  type ResourceRef,
  SEVERITIES,
  type Severity,
  fingerprint,
  refKey,
  refWords,
} from '../contract/index.ts';
import { shortHash } from './canonical.ts';
import { changesBefore } from './change.ts';
import { groupByCause } from './cause-graph.ts';

export interface FoldInput {
  readonly context: ContextName;
  /** Of all agents. */
  readonly findings: readonly Finding[];
  readonly relations: readonly Relation[];
  /** What a person must supply, by fingerprint. */
  readonly advice: ReadonlyMap<string, string>;
  /** Fingerprints of the findings that there is a plan for: what one of their symptoms would need from a person is not needed then. */
  readonly planned?: ReadonlySet<string>;
  /** What changed in the cluster lately; of what concerns an incident the most telling is evidence. */
  readonly changes?: readonly Change[];
  /** Open incidents, for `firstSeen`. */
  readonly previous: readonly Incident[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

const MOST_EVIDENCE = 20;
const MOST_CHANGES = 2;
/** A change that broke something is mostly minutes old when it is felt; pods that restart later feel one of yesterday's. Milliseconds. */
const LATELY_MS = 24 * 3_600_000;
/** The clock of the cluster and ours. */
const CLOCKS_MS = 5_000;
const worst = (all: readonly Severity[]): Severity => SEVERITIES[Math.max(...all.map((s) => SEVERITIES.indexOf(s)))] ?? 'info';

/** Stable for (context, root cause): the same fault has the same id after a restart and on another machine. */
function incidentId(context: ContextName, cause: Pick<Finding, 'code' | 'subject' | 'field'>): string {
  return `inc-${shortHash(`${context}|${fingerprint(cause)}`).slice(0, 10)}`;
}

/**
 * Joins findings over the relation graph (cause-graph.ts): a symptom is folded under the cause that explains it; what nothing explains
 * stands for itself. One incident a root cause, worst first; independent causes stay apart. An incident of `previous` that is not
 * among the answers is over.
 */
export function foldIncidents({ context, findings, relations, advice, planned, changes = [], previous, now }: FoldInput): Incident[] {
  const at = new Date(now).toISOString();
  const firstSeen = new Map(previous.map((p) => [p.id, p.firstSeen]));
  const changed = new Set(changes.filter((c) => now - Date.parse(c.at) <= LATELY_MS).map((c) => refKey(c.resource)));
  return groupByCause(findings, relations, changed)
    .map(([cause, folded]): Incident => {
      const id = incidentId(context, cause);
      const all = [cause, ...folded];
      const of = planned?.has(fingerprint(cause)) === true ? [cause] : all;
      const text = of.map((f) => advice.get(fingerprint(f))).find((a) => a !== undefined);
      return {
        id,
        context,
        title: titleOf(cause),
        severity: worst(all.map((f) => f.severity)),
        state: 'open',
        rootCause: {
          code: cause.code,
          resource: cause.subject,
          ...(cause.field === undefined ? {} : { field: cause.field }),
          message: cause.message,
          confidence: cause.confidence,
        },
        symptoms: unique(
          folded.map((f) => ({ code: f.code, resource: f.subject, message: f.message })),
          (s) => `${s.code}|${refKey(s.resource)}|${s.message}`,
        ),
        affects: affectedBy(cause, folded),
        evidence: [
          ...unique(
            all.flatMap((f) => f.evidence),
            (e) => `${refKey(e.resource)}|${e.text}`,
          ).slice(0, MOST_EVIDENCE),
          ...changeEvidence(cause, relations, changes, Date.parse(firstSeen.get(id) ?? at)),
        ],
        ruledOut: ruledOutOf(cause, all),
        ...(text === undefined ? {} : { advice: text }),
        firstSeen: firstSeen.get(id) ?? at,
        lastSeen: at,
      };
    })
    .sort((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) || (a.id < b.id ? -1 : 1));
}

/** Changes of the cause and of what it refers to, shortly before it was first seen: who did what. That it was created is no news. */
function changeEvidence(cause: Finding, relations: readonly Relation[], changes: readonly Change[], at: number): Evidence[] {
  if (changes.length === 0) return [];
  const key = refKey(cause.subject);
  const about = [cause.subject, ...relations.filter((r) => refKey(r.from) === key && r.type !== 'ownedBy').map((r) => r.to)];
  const own = new Set(about.map(refKey));
  return changesBefore(changes, at + CLOCKS_MS, about, LATELY_MS)
    .filter((c) => own.has(refKey(c.resource)) && (c.type !== 'created' || refKey(c.resource) !== key))
    .slice(0, MOST_CHANGES)
    .map((c) => ({
      kind: 'change',
      resource: c.resource,
      ...(c.by === null ? {} : { source: c.by.manager }),
      text: c.summary,
      at: c.at,
    }));
}

const unique = <T>(all: readonly T[], key: (item: T) => string): T[] => [
  ...all.reduce((m, item) => (m.has(key(item)) ? m : m.set(key(item), item)), new Map<string, T>()).values(),
];

/** What suffers: named as affected, or the subject of a symptom. */
function affectedBy(cause: Finding, folded: readonly Finding[]): ResourceRef[] {
  const all = unique([...cause.affects, ...folded.flatMap((f) => [f.subject, ...f.affects])], refKey);
  return all.filter((r) => refKey(r) !== refKey(cause.subject));
}

/** A sentence with the object and the cause in it: "Deployment shop/checkout: no node has the label disk=fast". */
function titleOf({ subject, message }: Finding): string {
  const first = message.split(/(?<=[^.])[.;]\s+(?=["“A-Z])/, 1)[0] ?? message;
  return message.startsWith(subject.kind) && first.includes(subject.name) ? first : `${refWords(subject)}: ${first}`;
}

/** A hypothesis is not ruled out where its own check has a finding in the same incident. */
function ruledOutOf(cause: Finding, all: readonly Finding[]): Incident['ruledOut'] {
  const found = new Set(all.map((f) => `(${f.code})`));
  return cause.ruledOut.filter((r) => !found.has(/\([A-Z][A-Z0-9]*-\d{3}\)$/.exec(r.because)?.[0] ?? ''));
}
