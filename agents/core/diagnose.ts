import {
  type Code,
  type Consultation,
  type Fact,
  type Finding,
  FindingSchema,
  type Incomplete,
  KINDS,
  type Kind,
  type KubeObject,
  PlanDraftSchema,
  type Probe,
  type Relation,
  type Report,
  fingerprint,
  probeKey,
  refKey,
  refOf,
} from '../contract/index.ts';
import { type Agent, type Check, type FindingDraft, type RemedyContext, kindsOf } from './agent.ts';
import { type Facts, consulting } from './consult.ts';
import { type Passed, codesByObject, ruledOut, ruledOutAbout } from './ruled-out.ts';
import { redact } from './redact.ts';
import { reachOf } from './reach.ts';
import { relationsAround } from './relations.ts';
import { unexplained } from './unexplained.ts';
import type { ObjectStore } from './view.ts';

/** Pods of whose warnings is asked because nothing explains what they have. */
const MOST_WARNINGS = 10;

export interface DiagnoseInput {
  readonly agent: Agent;
  readonly store: ObjectStore;
  readonly facts: Facts;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly version: number;
  /** Objects by `refKey` about which a person asks: what was looked for there and not found is part of the report. */
  readonly about?: ReadonlySet<string>;
  /** Reads a monotonic clock, milliseconds; only for `tookMs`. */
  readonly elapsed?: () => number;
}

export interface DiagnoseResult {
  readonly report: Report;
  /** Probes asked for whose answer is not among the facts. */
  readonly wishes: readonly Probe[];
  /** What was asked of other agents, and is not among the facts either. */
  readonly consultations: readonly Consultation[];
  /** Everything asked for, answered or not, by `probeKey` and `consultationKey`. */
  readonly asked: ReadonlySet<string>;
  /** Checks and remedies that threw; the others went on. */
  readonly failures: readonly { readonly code: Code; readonly message: string }[];
}

/**
 * Runs all checks of an agent over what it sees, and its remedies over what they found. A pure function of its input: the same
 * recording gives the same report. A check that throws costs its own answer only.
 */
export function diagnose({ agent, store, facts, now, version, about, elapsed = () => 0 }: DiagnoseInput): DiagnoseResult {
  const begun = elapsed();
  const view = store.view();
  const wishes = new Map<string, Probe>();
  const consultations = new Map<string, Consultation>();
  const asked = new Set<string>();
  const consult = consulting(facts, asked, consultations);
  const failures: { code: Code; message: string }[] = [];
  const incomplete: Incomplete[] = [];
  const passed = new Map<string, Passed[]>();
  const findings = new Map<string, Finding>();
  /** Calls that only logs tell of. */
  const heard: Relation[] = [];

  const keep = (drafts: readonly FindingDraft[], check: Check) => {
    for (const finding of drafts.map((draft) => complete(draft, check, agent.id))) {
      const twin = findings.get(fingerprint(finding));
      findings.set(fingerprint(finding), twin === undefined ? finding : joined(twin, finding));
    }
  };
  const failed = (check: Check, error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    failures.push({ code: check.code, message });
    incomplete.push({ what: `check ${check.code}: ${check.title}`, because: `the check failed: ${message}` });
  };
  const ask = <P extends Probe>(probe: P): Fact<P['type']> | undefined => {
    const key = probeKey(probe);
    const fact = facts.get(key) as Fact | undefined;
    asked.add(key);
    if (fact === undefined) wishes.set(key, probe);
    else if (!fact.ok && UNREAD.has(fact.failure.code))
      incomplete.push({ what: probeWords(probe), because: `${fact.failure.code}: ${fact.failure.message}` });
    return fact as never;
  };
  for (const check of agent.checks) {
    try {
      const drafts = check.run({
        view,
        now,
        ask,
        consult,
        passed: (ref, because) => {
          const key = refKey(ref);
          const known = passed.get(key);
          if (known === undefined) passed.set(key, [{ check, because }]);
          else known.push({ check, because });
        },
        missing: (what, because) => incomplete.push({ what, because }),
      });
      for (const { subject, affects, calls = [] } of drafts)
        for (const to of calls)
          for (const from of [subject, ...affects]) if (refKey(from) !== refKey(to)) heard.push({ from, type: 'calls', to, failed: true });
      keep(drafts, check);
    } catch (error) {
      failed(check, error);
    }
  }
  for (const check of agent.checks)
    try {
      keep(check.after?.([...findings.values()]) ?? [], check);
    } catch (error) {
      failed(check, error);
    }
  const kinds = new Set(kindsOf(agent));
  for (const { kind, namespace, because } of store.gaps)
    if (kinds.has(kind))
      incomplete.push({ what: namespace === undefined ? KINDS[kind].resource : `${KINDS[kind].resource} in ${namespace}`, because });

  /** What the cluster last warned of about a pod that no finding speaks of. Known facts settle what is found; this is asked for last. */
  let asksLeft = MOST_WARNINGS;
  const lastWarning = (pod: KubeObject<'Pod'>): string | undefined => {
    if (wishes.size > 0 || asksLeft-- <= 0) return undefined;
    const fact = ask({ type: 'objectEvents', resource: refOf(pod), revision: pod.metadata.resourceVersion ?? '' });
    const said = fact?.ok === true ? fact.value.events.findLast((e) => e.type === 'Warning') : undefined;
    const placing = pod.status.conditions.find((c) => c.type === 'PodScheduled' && c.status === 'False');
    const [reason, message] = said === undefined ? [placing?.reason, placing?.message] : [said.reason, said.message];
    return message === undefined ? undefined : `${reason ?? ''}: ${redact(message.replaceAll(/\s+/g, ' ').slice(0, 300))}`;
  };
  const found = [...findings.values()];
  const codes = codesByObject(found);
  const all = found.map((f) => ({ ...f, ruledOut: ruledOut(f, passed, codes) }));
  const { drafts, advice } = remedies(agent, all, { view, now, consult }, failures);
  const around = [
    ...all.flatMap((f) => [f.subject, ...f.affects]),
    ...heard.map((r) => r.to),
    ...drafts.flatMap(({ draft }) => draft.actions.map((a) => a.target)),
  ];
  const relations = relationsAround(view, around);
  return {
    report: {
      context: store.context,
      version,
      findings: all,
      relations: [...relations, ...heard],
      drafts: drafts.map(({ fingerprint: of, draft }) => ({
        fingerprint: of,
        draft: { ...draft, reach: reachOf(view, relations, draft.actions) },
      })),
      advice,
      unexplained: unexplained(view, all, now, lastWarning),
      incomplete: unique(incomplete),
      ruledOut: about === undefined ? [] : ruledOutAbout(about, view, passed, codes),
      settled: wishes.size === 0 && consultations.size === 0,
      objects: store.size,
      tookMs: elapsed() - begun,
    },
    wishes: [...wishes.values()],
    consultations: [...consultations.values()],
    asked,
    failures,
  };
}

