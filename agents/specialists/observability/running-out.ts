import type { Evidence, ResourceRef, RunningOut, Severity } from '../../contract/index.ts';
import type { CheckContext, FindingDraft } from '../../core/agent.ts';
import { inWords } from '../../core/signals/outlook.ts';
import { inUnit } from '../../core/signals/watch.ts';
import type { SubjectKind } from './subjects.ts';

/** What checks of limits share: the forecasts of a cluster as a fact, and how they are said. */

export type Ctx = CheckContext<SubjectKind>;

export function runningOut(ctx: Ctx, ...signals: readonly string[]): readonly RunningOut[] {
  const fact = ctx.ask({ type: 'signals' });
  return fact?.ok === true ? fact.value.runningOut.filter((r) => signals.includes(r.signal)) : [];
}

const MINUTE = 60_000;

/** "in 40 minutes", "in 5 hours": how long from now. */
export function ahead(at: string, now: number): string {
  const minutes = Math.max(0, Math.round((Date.parse(at) - now) / MINUTE));
  if (minutes < 1) return 'within a minute';
  if (minutes < 120) return `in ${minutes} minute${minutes === 1 ? '' : 's'}`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `in ${hours} hours` : `in ${Math.round(hours / 24)} days`;
}

/** The nearer, the worse: who is paged must still be able to do something. */
export function urgency(at: string, now: number): Severity {
  const minutes = (Date.parse(at) - now) / MINUTE;
  return minutes <= 60 ? 'high' : minutes <= 6 * 60 ? 'medium' : 'low';
}

export function forecastEvidence(resource: ResourceRef, r: RunningOut): Evidence {
  const between = `between ${r.earliest} and ${r.latest}`;
  return {
    kind: 'metric',
    resource,
    source: r.signal,
    text: `${inUnit(r.signal, r.value)} of ${inUnit(r.signal, r.limit)}: ${inWords(r.signal, r.because)}; the limit is reached ${between} (confidence ${r.confidence})`,
    at: r.at,
  };
}

interface Said {
  readonly subject: ResourceRef;
  readonly affects: readonly ResourceRef[];
  /** "Deployment web will use all the memory it may": what happens when it is reached. */
  readonly what: string;
  /** What a person can do. */
  readonly remedy: string;
  readonly field?: string;
  readonly evidence?: readonly Evidence[];
}

export function draftOf(r: RunningOut, now: number, { subject, affects, what, remedy, field, evidence = [] }: Said): FindingDraft {
  return {
    subject,
    ...(field === undefined ? {} : { field }),
    affects: [...affects],
    message: `${what} ${ahead(r.exhaustsAt, now)} (${inUnit(r.signal, r.value)} of ${inUnit(r.signal, r.limit)} now); ${remedy}`,
    evidence: [forecastEvidence(subject, r), ...evidence],
    confidence: Math.min(0.95, r.confidence),
    severity: urgency(r.exhaustsAt, now),
    params: {
      toCome: true,
      expected: `between ${r.earliest} and ${r.latest}`,
      silentWhen: 'it no longer rises towards its limit, or the limit is farther than is foretold',
      ...(r.since === r.at ? {} : { since: Date.parse(r.since) }),
    },
  };
}
