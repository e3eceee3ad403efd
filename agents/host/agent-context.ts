import { isDeepStrictEqual } from 'node:util';
import type { AgentEvent, Fact, Report } from '../contract/index.ts';
import { goodForMs, probeKey } from '../contract/index.ts';
import type { Probe } from '../contract/index.ts';
import type { Agent } from '../core/agent.ts';
import { diagnose } from '../core/diagnose.ts';
import { type JudgeTask, judge } from '../core/verify.ts';
import { ObjectStore } from '../core/view.ts';
import type { ViewMessage } from './ports.ts';

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
const MOST_FACTS = 2_000;

interface KnownFact {
  readonly probe: Probe | undefined;
  readonly fact: Fact;
  readonly at: number;
}

/** One cluster as one agent sees it: the view, the facts, and when to think again. */
export class AgentContext {
  readonly #name: string;
  readonly #agent: Agent;
  readonly #say: (event: AgentEvent) => void;
  readonly #store: ObjectStore;
  readonly #facts = new Map<string, KnownFact>();
  /** Probes wished for and not answered yet, by key. */
  readonly #open = new Map<string, Probe>();
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

  constructor(name: string, agent: Agent, say: (event: AgentEvent) => void) {
    this.#name = name;
    this.#agent = agent;
    this.#say = say;
    this.#store = new ObjectStore(name);
  }

  apply(message: Extract<ViewMessage, { type: 'changes' }>): void {
    for (const kind of message.reset) this.#store.clear(kind);
    for (const object of message.upserts) this.#store.put(object);
    for (const { kind, key } of message.removes) this.#store.remove(kind, key);
    this.#store.setGaps(message.gaps);
    this.#version = message.version;
    this.#synced = message.synced;
    this.#quiet = 0;
    this.#soon();
  }

  learn(facts: readonly (readonly [string, Fact])[]): void {
    let isNews = false;
    for (const [key, fact] of facts) {
      isNews ||= !isDeepStrictEqual(this.#facts.get(key)?.fact, fact);
      this.#facts.set(key, { probe: this.#open.get(key), fact, at: Date.now() });
      this.#open.delete(key);
    }
    for (const key of this.#facts.keys()) {
      if (this.#facts.size <= MOST_FACTS) break;
      this.#facts.delete(key);
    }
    if (!isNews) return;
    this.#quiet = 0;
    this.#soon();
  }

  request(request: number, about: readonly string[]): void {
    this.#requests.push(request);
    for (const key of about) this.#about.add(key);
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
    if (!this.#synced || this.#paused) return;
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
    const now = Date.now();
    const facts = new Map([...this.#facts].map(([key, known]) => [key, known.fact]));
    const { report, wishes, asked, failures } = diagnose({
      agent: this.#agent,
      store: this.#store,
      facts,
      now,
      version: this.#version,
      ...(this.#about.size === 0 ? {} : { about: this.#about }),
      elapsed: () => performance.now(),
    });
    this.#lastTook = Math.min(report.tookMs, 5_000);
    for (const failure of failures) this.#say({ type: 'check.failed', context: this.#name, ...failure });
    const due = this.#wish(wishes, asked, now);
    this.#send(report);
    for (const task of this.#tasks.values()) {
      const verdict = judge({ task, findings: report.findings, view: this.#store.view() });
      this.#say({ type: 'verdict.reached', verdict: { plan: task.plan, context: this.#name, ...verdict } });
    }
    const later = Math.min(AGAIN_MS * LATER ** this.#quiet++, MOST_AGAIN_MS);
    const wait = this.#tasks.size > 0 ? AGAIN_MS : Math.max(AGAIN_MS, Math.min(later, due - now));
    this.#again = setTimeout(() => this.#soon(), Math.max(wait, this.#lastTook * 20));
  }

  /**
   * New wishes, and old answers that are due again where a check still asks; what is under way is not asked twice. Returns when the next
   * of the answers is due, milliseconds since the epoch.
   */
  #wish(wishes: readonly Probe[], asked: ReadonlySet<string>, now: number): number {
    const probes = wishes.filter((probe) => !this.#open.has(probeKey(probe)));
    let next = Infinity;
    for (const key of asked) {
      const known = this.#facts.get(key);
      if (known?.probe === undefined || this.#open.has(key)) continue;
      const due = known.at + (known.fact.ok ? goodForMs(known.probe) : FAILED_FACT_MS);
      if (now > due) probes.push(known.probe);
      else next = Math.min(next, due + 1);
    }
    if (probes.length === 0) return next;
    for (const probe of probes) this.#open.set(probeKey(probe), probe);
    this.#say({ type: 'probe.wished', context: this.#name, probes });
    return next;
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
