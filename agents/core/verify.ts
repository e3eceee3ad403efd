import {
  type Code,
  type ContextName,
  type Finding,
  type ResourceRef,
  SEVERITIES,
  fingerprint,
  refKey,
  refWords,
} from '../contract/index.ts';
import type { View } from './view.ts';
import { dependents, standsOn, unwellBecause } from './wellness.ts';

/** What an agent must know of a plan to judge it. */
export interface JudgeTask {
  readonly plan: string;
  readonly context: ContextName;
  readonly agent: string;
  /** Codes that must be gone from `subject`. */
  readonly codes: readonly Code[];
  readonly subject: ResourceRef;
  /** Of the incident's root cause, where it has one: tells the plan's fault from one of the same code in another field. */
  readonly field?: string | undefined;
  /** The objects the actions changed or made; not those they deleted for good, which nothing can find well. */
  readonly targets: readonly ResourceRef[];
  /** `knownKey`s of the findings there were when the plan began to act; a cause that is not among them is new. */
  readonly known: readonly string[];
}

export interface Judgement {
  readonly holds: boolean;
  readonly hopeless: boolean;
  readonly because: string;
}

/** Identity of a finding among those known when a plan began: its fingerprint. */
export function knownKey(finding: Pick<Finding, 'code' | 'subject' | 'field'>): string {
  return fingerprint(finding);
}

const atLeast = (f: Finding, severity: Finding['severity']) => SEVERITIES.indexOf(f.severity) >= SEVERITIES.indexOf(severity);

/**
 * Whether a plan has helped: its codes are gone from the subject, and what it changed, and what depends on that, is positively well
 * (rolled out, bound, with endpoints). Silence of a check alone proves nothing: new pods are silent while they start. Where another
 * fault that was there before keeps the target down, the plan is not to blame: it holds, and the answer says what is left.
 */
export function judge({ task, findings, view }: { task: JudgeTask; findings: readonly Finding[]; view: View }): Judgement {
  const known = new Set(task.known);
  const still = findings.find((f) => isSameFault(f, task, known));
  if (still !== undefined) return { holds: false, hopeless: false, because: `${still.code} is still there: ${still.message}` };
  const objects = [...new Map([task.subject, ...task.targets].map((r) => [refKey(r), r])).values()];
  const keys = new Set(objects.map(refKey));
  const fresh = findings.find((f) => isNewFault(f, task, known) && keys.has(refKey(f.subject)));
  if (fresh !== undefined) return { holds: false, hopeless: true, because: `a new fault appeared: ${fresh.code}, ${fresh.message}` };
  const gone = `${task.codes.join(', ')} gone`;
  for (const ref of objects) {
    const unwell = unwellBecause(ref, view);
    if (unwell === undefined) continue;
    const other = unwell.settling ? undefined : heldUpBy(ref, (r) => otherFault(r, findings, task, known), view);
    if (other === undefined) return { holds: false, hopeless: false, because: unwell.because };
    return { holds: true, hopeless: false, because: `${gone}; ${refWords(ref)} is still held up by ${other.code}: ${other.message}` };
  }
  for (const { ref, unwell } of objects.flatMap((o) => dependents(o, view))) {
    const excused = findings.some((f) => f.role === 'cause' && atLeast(f, 'medium') && speaksOf(f, ref));
    if (!excused) return { holds: false, hopeless: false, because: unwell.because };
  }
  return { holds: true, hopeless: false, because: `${gone}, ${refWords(task.subject)} is well` };
}

/** A fault of the object itself, or one of what it stands on, where each part of that has one. */
function heldUpBy(ref: ResourceRef, faultOf: (ref: ResourceRef) => Finding | undefined, view: View): Finding | undefined {
  const own = faultOf(ref);
  if (own !== undefined) return own;
  const beneath = standsOn(ref, view).map(faultOf);
  return beneath.includes(undefined) ? undefined : beneath[0];
}

const speaksOf = (f: Finding, ref: ResourceRef) => [f.subject, ...f.affects].some((r) => refKey(r) === refKey(ref));

/** The plan's own fault, in its own field or one where it was not before. */
function isSameFault(f: Finding, task: JudgeTask, known: ReadonlySet<string>): boolean {
  if (!task.codes.includes(f.code) || refKey(f.subject) !== refKey(task.subject)) return false;
  return task.field === undefined || f.field === task.field || !known.has(knownKey(f));
}

/** A cause nobody knew of: sure, grave, and of a code its object did not have, in whatever field, before the plan began. */
function isNewFault(f: Finding, task: JudgeTask, known: ReadonlySet<string>): boolean {
  if (f.role !== 'cause' || !atLeast(f, 'high') || f.confidence < 0.7 || known.has(knownKey(f))) return false;
  const sameObject = `${knownKey({ code: f.code, subject: f.subject })}`;
  return !task.known.some((key) => key.startsWith(sameObject));
}

/** A grave cause that was there before and that this plan was not to remove. */
function otherFault(ref: ResourceRef, findings: readonly Finding[], task: JudgeTask, known: ReadonlySet<string>): Finding | undefined {
  return findings.find(
    (f) =>
      f.role === 'cause' &&
      atLeast(f, 'medium') &&
      f.confidence >= 0.7 &&
      known.has(knownKey(f)) &&
      speaksOf(f, ref) &&
      !(task.codes.includes(f.code) && (task.field === undefined || f.field === task.field) && refKey(f.subject) === refKey(task.subject)),
  );
}
