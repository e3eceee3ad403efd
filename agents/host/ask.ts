import type { Answer, Question } from '../contract/ask.ts';
import {
  type ConsultationAsk,
  type Failure,
  type IncidentWithPlans,
  type KnowledgeHit,
  type Outcome,
  type QuestionId,
  type ResourceRef,
  SEVERITIES,
  refKey,
} from '../contract/index.ts';
import {
  nameIncident,
  sayIncident,
  sayMeaning,
  sayPassages,
  sayPast,
  sayPlan,
  sayQuotes,
  sayRuledOut,
  sayWhy,
} from '../core/ask/compose.ts';
import type { ForWhom } from '../core/ask/classify.ts';
import { AnswerDraft, answerText } from '../core/ask/draft.ts';
import { type Mentions, mentionsIn } from '../core/ask/mentions.ts';
import { isOfTheTrade } from '../core/ask/rules.ts';
import { type Scope, asksOpinion, isOfTopic, scopeOf } from '../core/ask/scope.ts';
import { type Understood, understand } from '../core/ask/understand.ts';
import { named, whomAsked } from '../core/ask/unsure.ts';
import { answerFromPassages } from '../core/questions/answer-from-passages.ts';
import type { Asked } from '../core/questions/question.ts';
import { plansOf } from '../core/rank-plans.ts';
import { redact } from '../core/redact.ts';
import type { AppParts } from './app-parts.ts';
import { AskClassifier } from './ask-classifier.ts';
import { namesIn } from './ask-names.ts';
import { AskSessions } from './ask-sessions.ts';
import { chooseContext, diagnoseContext } from './diagnosis.ts';
import { absentNamespace, findObject } from './find-object.ts';
import { kindOfWord } from './kind-words.ts';
import { SHIPPED } from './knowledge/built-in/sources.ts';
import { likenessOf } from './likeness.ts';

/** Who asks, in the log of consultations. */
const BY = 'ask';
/** Other incidents that are named beside the one that is told. */
const MOST_NAMED = 4;
const PASSAGES = 5;
/** Who waits for a model longer than this reads what is put together without it. */
const MODEL_MS = 30_000;
/** Less alike than this an incident that is over is another story. */
const TELLING = 0.6;

type AskParts = Pick<AppParts, 'ports' | 'store' | 'orchestrator' | 'book' | 'marks' | 'inference'>;

