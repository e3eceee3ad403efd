import type { ActionType, Risk } from '../../agents/contract/index.ts';
import type { Condition } from './conditions.ts';

/** A fault replayed on a real cluster, as data: what is applied, when it shows, what must be said, and what must be true afterwards. */

export interface ObjectName {
  readonly kind: string;
  readonly name: string;
}

export interface Expectation {
  /** Any of these as the root cause. */
  readonly codes: readonly string[];
  readonly kind: string;
  readonly name: string;
  /** Where the wrong value stands; omitted where several places are as right. */
  readonly field?: string;
  /** Each must occur in the title, message or evidence. */
  readonly mentions: readonly string[];
}

export interface Repair {
  /** The plan to approve is the first whose actions have these types, in this order; or the first there is. */
  readonly actions: readonly ActionType[] | 'any';
  readonly maxRisk: Risk;
  /** True afterwards, and for the thirty seconds after that. */
  readonly after: Condition;
}

interface Common {
  /** The folder's name. */
  readonly id: string;
  readonly family: number;
  readonly title: string;
  /** Objects whose uid and spec must be the same at the end. */
  readonly bystanders: readonly ObjectName[];
  /** It changes what belongs to the whole cluster: played after all the others, with nothing beside it. */
  readonly alone?: boolean;
}

export interface FaultCase extends Common {
  /** When a person with kubectl could see that something is wrong. */
  readonly visible: Condition;
  readonly expect: Expectation;
  /** Other faults that are there at the same time and have nothing to do with it: an incident each. */
  readonly also?: readonly Expectation[];
  /** Who may not list these resources sees nothing of it at all: it is then enough that they are named as missing. */
  readonly hiddenWithout?: readonly string[];
  /** Null where no honest plan exists; `advice` are words that must then be in the incident's advice. */
  readonly repair: Repair | null;
  readonly advice?: readonly string[];
  /** A plan of these actions is proposed, and not carried out: what it changes cannot live in the test cluster. */
  readonly proposes?: readonly ActionType[];
}

/** What a person asks about the case, and what the answer must hold: `POST /diagnosis` of its namespace or another. */
export interface Question {
  /** `deployment/checkout`; without it about the namespace. */
  readonly resource?: string;
  /** Where it is not the case's own; empty: all. */
  readonly namespaces?: readonly string[];
  /** It is refused with these words, or answered with these; `$(NAMESPACE)` stands for the case's. */
  readonly refused: boolean;
  readonly says: readonly string[];
  readonly saysNot?: readonly string[];
}

/** Nothing is wrong, and nothing may be said unasked. */
export interface ControlCase extends Common {
  readonly asks?: readonly Question[];
  readonly silent: true;
  /** Everything is as it is meant to be; silence counts from then on. */
  readonly settled: Condition;
}

export type Case = FaultCase | ControlCase;

export function isControl(c: Case): c is ControlCase {
  return 'silent' in c;
}
