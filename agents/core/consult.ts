import {
  CONSULTATIONS,
  type Consultation,
  type ConsultationAnswer,
  type ConsultationName,
  type ConsultationOutput,
  type Fact,
  type Probe,
  consultationKey,
  ownerOf,
  probeKey,
} from '../contract/index.ts';
import type { Agent, Consult, Offer } from './agent.ts';
import type { ObjectStore } from './view.ts';

/** What is known so far, by `probeKey` and `consultationKey`. */
export type Facts = ReadonlyMap<string, Fact | ConsultationAnswer>;

/** A `consult` over what is known: remembers what was asked, and what of it nobody has answered yet. */
export function consulting(facts: Facts, asked: Set<string>, open: Map<string, Consultation>): Consult {
  return (name, input) => {
    const consultation = { name, input };
    const key = consultationKey(consultation);
    asked.add(key);
    const answer = facts.get(key);
    if (answer === undefined) open.set(key, consultation);
    return answer as never;
  };
}

export const offerOf = (agent: Agent, name: ConsultationName): Offer | undefined => agent.offers?.[name.slice(ownerOf(name).length + 1)];

export type Reply =
  | { readonly type: 'wishes'; readonly probes: readonly Probe[] }
  | { readonly type: 'answer'; readonly value: ConsultationOutput<ConsultationName> }
  | { readonly type: 'failed'; readonly message: string };

/** Runs an agent's offer over what it sees and knows. What it throws, or says in another form than the contract's, is its failure. */
export function reply(agent: Agent, { name, input }: Consultation, store: ObjectStore, facts: Facts, now: number): Reply {
  const offer = offerOf(agent, name);
  if (offer === undefined) return { type: 'failed', message: `${agent.title} does not answer ${name}.` };
  const wishes = new Map<string, Probe>();
  try {
    const value: unknown = offer.run({
      input: CONSULTATIONS[name].input.parse(input) as never,
      view: store.view(),
      now,
      ask: (probe) => {
        const key = probeKey(probe);
        const fact = facts.get(key);
        if (fact === undefined) wishes.set(key, probe);
        return fact as never;
      },
    });
    if (wishes.size > 0) return { type: 'wishes', probes: [...wishes.values()] };
    return { type: 'answer', value: CONSULTATIONS[name].output.parse(value) };
  } catch (error) {
    return { type: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}
