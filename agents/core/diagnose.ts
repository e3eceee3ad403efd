import {
  type Code,
  type Fact,
  type Finding,
  type Incomplete,
  type Probe,
  type Report,
  fingerprint,
  probeKey,
  refKey,
} from '../contract/index.ts';
import { type Agent, type Check, type FindingDraft, kindsOf } from './agent.ts';
import { relationsAround } from './relations.ts';
import { unexplained } from './unexplained.ts';
import type { ObjectStore, View } from './view.ts';

export interface DiagnoseInput {
  readonly agent: Agent;
  readonly store: ObjectStore;
  /** Answers so far, by `probeKey`. */
  readonly facts: ReadonlyMap<string, Fact>;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly version: number;
  /** Reads a monotonic clock, milliseconds; only for `tookMs`. */
  readonly elapsed?: () => number;
}

export interface DiagnoseResult {
  readonly report: Report;
  /** Probes asked for whose answer is not among the facts. */
  readonly wishes: readonly Probe[];
  /** Checks and remedies that threw; the others went on. */
  readonly failures: readonly { readonly code: Code; readonly message: string }[];
}

interface Passed {
  readonly check: Check;
  readonly because: string;
}

/** Most hypotheses worth reading under one incident. */
const MOST_RULED_OUT = 8;

/**
 * Runs all checks of an agent over what it sees, and its remedies over what they found. A pure function of its input: the same
 * recording gives the same report. A check that throws costs its own answer only.
 */
export function diagnose({ agent, store, facts, now, version, elapsed = () => 0 }: DiagnoseInput): DiagnoseResult {
  const begun = elapsed();
  const view = store.view();
  const wishes = new Map<string, Probe>();
  const failures: { code: Code; message: string }[] = [];
  const incomplete: Incomplete[] = [];
  const passed = new Map<string, Passed[]>();
  const findings = new Map<string, Finding>();

  for (const check of agent.checks) {
    try {
      const drafts = check.run({
        view,
        now,
        ask: (probe) => {
          const key = probeKey(probe);
          const fact = facts.get(key);
          if (fact === undefined) wishes.set(key, probe);
          return fact as never;
        },
        passed: (ref, because) => {
          const key = refKey(ref);
          passed.set(key, [...(passed.get(key) ?? []), { check, because }]);
        },
        missing: (what, because) => incomplete.push({ what, because }),
      });
      for (const draft of drafts) {
        const finding = complete(draft, check, agent.id);
        if (!findings.has(fingerprint(finding))) findings.set(fingerprint(finding), finding);
      }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      failures.push({ code: check.code, message });
      incomplete.push({ what: `check ${check.code}: ${check.title}`, because: `the check failed: ${message}` });
    }
  }
  for (const gap of store.gaps)
    if (kindsOf(agent).includes(gap.kind))
      incomplete.push({ what: gap.namespace === undefined ? gap.kind : `${gap.kind} in ${gap.namespace}`, because: gap.because });

  const all = [...findings.values()].map((f) => withRuledOut(f, passed));
  return {
    report: {
      context: store.context,
      version,
      findings: all,
      relations: relationsAround(
        view,
        all.flatMap((f) => [f.subject, ...f.affects]),
      ),
      ...remedies(agent, all, view, now, failures),
      unexplained: unexplained(view, all, now),
      incomplete: unique(incomplete),
      ruledOut: [],
      settled: wishes.size === 0,
      objects: store.size,
      tookMs: elapsed() - begun,
    },
    wishes: [...wishes.values()],
    failures,
  };
}

function complete(draft: FindingDraft, check: Check, source: string): Finding {
  const severity = draft.severity ?? check.severity;
  return {
    code: check.code,
    title: check.title,
    result: severity === 'info' || severity === 'low' ? 'warn' : 'fail',
    role: draft.role ?? check.role,
    severity,
    subject: draft.subject,
    ...(draft.field === undefined ? {} : { field: draft.field }),
    affects: [...draft.affects],
    message: draft.message,
    evidence: draft.evidence,
    ruledOut: draft.ruledOut ?? [],
    confidence: draft.confidence ?? 0.9,
    params: draft.params ?? {},
    source,
  };
}

function withRuledOut(finding: Finding, passed: ReadonlyMap<string, readonly Passed[]>): Finding {
  const about = (passed.get(refKey(finding.subject)) ?? []).filter((p) => p.check.code !== finding.code);
  const ruledOut = [
    ...finding.ruledOut,
    ...about.map((p) => ({ hypothesis: p.check.hypothesis, because: `${p.because} (${p.check.code})` })),
  ];
  return {
    ...finding,
    ruledOut: ruledOut.filter((r, i) => ruledOut.findIndex((x) => x.hypothesis === r.hypothesis) === i).slice(0, MOST_RULED_OUT),
  };
}

function remedies(
  agent: Agent,
  findings: readonly Finding[],
  view: View,
  now: number,
  failures: { code: Code; message: string }[],
): Pick<Report, 'drafts' | 'advice'> {
  const drafts: Report['drafts'] = [];
  const advice: Report['advice'] = [];
  for (const finding of findings) {
    for (const remedy of agent.remedies) {
      if (!remedy.codes.includes(finding.code)) continue;
      try {
        const answer = remedy.run({ finding, view, now });
        for (const draft of answer?.plans ?? []) drafts.push({ fingerprint: fingerprint(finding), draft });
        if (answer?.advice !== undefined) advice.push({ fingerprint: fingerprint(finding), text: answer.advice });
      } catch (error) {
        failures.push({ code: finding.code, message: `remedy ${remedy.name}: ${error instanceof Error ? error.message : String(error)}` });
      }
    }
  }
  return { drafts, advice };
}

function unique(all: readonly Incomplete[]): Incomplete[] {
  return all.filter((x, i) => all.findIndex((y) => y.what === x.what && y.because === x.because) === i);
}
