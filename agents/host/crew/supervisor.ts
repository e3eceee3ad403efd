import { MessageChannel, Worker } from 'node:worker_threads';
import {
  type AgentEvent,
  AgentEventSchema,
  CONSULTATIONS,
  type Consultation,
  type ConsultationAnswer,
  type ContextName,
  type Fact,
  type Outcome,
  type Probe,
  type ProbeType,
  type Report,
  type Verdict,
  consultationKey,
  probeKey,
} from '../../contract/index.ts';
import { z } from 'zod';
import { type Agent, kindsOf } from '../../core/agent.ts';
import type { JudgeTask } from '../../core/verify.ts';
import type { AgentThreadData, ToAgent } from './agent-protocol.ts';
import type { Clock, Log } from '../ports/runtime.ts';
import type { Kube } from '../ports/kube.ts';
import type { AskProbe } from '../probes/ask-probe.ts';
import { unavailable } from './unavailable.ts';

/**
 * Keeps one thread an agent alive. A thread that ends, throws or sends nonsense is started anew with a growing pause; after too many
 * falls in a short time it is given up, loudly, and the others go on. What an agent was asked to do outlives its thread: requests
 * for a report and plans to judge are said again to the new one.
 */

const RESTART_MS = [100, 400, 1_600, 6_400];
const MOST_FALLS = 5;
const FALLS_WITHIN_MS = 120_000;
const PROBES_AT_ONCE = 32;
const THREAD_MEMORY_MB = 1_024;
/** What a diagnosis makes is thrown away at once; more room for it only makes the thread larger. */
const YOUNG_MB = 24;

export type AgentState = 'starting' | 'running' | 'paused' | 'restarting' | 'gaveUp';

export interface AgentStatus {
  readonly agent: Agent;
  readonly state: AgentState;
  readonly restarts: number;
  readonly lastReport: number | undefined;
  /** Open requests to it, and its own open wishes. */
  readonly queue: number;
  readonly lastError: string | undefined;
}

export type AgentNotice =
  | { readonly type: 'started' }
  | { readonly type: 'crashed'; readonly message: string; readonly restarts: number }
  | { readonly type: 'gaveUp'; readonly message: string }
  /** `probes`: what was read for it in that context since the report before, by type. */
  | { readonly type: 'report'; readonly report: Report; readonly probes: Readonly<Record<string, number>> }
  | { readonly type: 'verdict'; readonly verdict: Verdict }
  | { readonly type: 'checkFailed'; readonly context: string; readonly code: string; readonly message: string };

interface Waiting {
  readonly context: string;
  readonly about: readonly string[];
  readonly done: (outcome: Outcome<Report>) => void;
}

/** A question to this agent that waits for its reply. */
interface Asked {
  readonly consultation: Consultation;
  readonly done: (answer: ConsultationAnswer) => void;
}

/** Carries a question of this agent to another one. */
export type Consulting = (context: ContextName, consultation: Consultation) => Promise<ConsultationAnswer>;

export class AgentKeeper {
  readonly agent: Agent;
  readonly #kube: Kube;
  readonly #ask: AskProbe;
  readonly #consult: Consulting;
  readonly #thread: URL;
  readonly #registry: string;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #notify: (notice: AgentNotice) => void;
  readonly #waiting = new Map<number, Waiting>();
  readonly #tasks = new Map<string, JudgeTask>();
  readonly #asked = new Map<number, Asked>();
  readonly #queue: { context: string | null; probe: Probe }[] = [];
  /** Reads it wished for since its last settled report, by context and type. */
  readonly #read = new Map<string, Map<string, number>>();
  #probing = 0;
  #worker: Worker | undefined;
  #falls: number[] = [];
  #restarts = 0;
  #requests = 0;
  #state: AgentState = 'starting';
  #paused = false;
  #lastReport: number | undefined;
  #lastError: string | undefined;
  #closed = false;

  constructor(
    agent: Agent,
    ports: { kube: Kube; ask: AskProbe; consult: Consulting; agentThread: URL; clock: Clock; log: Log },
    registry: string,
    notify: (notice: AgentNotice) => void,
  ) {
    this.agent = agent;
    this.#kube = ports.kube;
    this.#ask = ports.ask;
    this.#consult = ports.consult;
    this.#thread = ports.agentThread;
    this.#clock = ports.clock;
    this.#log = ports.log;
    this.#registry = registry;
    this.#notify = notify;
    this.#start();
  }

  get status(): AgentStatus {
    return {
      agent: this.agent,
      state: this.#paused && this.#state === 'running' ? 'paused' : this.#state,
      restarts: this.#restarts,
      lastReport: this.#lastReport,
      queue: this.#waiting.size + this.#queue.length + this.#probing,
      lastError: this.#lastError,
    };
  }

