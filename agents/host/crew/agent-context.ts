import { isDeepStrictEqual } from 'node:util';
import type { AgentEvent, Consultation, ConsultationAnswer, Fact, Probe, ProbeType, Report } from '../../contract/index.ts';
import { CONSULTATIONS, consultationKey, goodForMs, probeKey } from '../../contract/index.ts';
import type { Agent } from '../../core/agent.ts';
import { offerOf, reply } from '../../core/consult.ts';
import { diagnose } from '../../core/diagnose.ts';
import { type JudgeTask, judge } from '../../core/verify.ts';
import { ObjectStore } from '../../core/view.ts';
import type { ViewMessage } from '../ports/notices.ts';

/** Changes are gathered this long before the checks run; a slow evaluation is followed by a pause as long as itself. */
const GATHER_MS = 25;
/**
 * Some answers depend on time alone (a grace that ends): look again after this, and while nothing is news each time so much later. So
 * an answer is never late by more than a quarter of its age, and an idle cluster costs little.
 */
const AGAIN_MS = 1_000;
const LATER = 1.25;
const MOST_AGAIN_MS = 15_000;
/** A failed read is tried again after this; the old answer serves meanwhile. */
const FAILED_FACT_MS = 4_000;
/** An agent that had no answer is asked again after this. */
const UNAVAILABLE_MS = 15_000;
const MOST_FACTS = 2_000;

/** What an agent wants to know: of a cluster or the host, or of another agent. */
type Wish = { readonly probe: Probe } | { readonly consultation: Consultation };

interface KnownFact {
  readonly wish: Wish | undefined;
  readonly fact: Fact | ConsultationAnswer;
  readonly at: number;
}

const keyOf = (wish: Wish) => ('probe' in wish ? probeKey(wish.probe) : consultationKey(wish.consultation));

/** How long an answer to a wish is good, milliseconds. */
function goodFor(wish: Wish, { ok }: KnownFact['fact']): number {
  if ('probe' in wish) return ok ? goodForMs(wish.probe) : FAILED_FACT_MS;
  return ok ? CONSULTATIONS[wish.consultation.name].goodForMs : UNAVAILABLE_MS;
}

/** One cluster as one agent sees it: the view, the facts, and when to think again. */
export class AgentContext {
  readonly #name: string | null;
  readonly #agent: Agent;
  readonly #say: (event: AgentEvent) => void;
  readonly #store: ObjectStore;
  readonly #facts = new Map<string, KnownFact>();
  /** What is wished for and not answered yet, by key. */
  readonly #open = new Map<string, Wish>();
  /** What others ask of this agent, by the number of the request. */
  readonly #consultations = new Map<number, Consultation>();
  readonly #tasks = new Map<string, JudgeTask>();
  #requests: number[] = [];
  /** The objects that the open requests ask about, by `refKey`. */
  #about = new Set<string>();
  #version = 0;
  #synced = false;
  #paused = false;
  #lastTook = 0;
  #lastSent = '';
  /** How often in a row it was looked at again without news. */
  #quiet = 0;
  #timer: NodeJS.Timeout | undefined;
  #again: NodeJS.Timeout | undefined;

  constructor(name: string | null, agent: Agent, say: (event: AgentEvent) => void) {
    this.#name = name;
    this.#agent = agent;
    this.#say = say;
    this.#store = new ObjectStore(name ?? '');
  }

  apply(message: Extract<ViewMessage, { type: 'changes' }>): void {
    for (const kind of message.reset) this.#store.clear(kind);
    for (const object of message.upserts) this.#store.put(object);
    for (const { kind, key } of message.removes) this.#store.remove(kind, key);
    this.#store.setGaps(message.gaps);
    this.#version = message.version;
    this.#synced = message.synced;
    this.#quiet = 0;
    this.#reply();
    this.#soon();
  }

