import type {
  Announced,
  Code,
  ConsultationAnswer,
  ConsultationAsk,
  ConsultationInput,
  ConsultationName,
  ConsultationOutput,
  Fact,
  Finding,
  Kind,
  OwnerOf,
  Params,
  PlanDraft,
  Probe,
  ResourceRef,
  Severity,
} from '../contract/index.ts';
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
  /** Whom the subject, and all it affects, call without being answered: an edge of the cause graph, where only the check knows of it. */
  readonly calls?: readonly ResourceRef[];
  /**
   * For this agent's remedies. `wanted` (the name of what is absent), with `kind` and `object` where there are any, also tells
   * whether two findings of one code about one subject are the same fault written in two fields. `makes`: the absent object (`Secret/ns/name`) that
   * the subject should have made: who lacks it lacks it because of this. `awaits`: all that is known is that what
   * it calls is not ready; whatever explains that, however unsure, explains this.
   */
  readonly params?: Params;
  /** Where it differs from the check's own. */
  readonly severity?: Severity;
  readonly role?: 'cause' | 'symptom';
}

/** Asks another agent by name. The answer if it is known, a failure included; else undefined, and it is asked: one is run again when it is there. */
export type Consult = <N extends ConsultationName>(name: N, input: ConsultationAsk<N>) => ConsultationAnswer<N> | undefined;

export interface CheckContext<K extends Kind> {
  readonly view: View<K>;
  /** Milliseconds since 1970, the moment of this evaluation. */
  readonly now: number;
  /** The fact if it is known; else undefined, and the wish is remembered: the check runs again when it is answered. */
  ask<P extends Probe>(probe: P): Fact<P['type']> | undefined;
  readonly consult: Consult;
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
  /** What its findings are announced as to agents that listen; `score`, `expected`, `silentWhen` and `since` of their params go along. */
  readonly announces?: Announced;
  /** The sentence that is ruled out where the check passes: "a ConfigMap it refers to is missing". */
  readonly hypothesis: string;
  /** A paragraph: what it looks for, why that breaks things, and where the rule comes from. */
  readonly doc: string;
  run(ctx: CheckContext<K>): readonly FindingDraft[];
  /** Over what all checks found, this one included: what is to be said of what they quote. */
  after?(findings: readonly Finding[]): readonly FindingDraft[];
}

export interface RemedyContext<K extends Kind> {
  readonly finding: Finding;
  readonly view: View<K>;
  readonly now: number;
  readonly consult: Consult;
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

export interface OfferContext<K extends Kind, N extends ConsultationName> {
  readonly input: ConsultationInput<N>;
  /** Of the cluster it is asked about; an offer of no kinds may be asked about none. */
  readonly view: View<K>;
  readonly now: number;
  /** As a check asks: what is returned while a wish is open is not the answer yet. */
  ask<P extends Probe>(probe: P): Fact<P['type']> | undefined;
}

/**
 * How an agent answers one consultation: a pure function of (input, view, facts, now). It asks no other agent, so no two ever wait for
 * each other.
 */
export interface Offer<N extends ConsultationName = ConsultationName, K extends Kind = Kind> {
  readonly name: N;
  readonly kinds: readonly K[];
  run(ctx: OfferContext<K, N>): ConsultationOutput<N>;
}

/** What the contract says that this agent answers, by the part of the name behind the dot. */
type OffersOf<Id extends string> = { readonly [N in ConsultationName as N extends `${Id}.${infer Short}` ? Short : never]: Offer<N> };

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
  readonly offers?: Readonly<Record<string, Offer>>;
  /** What of other agents' announcements it wakes on; it reads them with the probe `announcements`. */
  readonly listens?: readonly Announced[];
}

/** Erases `K` after it has typed `run`: the engine hands every check a view of at least its kinds. */
export function defineCheck<const K extends Kind>(check: Check<K>): Check {
  return check as unknown as Check;
}

export function defineRemedy<const K extends Kind>(remedy: Remedy<K>): Remedy {
  return remedy as unknown as Remedy;
}

export function defineOffer<const N extends ConsultationName, const K extends Kind>(name: N, offer: Omit<Offer<N, K>, 'name'>): Offer<N> {
  return { name, ...offer } as unknown as Offer<N>;
}

type WithOffers<Id extends string> = keyof OffersOf<Id> extends never ? { readonly offers?: never } : { readonly offers: OffersOf<Id> };

export function defineAgent<const Id extends string>(
  agent: Omit<Agent, 'id' | 'offers'> & { readonly id: Id } & WithOffers<Id>,
): Agent & { readonly id: Id } {
  const codes = [...agent.checks, ...(agent.manifestChecks ?? [])].map((c) => c.code);
  const twice = codes.find((code, i) => codes.indexOf(code) !== i);
  if (twice !== undefined) throw new Error(`agent ${agent.id}: two checks have the code ${twice}`);
  return agent as unknown as Agent & { readonly id: Id };
}

/** The list of agents. Does not compile while a consultation of the contract has nobody to answer it. */
export function registry<const A extends readonly Agent[]>(
  agents: A & ([Exclude<OwnerOf<ConsultationName>, A[number]['id']>] extends [never] ? unknown : { readonly nobodyAnswersFor: string }),
): readonly Agent[] {
  return agents;
}

/** All kinds an agent reads: what is watched for it, sent to its thread, and documented as its RBAC. */
export function kindsOf(agent: Agent): readonly Kind[] {
  const offers = Object.values(agent.offers ?? {});
  return [...new Set([...agent.checks, ...agent.remedies, ...offers].flatMap((part) => part.kinds))].sort();
}