/** One question on its way to an answer. */
interface Turn {
  readonly question: string;
  readonly draft: AnswerDraft;
  readonly understood: Understood;
  /** Whom it is for. */
  readonly agent: string;
  readonly before: Answer | undefined;
  readonly tell: (words: string) => void;
  readonly signal: AbortSignal | undefined;
  about: Answer['about'];
  from: Answer['from'];
  known: boolean;
  plans: Answer['plans'];
  model: string | null;
}

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

  async answer(asked: Question, tell: (words: string) => void = () => undefined, signal?: AbortSignal): Promise<Outcome<Answer>> {
    const { ports, orchestrator } = this.#parts;
    const begun = performance.now();
    const answers = asked.session === undefined ? [] : this.sessions.of(asked.session);
    if (answers === undefined)
      return {
        ok: false,
        failure: {
          code: 'not-found',
          message: `There is no conversation ${asked.session ?? ''} any more.`,
          hint: 'Leave --session away to begin a new one.',
        },
      };
    const question = asked.question.trim();
    const before = answers.at(-1);
    const likely = await this.#classifier.forWhom(question);
    const { forWhom, by } = await this.#forWhom(question, likely, asked.context ?? before?.about.context ?? null, tell, signal);
    const turn: Turn = {
      question,
      draft: new AnswerDraft(),
      understood: understand(question, forWhom, before !== undefined),
      agent: forWhom[0]?.agent ?? 'troubleshooting',
      before,
      tell,
      signal,
      about: {
        context: asked.context ?? before?.about.context ?? null,
        namespaces: asked.namespaces.length > 0 ? asked.namespaces : [],
        resource: null,
        incidents: [],
      },
      from: 'nothing',
      known: false,
      plans: [],
      model: null,
    };
    await this.#answer(turn);
    if (isOver(turn)) return cancelled;
    const [first] = forWhom;
    const id = turn.agent;
    const answer: Answer = {
      id: ports.ids.next('answer'),
      session: asked.session ?? ports.ids.next('talk'),
      question: redact(question),
      at: new Date(ports.clock.now()).toISOString(),
      agent: { id, chance: Math.round((first?.chance ?? 0) * 100) / 100, here: orchestrator.keeper(id) !== undefined, by },
      from: turn.from,
      known: turn.known,
      sentences: turn.draft.sentences,
      citations: turn.draft.citations,
      text: answerText(turn.draft.sentences),
      plans: turn.plans,
      about: turn.about,
      model: turn.model,
      durationMs: Math.round(performance.now() - begun),
    };
    this.sessions.add(answer);
    return { ok: true, value: answer };
  }

  /** Whom a question is for; where its words leave that open, a model may say which of the likely ones it is. */
  async #forWhom(
    question: string,
    likely: ForWhom,
    context: string | null,
    tell: Turn['tell'],
    signal: AbortSignal | undefined,
  ): Promise<{ readonly forWhom: ForWhom; readonly by: string | null }> {
    if (whomAsked(question, likely, []) === undefined) return { forWhom: likely, by: null };
    const doing = 'Asking the model whom it is for';
    const answered = await this.#model('nameAgent', (names) => whomAsked(question, likely, names), { doing, context, tell, signal });
    const [agent] = answered?.value ?? [];
    return agent === undefined ? { forWhom: likely, by: null } : { forWhom: named(likely, agent), by: answered?.model ?? null };
  }

  /** What a model says to a question, where there is one and its answer holds to what it was given; else undefined. */
  async #model<A>(
    id: QuestionId,
    make: (names: readonly string[]) => Asked<A> | undefined,
    { doing, context, tell, signal }: Pick<Turn, 'tell' | 'signal'> & { readonly doing: string; readonly context: string | null },
  ): Promise<{ readonly value: A; readonly model: string } | undefined> {
    const { inference } = this.#parts;
    if (!(await inference.hasModelFor(id))) return undefined;
    const asked = make(await this.#namesKnown(context));
    if (asked === undefined) return undefined;
    tell(doing);
    const answered = await inference.ask(asked, { priority: 'person', limitMs: MODEL_MS, ...(signal === undefined ? {} : { signal }) });
    return answered.ok && answered.value.by !== null ? { value: answered.value.value, model: answered.value.by.model } : undefined;
  }

  /** Names that an endpoint has no need to know: of contexts, and of what is in the cluster that is spoken of. */
  async #namesKnown(context: string | null): Promise<string[]> {
    const { kube } = this.#parts.ports;
    const { contexts } = await kube.kubeconfig();
    const looked = context === null ? this.#parts.orchestrator.states.live() : [context];
    const objects = (await Promise.all(looked.map((c) => namesIn(kube, c)))).flat();
    const ofContexts = contexts.flatMap((c) => [c.name, ...(c.alias === null ? [] : [c.alias])]);
    return [...new Set([...ofContexts, ...objects.flatMap((o) => [o.name, ...(o.namespace === undefined ? [] : [o.namespace])])])];
  }

  async #answer(turn: Turn): Promise<void> {
    const { understood, before } = turn;
    if (understood.intent === 'how') return this.#fromKnowledge(turn, asksOpinion(turn.question) ? 'opinion' : 'other');
    const incidents = await this.#spokenOf(turn);
    if (incidents !== undefined) return this.#about(turn, incidents);
    if (understood.intent === 'past' && !understood.pointsBack) {
      const told = await this.#fromPast(turn, {
        symptoms: [],
        words: turn.question,
        ...(understood.code === undefined ? {} : { code: understood.code }),
      });
      if (told) return;
    }
    await this.#look(turn, before);
  }

  /** The incidents that the question points at: by id, by a plan's id, or by what was said before. Undefined where it points at none. */
  async #spokenOf({ understood, before }: Turn): Promise<IncidentWithPlans[] | undefined> {
    const { incident, plan, pointsBack, intent } = understood;
    if (incident !== undefined) return this.#incidents([incident]);
    if (plan !== undefined) {
      const of = await this.#parts.store.plan(plan);
      return of === undefined ? [] : this.#incidents([of.incidentId]);
    }
    if (!pointsBack || before === undefined || before.about.incidents.length === 0) return undefined;
    const [first, ...rest] = before.about.incidents;
    return this.#incidents(intent === 'other' ? [...rest, ...(first === undefined ? [] : [first])] : before.about.incidents);
  }

  async #incidents(ids: readonly string[]): Promise<IncidentWithPlans[]> {
    const { book, store } = this.#parts;
    const plans = await store.plans();
    const found = await Promise.all(ids.map(async (id) => book.open().find((i) => i.id === id) ?? (await store.incident(id))));
    return found.flatMap((i) => (i === undefined ? [] : [{ ...i, plans: plansOf(i.id, plans) }]));
  }

  /** What was asked about incidents that are known by now. */
  async #about(turn: Turn, incidents: readonly IncidentWithPlans[]): Promise<void> {
    const { draft, understood } = turn;
    const [first, ...rest] = incidents;
    if (first === undefined) {
      draft.say(
        'notThere',
        `There is no ${understood.incident === undefined ? `plan ${understood.plan ?? ''}` : `incident ${understood.incident}`}.`,
      );
      return;
    }
    turn.from = 'cluster';
    turn.known = true;
    turn.about = { ...turn.about, context: first.context, incidents: incidents.map((i) => i.id) };
    this.#offer(turn, first);
    switch (understood.intent) {
      case 'why':
        sayWhy(draft, first);
        return;
      case 'repair':
        turn.from = 'plan';
        this.#sayRepair(turn, first);
        return;
      case 'past':
        turn.from = 'past';
        if (!(await this.#fromPast(turn, likenessOf(first)))) {
          turn.known = false;
          draft.say('nothingBefore', 'Nothing like it is in the log that is kept here.');
        }
        return;
      case 'other':
        if (rest.length === 0) draft.say('more', 'There was only one.');
        sayIncident(draft, first);
        await this.#beside(turn, first);
        return;
      default:
        sayIncident(draft, first);
        await this.#beside(turn, first);
    }
  }

  /** Looks at the cluster that is meant, and tells what is wrong with what the question names. */
  async #look(turn: Turn, before: Answer | undefined): Promise<void> {
    const { ports, orchestrator } = this.#parts;
    const { draft, tell } = turn;
    const chosen = await chooseContext(this.#parts, (await this.#contextNamed(turn.question)) ?? turn.about.context ?? undefined);
    if (!chosen.ok) return this.#unreachable(turn, null, chosen.failure);
    const context = chosen.value;
    turn.about = { ...turn.about, context };
    tell(`Connecting to ${context}`);
    const connected = await orchestrator.connect(context);
    if (!connected.ok) return this.#unreachable(turn, context, connected.failure);
    if (isOver(turn)) return;
    const names = await namesIn(ports.kube, context);
    const mentions = mentionsIn(withoutWord(turn.question, context), names, kindOfWord);
    const isNamed =
      mentions.exact.length + mentions.objects.length + mentions.namespaces.length + mentions.unknown.length > 0 ||
      withoutWord(turn.question, context) !== turn.question;
    // What is the capital of France is nothing that a cluster can be looked at for.
    const scope = scopeHere(turn, mentions, context);
    if (!isNamed && !turn.understood.pointsBack && !isOfTheTrade(turn.question))
      return this.#fromKnowledge(turn, scope === 'seen' ? 'other' : scope);
    const codes = this.#codesOf(turn.agent);
    if (scope !== 'seen' && codes === undefined) return this.#fromKnowledge(turn, scope);
    const namespaces = mentions.namespaces.length > 0 ? mentions.namespaces : turn.about.namespaces;
    // Of a short question that names nothing what was named before is meant.
    const isAboutBefore =
      turn.understood.pointsBack && mentions.exact.length + mentions.objects.length === 0 && before?.about.resource != null;
    turn.about = { ...turn.about, namespaces: [...namespaces] };
    const absent = await absentNamespace(ports.kube, context, mentions.namespaces);
    if (absent !== undefined) {
      draft.say('notThere', words(absent));
      return;
    }
    const meant = await this.#meant(
      turn,
      context,
      isAboutBefore ? { ...mentions, exact: [splitResource(before.about.resource ?? '')] } : mentions,
    );
    if (meant === undefined) return;
    tell(`Looking at ${meant.label ?? context}`);
    const resource = meant.exact;
    const diagnosed = await diagnoseContext(this.#parts, {
      context,
      namespaces,
      plans: true,
      ...(resource === undefined ? {} : { resource }),
    });
    if (!diagnosed.ok) return this.#unreachable(turn, context, diagnosed.failure);
    if (isOver(turn)) return;
    turn.from = 'cluster';
    turn.known = true;
    turn.about = { ...turn.about, resource: resource ?? null };
    const { incidents, incomplete, about } = diagnosed.value;
    // Whoever asks for something of a kind is not told of another, unless it is in what was named.
    const isOfKind = (i: IncidentWithPlans) =>
      codes?.has(i.rootCause.code) === true || (scope === 'seen' && isOfTopic(turn.agent, `${i.rootCause.code} ${i.title}`));
    const found = scope === 'seen' && isNamed ? incidents : incidents.filter(isOfKind);
    if (found.length === 0 && (scope !== 'seen' || (!isNamed && incidents.length > 0))) {
      turn.from = 'nothing';
      turn.known = false;
      return this.#fromKnowledge(turn, scope === 'seen' ? 'other' : scope);
    }
    const concerning = [...(meant.refs === undefined ? found : found.filter((i) => concerns(i, meant.refs ?? [])))].sort(
      (a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) || a.id.localeCompare(b.id),
    );
    for (const { said, meant: other } of mentions.taken) draft.say('taken', `Nothing is called ${said}; it was taken for ${other}.`);
    const [first, ...rest] = concerning;
    turn.about = { ...turn.about, incidents: concerning.map((i) => i.id) };
    if (first === undefined) {
      draft.say(
        'well',
        `Nothing is wrong with ${meant.label ?? `what was looked at in ${context}`}, as far as could be read (${diagnosed.value.objects} objects).`,
      );
      const workload =
        about === undefined && meant.workload !== undefined ? await this.#lookedFor(context, namespaces, meant.workload) : about;
      if (workload !== undefined) sayRuledOut(draft, null, context, workload.ruledOut);
      await this.#writtenBeside(turn);
    } else {
      this.#offer(turn, first);
      if (turn.understood.intent === 'repair') {
        turn.from = 'plan';
        draft.quote('Cause', first.title, { kind: 'incident', id: first.id, context, code: first.rootCause.code, text: first.title });
        this.#sayRepair(turn, first);
      } else {
        sayIncident(draft, first);
        await this.#beside(turn, first);
      }
      for (const other of rest.slice(0, MOST_NAMED)) nameIncident(draft, other);
      if (rest.length > MOST_NAMED) draft.say('more', `${rest.length - MOST_NAMED} more incidents: quarterdeck incidents lists them.`);
    }
    if (incomplete.length > 0)
      draft.say(
        'unread',
        `Not everything could be read: ${incomplete
          .slice(0, 3)
          .map((i) => `${i.what} (${i.because})`)
          .join('; ')}.`,
      );
  }

  /** Codes of what an agent that deals with something of its own finds; undefined where there is none, or where all that is wrong is its matter. */
  #codesOf(agent: string): ReadonlySet<string> | undefined {
    const checks = agent === 'troubleshooting' ? [] : (this.#parts.orchestrator.keeper(agent)?.agent.checks ?? []);
    return checks.length === 0 ? undefined : new Set(checks.map((c) => c.code));
  }

  /** What was looked for at one workload, and not found. */
  async #lookedFor(context: string, namespaces: readonly string[], resource: string) {
    const one = await diagnoseContext(this.#parts, { context, namespaces, resource, plans: false });
    return one.ok ? one.value.about : undefined;
  }

  /** What the names in the question mean in this cluster. Undefined where that was said to be nothing. */
  async #meant(
    turn: Turn,
    context: string,
    { exact, objects, unknown }: Mentions,
  ): Promise<
    | {
        readonly exact?: string;
        readonly refs?: readonly Pick<ResourceRef, 'kind' | 'namespace' | 'name'>[];
        readonly label?: string;
        readonly workload?: string;
      }
    | undefined
  > {
    const { kube } = this.#parts.ports;
    const { namespaces } = turn.about;
    const within = objects.filter((o) => namespaces.length === 0 || o.namespace === undefined || namespaces.includes(o.namespace));
    const [named] = exact;
    // A name that only a pod may have: pods come and go, and are not among the names.
    const pod = named === undefined && objects.length === 0 && unknown[0] !== undefined ? { kind: 'Pod', name: unknown[0] } : undefined;
    const asked = named ?? pod;
    if (asked !== undefined) {
      const resource = `${asked.kind}/${asked.name}`;
      const found = await findObject(kube, context, resource, namespaces);
      if (found.ok)
        return {
          exact: resource,
          refs: [found.value],
          label: `${found.value.kind} ${found.value.namespace ?? ''}/${found.value.name}`.replace(' /', ' '),
        };
      if (pod === undefined || (found.failure.hint ?? '').startsWith('Did you mean')) {
        turn.draft.say('notThere', words(found.failure));
        return undefined;
      }
      turn.draft.say('notThere', `Nothing in ${context} is called ${asked.name}.`);
      return undefined;
    }
    if (objects.length > 0 && within.length === 0) {
      const [first] = objects;
      const where = [...new Set(objects.flatMap((o) => o.namespace ?? []))].join(', ');
      turn.draft.say('notThere', `There is no ${first?.name ?? ''} in namespace ${namespaces.join(', ')}; there is one in ${where}.`);
      return undefined;
    }
    if (within.length === 0) return namespaces.length === 0 ? {} : { label: `namespace ${namespaces.join(', ')}` };
    const label = [...new Set(within.map((o) => o.name))].join(' and ');
    const workload = within.find((o) => WORKLOADS.has(o.kind));
    // One workload: what was looked for there and not found can be told too.
    const single = new Set(within.map((o) => `${o.namespace ?? ''}/${o.name}`)).size === 1 ? workload : undefined;
    return { refs: within, label, ...(single === undefined ? {} : { workload: `${single.kind}/${single.name}` }) };
  }

  /** Where a cluster cannot be looked at: what was known of it, and what is written. */
  async #unreachable(turn: Turn, context: string | null, failure: Failure): Promise<void> {
    const { draft } = turn;
    draft.say('unreachable', words(failure));
    const known = this.#parts.book.open().filter((i) => i.context === context);
    const [first, ...rest] = await this.#incidents(known.map((i) => i.id));
    if (first === undefined) {
      await this.#writtenBeside(turn);
      return;
    }
    draft.say('about', `This was known of it at ${first.lastSeen}.`);
    turn.from = 'cluster';
    turn.known = true;
    turn.about = { ...turn.about, incidents: [first, ...rest].map((i) => i.id) };
    sayIncident(draft, first);
    for (const other of rest.slice(0, MOST_NAMED)) nameIncident(draft, other);
  }

  /** Beside an incident: when it was there before, what is written about it, and what would help. */
  async #beside(turn: Turn, incident: IncidentWithPlans): Promise<void> {
    const { orchestrator } = this.#parts;
    turn.tell('Looking at what was before, and what is written');
    const { code } = incident.rootCause;
    const [past, written] = await Promise.all([
      orchestrator.consultations.ask(BY, null, 'documentation.similarIncidents', { ...likenessOf(incident), top: 1 }),
      orchestrator.consultations.ask(BY, null, 'documentation.search', { text: `${code} what it means`, top: PASSAGES }),
    ]);
    const [before] = past.ok ? past.value.incidents : [];
    if (before !== undefined && before.score >= TELLING) sayPast(turn.draft, before);
    if (written.ok) sayMeaning(turn.draft, ofSection(aboutCode(written.value.results, code), /means/i));
    if (!past.ok) turn.draft.say('nobody', `What was before, and what is written, is not known now: ${past.failure.message}`);
    const [best] = incident.plans.filter((p) => p.state === 'awaitingApproval');
    if (best !== undefined) sayPlan(turn.draft, best);
  }

  #sayRepair({ draft }: Turn, incident: IncidentWithPlans): void {
    const named = incident.plans.find((p) => p.state === 'awaitingApproval') ?? incident.plans[0];
    if (named !== undefined) sayPlan(draft, named);
    else if (incident.advice !== undefined)
      draft.quote('Needs', incident.advice, {
        kind: 'incident',
        id: incident.id,
        context: incident.context,
        code: incident.rootCause.code,
        text: `${incident.title}\n${incident.advice}`,
      });
    else draft.say('next', 'No plan is proposed for it: what would help cannot be read from the cluster.');
  }

  #offer(turn: Turn, incident: IncidentWithPlans): void {
    turn.plans = incident.plans.map(({ id, hash, title, risk, state, incidentId }) => ({
      id,
      hash,
      title,
      risk,
      state,
      incident: incidentId,
    }));
  }

  /** Whether something like it was there before, told. */
  async #fromPast(turn: Turn, likeness: ConsultationAsk<'documentation.similarIncidents'>): Promise<boolean> {
    turn.tell('Looking at what was before');
    const answer = await this.#parts.orchestrator.consultations.ask(BY, null, 'documentation.similarIncidents', { ...likeness, top: 3 });
    if (!answer.ok) {
      turn.draft.say('nobody', `What was before is not known now: ${answer.failure.message}`);
      return false;
    }
    for (const past of answer.value.incidents) sayPast(turn.draft, past);
    const told = answer.value.incidents.length > 0;
    if (told) {
      turn.from = 'past';
      turn.known = true;
      turn.about = {
        ...turn.about,
        incidents: turn.about.incidents.length > 0 ? turn.about.incidents : answer.value.incidents.map((i) => i.id),
      };
    }
    return told;
  }

  /** Beside a look that found nothing wrong: what is written about what was asked, where that is sure. */
  async #writtenBeside(turn: Turn): Promise<void> {
    const answer = await this.#parts.orchestrator.consultations.ask(BY, null, 'documentation.search', {
      text: turn.question,
      top: PASSAGES,
    });
    const hits = answer.ok ? answer.value.results.filter((h) => h.confident) : [];
    if (hits.length === 0) return;
    sayPassages(turn.draft, turn.question, hits.slice(0, 1));
  }

  /** How something is done: from what is written, or not at all. */
  async #fromKnowledge(turn: Turn, scope: Exclude<Scope, 'seen'> = 'other'): Promise<void> {
    const { draft, understood, before, question } = turn;
    turn.tell('Searching what is written');
    // "How do I prevent it?" is about what was spoken of before.
    const [spokenOf] = understood.pointsBack && before !== undefined ? await this.#incidents(before.about.incidents.slice(0, 1)) : [];
    const code = understood.code ?? spokenOf?.rootCause.code;
    const text = spokenOf === undefined ? question : `${question} ${spokenOf.rootCause.code} ${spokenOf.title}`.slice(0, 2_000);
    if (before !== undefined && understood.pointsBack) turn.about = { ...turn.about, incidents: before.about.incidents };
    const answer = await this.#parts.orchestrator.consultations.ask(BY, null, 'documentation.search', { text, top: 10 });
    if (!answer.ok) {
      draft.say('nobody', `What is written cannot be searched now: ${answer.failure.message}`);
      return;
    }
    const own = code === undefined ? [] : ofSection(aboutCode(answer.value.results, code), sectionAsked(question));
    const likely = answer.value.results.filter((h) => h.confident && mayAnswer(turn, scope, h));
    const hits = own.length > 0 ? own : likely;
    if (hits.length === 0) {
      turn.from = 'nothing';
      turn.known = false;
      draft.say('unknown', UNKNOWN[scope]);
      draft.say('next', NEXT[turn.agent] ?? 'Add what your team has written with quarterdeck knowledge add PATH, or ask in other words.');
      return;
    }
    turn.from = 'knowledge';
    turn.known = true;
    if (!(await this.#chosenByModel(turn, hits))) sayPassages(draft, question, hits.slice(0, PASSAGES));
  }

  /** The sentences of the pages that a model says answer the question; false where none says so, and the best page is quoted instead. */
  async #chosenByModel(turn: Turn, hits: readonly KnowledgeHit[]): Promise<boolean> {
    // What is worded as an order is not put before anybody who might follow it.
    const plain = hits.filter((h) => !h.givesOrders);
    if (plain.length === 0) return false;
    const answered = await this.#model('answerFromPassages', (names) => answerFromPassages(turn.question, plain, names), {
      doing: 'Asking the model which sentences answer it',
      context: turn.about.context,
      ...turn,
    });
    if (answered === undefined || answered.value.length === 0) return false;
    sayQuotes(turn.draft, answered.value, plain);
    turn.model = answered.model;
    return true;
  }

  /** A context that the question names. */
  async #contextNamed(question: string): Promise<string | undefined> {
    const words = new Set(question.toLowerCase().match(/[a-z0-9][a-z0-9._@:/-]*[a-z0-9]|[a-z0-9]/g));
    const { contexts } = await this.#parts.ports.kube.kubeconfig();
    return contexts.find((c) => words.has(c.name.toLowerCase()) || (c.alias !== null && words.has(c.alias.toLowerCase())))?.name;
  }
}

