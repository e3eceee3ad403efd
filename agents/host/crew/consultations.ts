import {
  CONSULTATIONS,
  type Consultation,
  type ConsultationAnswer,
  type ConsultationAsk,
  type ConsultationName,
  type ContextName,
  type HostEvent,
  consultationKey,
  ownerOf,
} from '../../contract/index.ts';
import { offerOf } from '../../core/consult.ts';
import type { Clock, Log } from '../ports/runtime.ts';
import type { AgentKeeper } from './supervisor.ts';
import { unavailable } from './unavailable.ts';

/** Questions of which the log knows how they went; the oldest is told anew when it is asked again. */
const MOST_TOLD = 1_000;

interface Parts {
  readonly keeper: (id: string) => Pick<AgentKeeper, 'agent' | 'consult'> | undefined;
  readonly append: (event: HostEvent) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Carries a question from one agent, or from the host, to the agent that answers it, and the answer back. Whoever is not there, paused,
 * fallen or too slow is "unavailable"; nothing waits longer than the consultation's time limit.
 */
export class Consultations {
  readonly #parts: Parts;
  /** By asker and question: whether there was an answer. A question asked again and again is told of when that turns. */
  readonly #told = new Map<string, boolean>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** `by`: the id of the agent that asks, or what of the host does. `context`: the cluster it is about; null for none. */
  ask<N extends ConsultationName>(
    by: string,
    context: ContextName | null,
    name: N,
    input: ConsultationAsk<N>,
  ): Promise<ConsultationAnswer<N>> {
    return this.carry(by, context, { name, input }) as Promise<ConsultationAnswer<N>>;
  }

  /** The same, of a question whose input nobody has looked at yet. */
  async carry(by: string, context: ContextName | null, consultation: Consultation): Promise<ConsultationAnswer> {
    const { append, clock } = this.#parts;
    const { name } = consultation;
    const key = `${by} ${context ?? ''} ${consultationKey(consultation)}`;
    const before = this.#told.get(key);
    if (before === undefined) await append({ type: 'consultation.asked', by, name, context });
    const begun = clock.now();
    const answer = await this.#answer(context, consultation);
    if (before !== answer.ok)
      await append({
        type: 'consultation.answered',
        by,
        name,
        context,
        unavailable: answer.ok ? null : answer.failure.message,
        durationMs: Math.max(0, Math.round(clock.now() - begun)),
      });
    this.#told.delete(key);
    this.#told.set(key, answer.ok);
    for (const oldest of this.#told.keys()) {
      if (this.#told.size <= MOST_TOLD) break;
      this.#told.delete(oldest);
    }
    return answer;
  }

  async #answer(context: ContextName | null, { name, input }: Consultation): Promise<ConsultationAnswer> {
    const row = CONSULTATIONS[name];
    const parsed = row.input.safeParse(input);
    if (!parsed.success) {
      const issues = parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('; ');
      return { ok: false, failure: { code: 'bad-input', message: `${name} was asked wrongly: ${issues}.` } };
    }
    const keeper = this.#parts.keeper(ownerOf(name));
    const offer = keeper === undefined ? undefined : offerOf(keeper.agent, name);
    if (keeper === undefined || offer === undefined)
      return unavailable(`There is no agent ${ownerOf(name)} here that could say ${row.words}.`);
    if (context === null && offer.kinds.length > 0)
      return { ok: false, failure: { code: 'bad-input', message: `${name} is about a cluster, and none was named.` } };
    return keeper.consult(context, { name, input: parsed.data }, row.timeLimitMs);
  }
}
