import type { Answer, Question } from '../../contract/ask.ts';
import type { Outcome } from '../../contract/index.ts';
import type { ForWhom } from '../../core/ask/classify.ts';
import { asksOpinion } from '../../core/ask/scope.ts';
import { understand } from '../../core/ask/understand.ts';
import { named, whomAsked } from '../../core/ask/unsure.ts';
import { redact } from '../../core/redact.ts';
import { AskClassifier } from './classifier.ts';
import { incidentsSpokenOf } from './incidents.ts';
import { look } from './look.ts';
import { tellOrder } from './read/order.ts';
import { tellTopic } from './read/tell-topic.ts';
import { askModel } from './model.ts';
import { tellPast } from './past.ts';
import { AskSessions } from './sessions.ts';
import { tellSpokenOf } from './telling.ts';
import { type AskParts, type Asker, Turn } from './turn.ts';
import { tellWritten } from './written.ts';

/**
 * Answers questions in plain words: it looks at a cluster, at what is written and at what was before, and puts the answer together from
 * what it found there. It holds no way to change anything; what a cluster or a document says is quoted, never followed.
 */
export class Asking {
  readonly #parts: AskParts;
  readonly #classifier: AskClassifier;
  readonly sessions: AskSessions;

  constructor(parts: AskParts) {
    this.#parts = parts;
    this.#classifier = new AskClassifier(parts.ports);
    this.sessions = new AskSessions(parts.ports.dataDir);
  }

  close(): void {
    this.#classifier.close();
  }

  async answer(asked: Question, tell: Asker['tell'] = () => undefined, signal?: AbortSignal): Promise<Outcome<Answer>> {
    const { ports, orchestrator } = this.#parts;
    const begun = performance.now();
    const answers = asked.session === undefined ? [] : this.sessions.of(asked.session);
    if (answers === undefined) return noSession(asked.session ?? '');
    const question = asked.question.trim();
    const before = answers.at(-1);
    const context = asked.context ?? before?.about.context ?? null;
    const { forWhom, by } = await this.#forWhom(question, context, { tell, signal });
    const [first] = forWhom;
    const agent = first?.agent ?? 'troubleshooting';
    const turn = new Turn({
      question,
      understood: understand(question, forWhom, before !== undefined),
      agent,
      before,
      about: { context, namespaces: asked.namespaces, resource: null, incidents: [] },
      tell,
      signal,
    });
    await takeTurn(this.#parts, turn);
    if (turn.isOver) return { ok: false, failure: { code: 'cancelled', message: 'The question was taken back.' } };
    const answer: Answer = {
      id: ports.ids.next('answer'),
      session: asked.session ?? ports.ids.next('talk'),
      question: redact(question),
      at: new Date(ports.clock.now()).toISOString(),
      agent: { id: agent, chance: Math.round((first?.chance ?? 0) * 100) / 100, here: orchestrator.keeper(agent) !== undefined, by },
      ...turn.answered,
      durationMs: Math.round(performance.now() - begun),
    };
    this.sessions.add(answer);
    return { ok: true, value: answer };
  }

  /** Whom a question is for; where its words leave that open, a model may say which of the likely ones it is. */
  async #forWhom(
    question: string,
    context: string | null,
    asker: Asker,
  ): Promise<{ readonly forWhom: ForWhom; readonly by: string | null }> {
    const likely = await this.#classifier.forWhom(question);
    if (whomAsked(question, likely, []) === undefined) return { forWhom: likely, by: null };
    const answered = await askModel(this.#parts, 'nameAgent', (names) => whomAsked(question, likely, names), {
      doing: 'Asking the model whom it is for',
      context,
      ...asker,
    });
    const [agent] = answered?.value ?? [];
    return agent === undefined ? { forWhom: likely, by: null } : { forWhom: named(likely, agent), by: answered?.model ?? null };
  }
}

/** The way to an answer: what is written, incidents that are spoken of, what was before, else a look at the cluster. */
async function takeTurn(parts: AskParts, turn: Turn): Promise<void> {
  const { question, understood } = turn.begun;
  const { intent, pointsBack, code, plan } = understood;
  if (await tellOrder(parts, turn)) return;
  // A few words, "all cronjobs", may be taken for a wish to repair; what is spoken of or planned already is.
  const mayAskForTopic = intent === 'how' || intent === 'look' || (intent === 'repair' && !pointsBack && plan === undefined);
  if (mayAskForTopic && (await tellTopic(parts, turn))) return;
  if (intent === 'how') return tellWritten(parts, turn, asksOpinion(question) ? 'opinion' : 'other');
  const incidents = await incidentsSpokenOf(parts, turn);
  if (incidents !== undefined) return tellSpokenOf(parts, turn, incidents);
  if (intent === 'past' && !pointsBack) {
    const told = await tellPast(parts, turn, { symptoms: [], words: question, ...(code === undefined ? {} : { code }) });
    if (told) return;
  }
  await look(parts, turn);
}

const noSession = (session: string): Outcome<never> => ({
  ok: false,
  failure: {
    code: 'not-found',
    message: `There is no conversation ${session} any more.`,
    hint: 'Leave --session away to begin a new one.',
  },
});