/** Said where nobody here knows. */
const UNKNOWN: Readonly<Record<Exclude<Scope, 'seen'>, string>> = {
  toCome: 'That is not known here: what is to come stands in no cluster, and nothing that is written says it.',
  opinion: 'That is not known here: it is for people to judge, and nothing that is written does.',
  notKept: 'That is not known here: no cluster keeps it, and nothing that is written says it.',
  other: 'That is not known here: nothing that is written answers it.',
};
/** What else there is for whoever asks such things. */
const NEXT: Readonly<Record<string, string>> = {
  observability: 'Numbers over time: quarterdeck metrics query; what is unusual or runs out: quarterdeck metrics signals.',
  security: 'Who may do what: quarterdeck who-can get secrets, quarterdeck can-i create pods; who changed what: quarterdeck changes.',
  registry: 'Which images run: quarterdeck get pods -o wide; releases: quarterdeck helm list.',
  resolver: 'What is proposed: quarterdeck plans.',
};

/** What ships with the product says how things are done and what they mean: nothing of people, of the future, or of what is in a cluster. */
const mayAnswer = ({ question, understood }: Turn, scope: Scope, { source }: KnowledgeHit): boolean =>
  !SHIPPED.has(source) ||
  (scope === 'other' && understood.intent === 'how') ||
  (scope === 'other' && !/^(?:who|whose|which|when|where|how (?:many|much|often|long)|list|show|count)\b/i.test(question));