/** Failures of a probe that mean "not read"; others (no such log) are answers. */
const UNREAD: ReadonlySet<string> = new Set([
  'forbidden',
  'cluster-unreachable',
  'cluster-timeout',
  'cluster-unauthorized',
  'cluster-refused',
  'too-many-requests',
  'internal',
]);

const PROBE_WORDS: { readonly [T in Probe['type']]: string } = {
  podLogs: 'pods/log',
  certificate: 'certificates',
  objectEvents: 'events',
  changes: 'changes',
  knowledge: 'knowledge',
  signals: 'metrics of this cluster',
  logNews: 'logs of this cluster',
  announcements: 'what agents announced',
  metrics: 'metrics of this cluster',
  metricProfiles: 'metrics of this cluster',
  pastIncidents: 'past incidents',
  podRefused: 'dry run of create pods',
  customResources: 'objects of a custom kind',
};

/** What a probe reads, in the words of RBAC: `pods/log in shop`. */
function probeWords(probe: Probe): string {
  if (probe.type === 'customResources') return `${probe.plural}.${probe.group}`;
  const namespace = 'namespace' in probe ? probe.namespace : 'resource' in probe ? probe.resource.namespace : undefined;
  return `${PROBE_WORDS[probe.type]}${namespace === undefined ? '' : ` in ${namespace}`}`;
}

/**
 * The draft with what its check says about itself.
 * @throws where it is not what the contract calls a finding; that costs this check's answer, not the whole report.
 */
function complete(draft: FindingDraft, check: Check, source: string): Finding {
  const severity = draft.severity ?? check.severity;
  const parsed = FindingSchema.safeParse({
    code: check.code,
    title: check.title,
    result: severity === 'info' || severity === 'low' ? 'warn' : 'fail',
    role: draft.role ?? check.role,
    severity,
    subject: draft.subject,
    ...(draft.field === undefined ? {} : { field: draft.field }),
    affects: [...draft.affects],
    // Whatever a check quotes: what looks like a credential goes no further than here.
    message: redact(draft.message),
    evidence: draft.evidence.map((e) => ({ ...e, text: redact(e.text) })),
    ruledOut: draft.ruledOut ?? [],
    confidence: draft.confidence ?? 0.9,
    params: draft.params ?? {},
    source,
  } satisfies Finding);
  if (parsed.success) return parsed.data;
  throw new Error(`it returned no valid finding: ${issueWords(parsed.error.issues)}`);
}

const issueWords = (issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]) =>
  issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('; ');

/** One check said the same of the same field twice: one finding that affects all of them. */
function joined(a: Finding, b: Finding): Finding {
  const known = new Set(a.affects.map(refKey));
  const quoted = new Set(a.evidence.map((e) => e.text));
  return {
    ...a,
    affects: [...a.affects, ...b.affects.filter((r) => !known.has(refKey(r)))],
    evidence: [...a.evidence, ...b.evidence.filter((e) => !quoted.has(e.text))],
    confidence: Math.max(a.confidence, b.confidence),
  };
}

function remedies(
  agent: Agent,
  findings: readonly Finding[],
  rest: Omit<RemedyContext<Kind>, 'finding'>,
  failures: { code: Code; message: string }[],
): Pick<Report, 'drafts' | 'advice'> {
  const drafts: Report['drafts'] = [];
  const advice: Report['advice'] = [];
  for (const finding of findings) {
    for (const remedy of agent.remedies) {
      if (!remedy.codes.includes(finding.code)) continue;
      try {
        const answer = remedy.run({ finding, ...rest });
        for (const plan of answer?.plans ?? []) {
          const parsed = PlanDraftSchema.safeParse(plan);
          if (parsed.success) drafts.push({ fingerprint: fingerprint(finding), draft: parsed.data });
          else failures.push({ code: finding.code, message: `remedy ${remedy.name}: no valid plan: ${issueWords(parsed.error.issues)}` });
        }
        if (answer?.advice !== undefined) advice.push({ fingerprint: fingerprint(finding), text: answer.advice });
      } catch (error) {
        failures.push({ code: finding.code, message: `remedy ${remedy.name}: ${error instanceof Error ? error.message : String(error)}` });
      }
    }
  }
  return { drafts, advice };
}

function unique(all: readonly Incomplete[]): Incomplete[] {
  return [...new Map(all.map((x) => [`${x.what}|${x.because}`, x])).values()];
}