  learn(facts: readonly (readonly [string, Fact | ConsultationAnswer])[]): void {
    let isNews = false;
    for (const [key, fact] of facts) {
      isNews ||= !isDeepStrictEqual(this.#facts.get(key)?.fact, fact);
      this.#facts.set(key, { wish: this.#open.get(key), fact, at: Date.now() });
      this.#open.delete(key);
    }
    for (const key of this.#facts.keys()) {
      if (this.#facts.size <= MOST_FACTS) break;
      this.#facts.delete(key);
    }
    this.#reply();
    if (!isNews) return;
    this.#quiet = 0;
    this.#soon();
  }

  request(request: number, about: readonly string[]): void {
    this.#requests.push(request);
    for (const key of about) this.#about.add(key);
    this.#soon();
  }

  /** Another agent's question, or the host's. It does not wait for the checks, and is answered while they are paused. */
  consult(request: number, consultation: Consultation): void {
    this.#consultations.set(request, consultation);
    this.#reply();
  }

  unasked(request: number): void {
    this.#consultations.delete(request);
  }

  /** Looks again at once; only what some check still asks for is read anew. */
  outOfDate(probe: ProbeType): void {
    let isKnown = false;
    for (const [key, known] of this.#facts)
      if (known.wish !== undefined && 'probe' in known.wish && known.wish.probe.type === probe) {
        this.#facts.set(key, { ...known, at: 0 });
        isKnown = true;
      }
    if (!isKnown) return;
    this.#quiet = 0;
    this.#soon();
  }

  judge(task: JudgeTask): void {
    this.#tasks.set(task.plan, task);
    this.#soon();
  }

  forget(plan: string): void {
    this.#tasks.delete(plan);
  }

  pause(paused: boolean): void {
    this.#paused = paused;
    if (!paused) this.#soon();
  }

  close(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#again);
  }

  #soon(): void {
    if (this.#name === null || !this.#synced || this.#paused) return;
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        this.#think();
      },
      Math.max(GATHER_MS, this.#lastTook),
    );
  }

  #think(): void {
    clearTimeout(this.#again);
    const context = this.#name;
    if (context === null) return;
    const now = Date.now();
    const { report, wishes, consultations, asked, failures } = diagnose({
      agent: this.#agent,
      store: this.#store,
      facts: this.#known(),
      now,
      version: this.#version,
      ...(this.#about.size === 0 ? {} : { about: this.#about }),
      elapsed: () => performance.now(),
    });
    this.#lastTook = Math.min(report.tookMs, 5_000);
    for (const failure of failures) this.#say({ type: 'check.failed', context, ...failure });
    const due = this.#wish([...wishes.map((probe) => ({ probe })), ...consultations.map((consultation) => ({ consultation }))], asked, now);
    this.#send(report);
    for (const task of this.#tasks.values()) {
      const verdict = judge({ task, findings: report.findings, view: this.#store.view() });
      this.#say({ type: 'verdict.reached', verdict: { plan: task.plan, context, ...verdict } });
    }
    const later = Math.min(AGAIN_MS * LATER ** this.#quiet++, MOST_AGAIN_MS);
    const wait = this.#tasks.size > 0 ? AGAIN_MS : Math.max(AGAIN_MS, Math.min(later, due - now));
    this.#again = setTimeout(() => this.#soon(), Math.max(wait, this.#lastTook * 20));
  }

  /**
   * New wishes, and old answers that are due again where a check still asks; what is under way is not asked twice. Returns when the next
   * of the answers is due, milliseconds since the epoch.
   */
  #wish(wishes: readonly Wish[], asked: ReadonlySet<string>, now: number): number {
    const due = wishes.filter((wish) => !this.#open.has(keyOf(wish)));
    let next = Infinity;
    for (const key of asked) {
      const known = this.#facts.get(key);
      if (known?.wish === undefined || this.#open.has(key)) continue;
      const until = known.at + goodFor(known.wish, known.fact);
      if (now > until) due.push(known.wish);
      else next = Math.min(next, until + 1);
    }
    this.#sayWishes(due);
    return next;
  }

  #sayWishes(wishes: readonly Wish[]): void {
    for (const wish of wishes) this.#open.set(keyOf(wish), wish);
    const probes = wishes.flatMap((w) => ('probe' in w ? [w.probe] : []));
    const asks = wishes.flatMap((w) => ('probe' in w ? [] : [w.consultation]));
    if (probes.length > 0) this.#say({ type: 'probe.wished', context: this.#name, probes });
    if (asks.length > 0 && this.#name !== null) this.#say({ type: 'consultation.wished', context: this.#name, asks });
  }

  #known() {
    return new Map([...this.#facts].map(([key, known]) => [key, known.fact]));
  }

  /** Replies to what can be replied to now; what an offer still wants to know is wished for. One that reads objects waits until they are there. */
  #reply(): void {
    if (this.#consultations.size === 0) return;
    const now = Date.now();
    const facts = new Map(
      [...this.#facts]
        .filter(([, { wish, fact, at }]) => wish === undefined || now <= at + goodFor(wish, fact))
        .map(([key, { fact }]) => [key, fact]),
    );
    const wishes = new Map<string, Wish>();
    for (const [request, consultation] of this.#consultations) {
      if (!this.#synced && (offerOf(this.#agent, consultation.name)?.kinds.length ?? 0) > 0) continue;
      const answer = reply(this.#agent, consultation, this.#store, facts, now);
      if (answer.type === 'wishes') for (const probe of answer.probes) wishes.set(probeKey(probe), { probe });
      else {
        this.#consultations.delete(request);
        this.#say({
          type: 'consultation.replied',
          request,
          answer: answer.type === 'answer' ? { ok: true, value: answer.value } : { ok: false, message: answer.message },
        });
      }
    }
    this.#sayWishes([...wishes.values()].filter((wish) => !this.#open.has(keyOf(wish))));
  }

  /** Sends what is news; a request is answered by the next settled report even if it says nothing new. */
  #send(report: Report): void {
    const answers = report.settled ? this.#requests : [];
    const { version: _version, tookMs: _took, ...news } = report;
    const text = JSON.stringify(news);
    if (text === this.#lastSent && answers.length === 0) return;
    if (text !== this.#lastSent) this.#quiet = 0;
    this.#lastSent = text;
    if (report.settled) {
      this.#requests = [];
      this.#about = new Set();
    }
    this.#say({ type: 'report.made', report, answers });
  }
}
