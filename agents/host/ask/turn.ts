import type { Answer } from '../../contract/ask.ts';
import type { ContextName, Failure, IncidentWithPlans } from '../../contract/index.ts';
import { AnswerDraft, answerText } from '../../core/ask/draft.ts';
import type { Understood } from '../../core/ask/understand.ts';
import type { NamedObject } from '../../core/ask/mentions.ts';
import type { AppParts } from '../app-parts.ts';
import type { Kube } from '../ports/kube.ts';
import { namesIn } from './names.ts';

/** What questions are answered with: nothing that could change anything. */
export type AskParts = Pick<AppParts, 'ports' | 'store' | 'orchestrator' | 'book' | 'marks' | 'inference' | 'past' | 'metrics'>;

/** Who waits for an answer: is told what is being done, and may take the question back. */
export interface Asker {
  readonly tell: (words: string) => void;
  readonly signal: AbortSignal | undefined;
}

interface Begun extends Asker {
  readonly question: string;
  readonly understood: Understood;
  /** Whom it is for. */
  readonly agent: string;
  readonly before: Answer | undefined;
  readonly about: Answer['about'];
}

type Answered = Pick<Answer, 'from' | 'known' | 'sentences' | 'citations' | 'text' | 'plans' | 'about' | 'model'>;

/** One question on its way to an answer. */
export class Turn {
  readonly begun: Begun;
  readonly draft = new AnswerDraft();
  #about: Answer['about'];
  #from: Answer['from'] = 'nothing';
  #known = false;
  #plans: Answer['plans'] = [];
  #model: string | null = null;

  readonly #names = new Map<ContextName, Promise<NamedObject[]>>();

  constructor(begun: Begun) {
    this.begun = begun;
    this.#about = begun.about;
  }

  get about(): Answer['about'] {
    return this.#about;
  }

  /** The question was taken back. */
  get isOver(): boolean {
    return this.begun.signal?.aborted === true;
  }

  get answered(): Answered {
    const { sentences, citations } = this.draft;
    return {
      from: this.#from,
      known: this.#known,
      sentences,
      citations,
      text: answerText(sentences),
      plans: this.#plans,
      about: this.#about,
      model: this.#model,
    };
  }

  /** Names in a cluster, read once for a question, however many ways to its answer are tried. */
  names(kube: Pick<Kube, 'rows'>, context: ContextName): Promise<NamedObject[]> {
    const known = this.#names.get(context) ?? namesIn(kube, context);
    this.#names.set(context, known);
    return known;
  }

  tell(words: string): void {
    this.begun.tell(words);
  }

  isAbout(more: Partial<Answer['about']>): void {
    this.#about = { ...this.#about, ...more };
  }

  foundIn(from: Answer['from']): void {
    this.#from = from;
    this.#known = true;
  }

  /** It was looked for there, and is not there. */
  notFoundIn(from: Answer['from']): void {
    this.#from = from;
    this.#known = false;
  }

  /** Plans that a person may decide on. */
  offer({ plans }: Pick<IncidentWithPlans, 'plans'>): void {
    this.#plans = plans.map(({ id, hash, title, risk, state, incidentId }) => ({ id, hash, title, risk, state, incident: incidentId }));
  }

  chosenBy(model: string): void {
    this.#model = model;
  }

  failed(frame: 'notThere' | 'unreachable' | 'nobody', { message, hint }: Failure): void {
    this.draft.say(frame, hint === undefined ? message : `${message} ${hint}`);
  }
}