/** What a question asks for, its names aside. One of nothing but names asks how these are. */
function scopeHere({ question, understood }: Turn, mentions: Mentions, context: string): Scope {
  if (understood.intent !== 'look' || understood.pointsBack) return 'seen';
  const { exact, objects, namespaces, taken, unknown } = mentions;
  const names = [...exact, ...objects].map((o) => o.name);
  const said = new Set([...names, ...namespaces, ...unknown, ...taken.map((t) => t.said), context].map((n) => n.toLowerCase()));
  const rest = question.split(/\s+/).filter((w) => !said.has(w.toLowerCase().replace(/^[a-z.]+\/|[?.,!:;'"]+$/g, '')));
  return scopeOf(rest.join(' '));
}

const isOver = ({ signal }: Turn): boolean => signal?.aborted === true;

const WORKLOADS = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob']);

const cancelled: Outcome<never> = { ok: false, failure: { code: 'cancelled', message: 'The question was taken back.' } };
const words = ({ message, hint }: Failure) => (hint === undefined ? message : `${message} ${hint}`);

const splitResource = (resource: string) => {
  const [kind = '', name = ''] = resource.split('/');
  return { kind, name };
};

/** The name of the cluster is no name of something in it. */
const withoutWord = (question: string, word: string) =>
  question
    .split(/\s+/)
    .filter((w) => w.toLowerCase().replace(/[?.,!]+$/, '') !== word.toLowerCase())
    .join(' ');

/** Passages of the page about a code. */
const aboutCode = <H extends { readonly path: string; readonly heading: string; readonly text: string }>(
  hits: readonly H[],
  code: string,
): H[] => hits.filter((h) => h.path.includes(code) || h.heading.includes(code));

/** What stands under the heading that is asked for first; our runbooks all have the same ones. */
const ofSection = <H extends { readonly heading: string }>(hits: readonly H[], section: RegExp): H[] => [
  ...hits.filter((h) => section.test(h.heading)),
  ...hits.filter((h) => !section.test(h.heading)),
];

function sectionAsked(question: string): RegExp {
  if (/\b(?:prevent|avoid|never again|in future)/i.test(question)) return /prevent/i;
  if (/\b(?:tell|check|see|find out|recogni[sz]e|verify|diagnose)\b/i.test(question)) return /tell/i;
  return /\b(?:do|fix|repair|solve|steps?|resolve)\b/i.test(question) && !/\bmean/i.test(question) ? /what to do/i : /means/i;
}

/** Whether an incident has to do with any of these objects, or with pods that they made. */
function concerns(incident: IncidentWithPlans, refs: readonly Pick<ResourceRef, 'kind' | 'namespace' | 'name'>[]): boolean {
  const all = [incident.rootCause.resource, ...incident.symptoms.map((s) => s.resource), ...incident.affects];
  const keys = new Set(all.map(refKey));
  return refs.some(
    (ref) =>
      keys.has(refKey({ apiVersion: '', ...ref })) ||
      all.some((r) => r.namespace === ref.namespace && (r.name === ref.name || (r.kind === 'Pod' && r.name.startsWith(`${ref.name}-`)))),
  );
}
