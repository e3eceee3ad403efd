import type { Code, Fact, Finding, Kind, Params, PlanDraft, Probe, ResourceRef, Severity } from '../contract/index.ts';
import type { View } from './view.ts';

/**
 * How agents are written. A check is data and one pure function of (view, facts, now); a remedy turns one finding into plans.
 * Neither holds a client, a clock, a database or a model; what they want to know they ask for as data.
 */

/** What a check's `run` returns: a finding without what the check's own data already says. */
export interface FindingDraft {
  /** The object a person must change or restore: the topmost owner that is edited. */
  readonly subject: ResourceRef;
  readonly field?: string | undefined;
  readonly affects: readonly ResourceRef[];
  /** Names the object, the wrong value, and what would be right. */
  readonly message: string;
  readonly evidence: Finding['evidence'];
  readonly ruledOut?: Finding['ruledOut'];
  /** Default 0.9. Below 0.5 the message must say what is missing to prove it. */
  readonly confidence?: number;
  /** Whom the subject calls, where that is only known from its logs: an edge of the cause graph. */
  readonly calls?: readonly ResourceRef[];
  /**
   * For this agent's remedies. `wanted` (the name of what is absent), with `kind` and `object` where there are any, also tells
   * whether two findings of one code about one subject are the same fault written in two fields.
   */
  readonly params?: Params;
  /** Where it differs from the check's own. */
  readonly severity?: Severity;
  readonly role?: 'cause' | 'symptom';
}

export interface CheckContext<K extends Kind> {
  readonly view: View<K>;
  /** Milliseconds since 1970, the moment of this evaluation. */
  readonly now: number;
  /** The fact if it is known; else undefined, and the wish is remembered: the check runs again when it is answered. */
  ask<P extends Probe>(probe: P): Fact<P['type']> | undefined;
  /** This check examined the object and its hypothesis does not hold there; becomes "ruled out" of an incident about it. */
  passed(ref: ResourceRef, because: string): void;
  /** Something this check needed could not be read; becomes `incomplete` of the diagnosis. */
  missing(what: string, because: string): void;
}

export interface Check<K extends Kind = Kind> {
  readonly code: Code;
  readonly title: string;
  readonly severity: Severity;
  readonly role: 'cause' | 'symptom';
  readonly kinds: readonly K[];
  /** The sentence that is ruled out where the check passes: "a ConfigMap it refers to is missing". */
  readonly hypothesis: string;
  /** A paragraph: what it looks for, why that breaks things, and where the rule comes from. */
  readonly doc: string;
  run(ctx: CheckContext<K>): readonly FindingDraft[];
}

export interface RemedyContext<K extends Kind> {
  readonly finding: Finding;
  readonly view: View<K>;
  readonly now: number;
}

/** Plans, best first; or advice: what a person must supply where no value follows from the cluster. */
export interface RemedyAnswer {
  readonly plans?: readonly PlanDraft[];
  readonly advice?: string;
}

export interface Remedy<K extends Kind = Kind> {
  /** The remedy's file name: `correct-selector`. */
  readonly name: string;
  readonly codes: readonly Code[];
  readonly kinds: readonly K[];
  readonly doc: string;
  run(ctx: RemedyContext<K>): RemedyAnswer | undefined;
}

export interface Agent {
  /** The folder's name. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** A lucide icon name; drawn by whoever shows the agent. */
  readonly icon: string;
  readonly checks: readonly Check[];
  /** Only for files that people write: what does not fit in them, long before a pod could show it. */
  readonly manifestChecks?: readonly Check[];
  readonly remedies: readonly Remedy[];
}

/** Erases `K` after it has typed `run`: the engine hands every check a view of at least its kinds. */
export function defineCheck<const K extends Kind>(check: Check<K>): Check {
  return check as unknown as Check;
}

export function defineRemedy<const K extends Kind>(remedy: Remedy<K>): Remedy {
  return remedy as unknown as Remedy;
}

export function defineAgent(agent: Agent): Agent {
  const codes = [...agent.checks, ...(agent.manifestChecks ?? [])].map((c) => c.code);
  const twice = codes.find((code, i) => codes.indexOf(code) !== i);
  if (twice !== undefined) throw new Error(`agent ${agent.id}: two checks have the code ${twice}`);
  return agent;
}

/** All kinds an agent reads: what is watched for it, sent to its thread, and documented as its RBAC. */
export function kindsOf(agent: Agent): readonly Kind[] {
  return [...new Set([...agent.checks.flatMap((c) => c.kinds), ...agent.remedies.flatMap((r) => r.kinds)])].sort();
}