  /** The next settled report of a context. Fails when the agent is given up, paused, or does not answer in time. */
  report(context: string, timeoutMs: number, about: readonly string[] = []): Promise<Outcome<Report>> {
    if (this.#state === 'gaveUp' || this.#paused)
      return Promise.resolve({
        ok: false,
        failure: {
          code: 'agent-unavailable',
          message: `${this.agent.title} ${this.#paused ? 'is paused' : `was given up: ${this.#lastError ?? ''}`}.`,
        },
      });
    const request = ++this.#requests;
    return new Promise((resolve) => {
      const cancel = this.#clock.after(timeoutMs, () => {
        this.#waiting.delete(request);
        resolve({
          ok: false,
          failure: {
            code: 'agent-unavailable',
            message: `${this.agent.title} did not finish its checks of ${context} within ${timeoutMs / 1000} s.`,
          },
        });
      });
      this.#waiting.set(request, {
        context,
        about,
        done: (outcome) => {
          cancel();
          resolve(outcome);
        },
      });
      this.#say({ type: 'report', context, request, about });
    });
  }

  /** This agent's answer to another one, or to the host. Who does not run now is not waited for: the asker goes on without. */
  consult(context: ContextName | null, consultation: Consultation, timeLimitMs: number): Promise<ConsultationAnswer> {
    const { title } = this.agent;
    if (this.#paused) return Promise.resolve(unavailable(`${title} is paused.`));
    if (this.#state === 'gaveUp' || this.#state === 'restarting')
      return Promise.resolve(
        unavailable(`${title} ${this.#state === 'gaveUp' ? 'was given up' : 'has just fallen'}: ${this.#lastError ?? ''}.`),
      );
    const request = ++this.#requests;
    return new Promise((resolve) => {
      const cancel = this.#clock.after(timeLimitMs, () => {
        this.#asked.delete(request);
        this.#say({ type: 'unasked', context, request });
        resolve(unavailable(`${title} did not answer within ${timeLimitMs / 1000} s.`));
      });
      this.#asked.set(request, {
        consultation,
        done: (answer) => {
          cancel();
          this.#asked.delete(request);
          resolve(answer);
        },
      });
      this.#say({ type: 'consult', context, request, consultation });
    });
  }

  /** What it has not asked for again: an answer that became another one. */
  tell(context: ContextName, facts: readonly (readonly [key: string, fact: Fact])[]): void {
    this.#say({ type: 'facts', context, facts });
  }

  judge(task: JudgeTask): () => void {
    this.#tasks.set(task.plan, task);
    this.#say({ type: 'judge', task });
    return () => {
      this.#tasks.delete(task.plan);
      this.#say({ type: 'forget', plan: task.plan });
    };
  }

  /** What it knows by this kind of read is out of date: it asks again where it still wants to know. */
  outOfDate(context: ContextName, probe: ProbeType): void {
    this.#say({ type: 'outOfDate', context, probe });
  }

  pause(paused: boolean): void {
    this.#paused = paused;
    this.#say({ type: 'pause', paused });
  }

  /** Says the views again after the kube worker was started anew. */
  attach(): void {
    const { port1, port2 } = new MessageChannel();
    this.#kube.attach(this.agent.id, kindsOf(this.agent), port1);
    this.#worker?.postMessage({ type: 'view', port: port2 } satisfies ToAgent, [port2]);
  }

  /** Ends the thread as a crash would; for tests of the supervision itself. */
  async kill(): Promise<void> {
    await this.#worker?.terminate();
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { done } of this.#asked.values()) done(unavailable(`${this.agent.title} was ended.`));
    this.#kube.detach(this.agent.id);
    await this.#worker?.terminate();
  }

  #start(): void {
    if (this.#closed) return;
    const data: AgentThreadData = { agent: this.agent.id, registry: this.#registry };
    const worker = new Worker(this.#thread, {
      workerData: data,
      resourceLimits: { maxOldGenerationSizeMb: THREAD_MEMORY_MB, maxYoungGenerationSizeMb: YOUNG_MB },
      name: `agent-${this.agent.id}`,
    });
    this.#worker = worker;
    let error = 'its thread ended';
    worker.on('online', () => {
      this.#state = 'running';
      this.#notify({ type: 'started' });
    });
    worker.on('message', (message: unknown) => this.#hear(message));
    worker.on('error', (e) => (error = e instanceof Error ? e.message : String(e)));
    worker.on('exit', () => {
      if (this.#worker === worker) this.#fell(error);
    });
    this.attach();
    for (const [request, { context, about }] of this.#waiting) this.#say({ type: 'report', context, request, about });
    for (const task of this.#tasks.values()) this.#say({ type: 'judge', task });
    if (this.#paused) this.#say({ type: 'pause', paused: true });
  }

  #fell(message: string): void {
    this.#worker = undefined;
    if (this.#closed) return;
    this.#kube.detach(this.agent.id);
    const now = this.#clock.now();
    this.#falls = [...this.#falls.filter((at) => now - at < FALLS_WITHIN_MS), now];
    this.#lastError = message;
    // What it was asked may be what made it fall: the new thread is not asked again.
    for (const { done } of this.#asked.values()) done(unavailable(`${this.agent.title} fell before it answered: ${message}.`));
    if (this.#falls.length >= MOST_FALLS) {
      this.#state = 'gaveUp';
      for (const { done } of this.#waiting.values())
        done({
          ok: false,
          failure: { code: 'agent-unavailable', message: `${this.agent.title} was given up after ${MOST_FALLS} falls: ${message}` },
        });
      this.#waiting.clear();
      this.#notify({ type: 'gaveUp', message });
      return;
    }
    this.#restarts++;
    this.#state = 'restarting';
    this.#notify({ type: 'crashed', message, restarts: this.#restarts });
    this.#clock.after(RESTART_MS[Math.min(this.#falls.length, RESTART_MS.length) - 1] ?? 0, () => this.#start());
  }

  #say(message: ToAgent): void {
    this.#worker?.postMessage(message);
  }

  #hear(message: unknown): void {
    const parsed = AgentEventSchema.safeParse(message);
    if (!parsed.success) {
      this.#log('error', `agent ${this.agent.id} sent a message the contract does not know: ${z.prettifyError(parsed.error)}`);
      this.#lastError = 'it sent a message the contract does not know';
      void this.#worker?.terminate();
      return;
    }
    this.#act(parsed.data);
  }

  #act(event: AgentEvent): void {
    switch (event.type) {
      case 'report.made':
        this.#lastReport = this.#clock.now();
        this.#notify({ type: 'report', report: event.report, probes: Object.fromEntries(this.#read.get(event.report.context) ?? []) });
        if (event.report.settled) this.#read.delete(event.report.context);
        for (const request of event.answers) {
          this.#waiting.get(request)?.done({ ok: true, value: event.report });
          this.#waiting.delete(request);
        }
        return;
      case 'probe.wished':
        for (const probe of event.probes) {
          this.#queue.push({ context: event.context, probe });
          this.#count(event.context, probe);
        }
        this.#pump();
        return;
      case 'consultation.wished':
        for (const ask of event.asks) void this.#carry(event.context, ask);
        return;
      case 'consultation.replied':
        this.#replied(event.request, event.answer);
        return;
      case 'verdict.reached':
        this.#notify({ type: 'verdict', verdict: event.verdict });
        return;
      case 'check.failed':
        this.#notify({ type: 'checkFailed', context: event.context, code: event.code, message: event.message });
        return;
    }
  }

  async #carry(context: ContextName, consultation: Consultation): Promise<void> {
    const answer = await this.#consult(context, consultation).catch((e: unknown) =>
      unavailable(e instanceof Error ? e.message : String(e)),
    );
    this.#say({ type: 'facts', context, facts: [[consultationKey(consultation), answer]] });
  }

  /** The answer in the form that the contract gives it; another form is this agent's fault, as any message the contract does not know. */
  #replied(request: number, answer: Extract<AgentEvent, { type: 'consultation.replied' }>['answer']): void {
    const asked = this.#asked.get(request);
    if (asked === undefined) return;
    const { name } = asked.consultation;
    if (!answer.ok) {
      this.#log('error', `agent ${this.agent.id} could not answer ${name}: ${answer.message}`);
      asked.done(unavailable(`${this.agent.title} could not answer: ${answer.message}`));
      return;
    }
    const value = CONSULTATIONS[name].output.safeParse(answer.value);
    if (value.success) {
      asked.done({ ok: true, value: value.data });
      return;
    }
    this.#log('error', `agent ${this.agent.id} answered ${name} in a form the contract does not know: ${z.prettifyError(value.error)}`);
    asked.done(unavailable(`${this.agent.title} gave an answer that nobody can read.`));
  }

  /** Carries wishes out, a bounded number at once; an answer goes back as a fact, a failure too. */
  #count(context: string | null, { type }: Probe): void {
    if (context === null) return;
    const read = this.#read.get(context) ?? new Map<string, number>();
    this.#read.set(context, read.set(type, (read.get(type) ?? 0) + 1));
  }

  #pump(): void {
    while (this.#probing < PROBES_AT_ONCE) {
      const next = this.#queue.shift();
      if (next === undefined) return;
      this.#probing++;
      void this.#ask(next.context, next.probe)
        .catch((e: unknown): Fact => ({ ok: false, failure: { code: 'internal', message: e instanceof Error ? e.message : String(e) } }))
        .then((fact) => {
          this.#probing--;
          this.#say({ type: 'facts', context: next.context, facts: [[probeKey(next.probe), fact]] });
          this.#pump();
        });
    }
  }
}
