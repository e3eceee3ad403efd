import type {
  AgentRow,
  ContextName,
  ContextRow,
  Failure,
  HostEvent,
  InMaintenance,
  Outcome,
  ProbeType,
  Report,
  ResourceRef,
  SearchKnowledge,
  Verdict,
} from '../../contract/index.ts';
import { probeKey, refKey } from '../../contract/index.ts';
import { type Agent, kindsOf } from '../../core/agent.ts';
import { RECORDED_KINDS } from '../../core/change.ts';
import { isLive } from '../../core/cluster-state.ts';
import { type JudgeTask, knownKey } from '../../core/verify.ts';
import { Announcements } from './announcements.ts';
import { askProbe } from '../probes/ask-probe.ts';
import { Consultations } from './consultations.ts';
import { unavailable } from './unavailable.ts';
import type { IncidentBook, IncidentWork } from '../incidents/incidents.ts';
import type { ClusterStates } from '../known/cluster-states.ts';
import type { ClusterNotice } from '../ports/notices.ts';
import type { KubeContext } from '../ports/kubeconfig.ts';
import type { Ports } from '../ports/ports.ts';
import { type Road, createRoad } from '../road/road.ts';
import type { Autonomy } from '../autonomy/autonomy.ts';
import type { Logs } from '../logs/logs.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { PastIncidents } from '../incidents/past-incidents.ts';
import { AgentKeeper, type AgentNotice, type Consulting } from './supervisor.ts';

/** How long a diagnosis waits for an agent: several rounds of probes at their time limits. */
const REPORT_TIMEOUT_MS = 30_000;
/** What changed before we came, as the record of the last time has it. */
const RECENT_CHANGES = 300;
const MOST_BEGAN = 500;

/**
 * Who runs when: connects clusters for all agents, takes their reports to the incident book, and has the road prepare plans for
 * root causes. It decides nothing about a plan.
 */
export class Orchestrator {
  readonly #ports: Ports;
  readonly #keepers = new Map<string, AgentKeeper>();
  readonly states: ClusterStates;
  readonly #kinds;
  readonly book: IncidentBook;
  readonly road: Road;
  readonly consultations: Consultations;
  readonly #announcements: Announcements;
  /** Since when something is so for which a plan was made, by context, code and object. */
  readonly #began = new Map<string, number>();
  readonly #proposing = new Map<ContextName, { running: Promise<void>; again: boolean }>();
  readonly #verdicts = new Map<string, (verdict: Verdict) => void>();
  readonly #append: (event: HostEvent) => Promise<void>;
  readonly #isProtected: (context: ContextName) => boolean;
  readonly #held: () => Failure | undefined;
  #off: (() => void) | undefined;
  #closed = false;

  constructor(
    ports: Ports,
    agents: readonly Agent[],
    registry: string,
    parts: {
      book: IncidentBook;
      states: ClusterStates;
      append: (event: HostEvent) => Promise<void>;
      isProtected: (context: ContextName) => boolean;
      held: () => Failure | undefined;
      autonomy: Pick<Autonomy, 'of' | 'consider'>;
      searchKnowledge: SearchKnowledge;
      past: PastIncidents;
      metrics: Metrics;
      /** Made a moment later: what it tells wakes agents. */
      logs: () => Logs;
      maintenance: (context: ContextName, resource: ResourceRef) => InMaintenance | undefined;
    },
  ) {
    this.#ports = ports;
    this.book = parts.book;
    this.states = parts.states;
    this.#append = parts.append;
    this.#isProtected = parts.isProtected;
    this.#held = parts.held;
    // What changed is told also of kinds that no agent reads.
    this.#kinds = [...new Set([...agents.flatMap(kindsOf), ...RECORDED_KINDS])].sort();
    this.road = createRoad({
      store: ports.store,
      writer: ports.writer,
      clock: ports.clock,
      ids: ports.ids,
      log: ports.log,
      isProtected: parts.isProtected,
      held: parts.held,
      autonomy: parts.autonomy,
      declares: (id, kind) => {
        const agent = this.#keepers.get(id)?.agent;
        return agent !== undefined && (kindsOf(agent) as readonly string[]).includes(kind);
      },
      clusterUid: (context) => this.states.verifiedUid(context),
      judge: (task, hear) => this.#judge(task, hear),
      connect: async (context) => {
        const connected = await this.connect(context);
        return connected.ok ? { ok: true, value: undefined } : connected;
      },
    });
    this.#announcements = new Announcements({
      append: parts.append,
      maintenance: parts.maintenance,
      tell: (context, types) => {
        const value = { announcements: [...this.#announcements.of(context)] };
        for (const keeper of this.#keepers.values())
          if (keeper.agent.listens?.some((type) => types.has(type)) === true)
            keeper.tell(context, [[probeKey({ type: 'announcements' }), { ok: true, value }]]);
      },
    });
    const ask = askProbe({
      ...ports,
      searchKnowledge: parts.searchKnowledge,
      past: parts.past,
      metrics: parts.metrics,
      logs: { news: (context) => parts.logs().news(context) },
      announcements: this.#announcements,
    });
    this.consultations = new Consultations({ ...ports, append: parts.append, keeper: (id) => this.#keepers.get(id) });
    this.#off = ports.kube.onNotice((notice) => this.#notice(notice));
    for (const agent of agents) {
      const consult: Consulting = (context, consultation) => this.consultations.carry(agent.id, context, consultation);
      this.#keepers.set(agent.id, new AgentKeeper(agent, { ...ports, ask, consult }, registry, (notice) => this.#hear(agent, notice)));
    }
  }

  get agents(): readonly Agent[] {
    return [...this.#keepers.values()].map((keeper) => keeper.agent);
  }

  keeper(id: string): AgentKeeper | undefined {
    return this.#keepers.get(id);
  }

  /** Maintenance of a context began or ended. */
  maintenanceTurned(context: ContextName): void {
    this.book.maintenanceTurned(context);
    this.#announcements.again(context);
  }

  /** What agents know by this kind of read is out of date: they look again now. */
  outOfDate(context: ContextName, type: ProbeType): void {
    for (const keeper of this.#keepers.values()) keeper.outOfDate(context, type);
  }

  agentRows(): readonly AgentRow[] {
    const contexts = [...this.states.live()];
    return [...this.#keepers.values()].map(({ status: s }) => ({
      id: s.agent.id,
      title: s.agent.title,
      description: s.agent.description,
      icon: s.agent.icon,
      state: s.state,
      checks: s.agent.checks.length,
      remedies: s.agent.remedies.length,
      kinds: [...kindsOf(s.agent)],
      contexts,
      lastReport: s.lastReport === undefined ? null : new Date(s.lastReport).toISOString(),
      queue: s.queue,
      restarts: s.restarts,
      lastError: s.lastError ?? null,
    }));
  }

  row(context: KubeContext): ContextRow {
    const { place: _place, ...shown } = context;
    return {
      ...shown,
      protected: context.protected || this.#isProtected(context.name),
      ...this.states.row(context),
      reachable: null,
    };
  }

  async connect(context: ContextName): Promise<Outcome<{ uid: string }>> {
    const known = this.states.get(context);
    if (isLive(known.state)) return { ok: true, value: { uid: known.uid } };
    void this.states.hear(context, { type: 'asked' });
    const outcome = await this.#ports.kube.connect(context, this.#kinds);
    if (!outcome.ok) await this.states.hear(context, { type: 'failed', failure: outcome.failure });
    // Most often the notice has been here first, and what came after it counts.
    else if (!isLive(this.states.get(context).state)) await this.#online(context, outcome.value);
    return outcome;
  }

  async disconnect(context: ContextName): Promise<void> {
    await this.#ports.kube.disconnect(context);
    await this.states.hear(context, { type: 'disconnected', at: this.#ports.clock.now() });
    await this.#append({ type: 'cluster.disconnected', context });
  }

  /**
   * Has every agent look at a context now and waits for their settled reports; agents that cannot answer are named. `about`: the objects
   * somebody asks about, by `refKey`; the reports then say what was looked for there and not found.
   */
  async examine(
    context: ContextName,
    about: readonly string[] = [],
  ): Promise<{ readonly reports: readonly Report[]; readonly unavailable: readonly Failure[] }> {
    const checking = [...this.#keepers.values()].filter((keeper) => keeper.agent.checks.length > 0);
    const outcomes = await Promise.all(checking.map((keeper) => keeper.report(context, REPORT_TIMEOUT_MS, about)));
    return { reports: outcomes.flatMap((o) => (o.ok ? [o.value] : [])), unavailable: outcomes.flatMap((o) => (o.ok ? [] : [o.failure])) };
  }

  /**
   * Plans for all root causes of a context; resolves when each has been prepared or refused. One run a context at a time. `fresh`: a
   * person asks, so that plans held back after a refusal or a failure are prepared again. None while all agents are held.
   */
  propose(context: ContextName, fresh = false): Promise<void> {
    const current = this.#proposing.get(context);
    if (current !== undefined && fresh) return current.running.then(() => this.propose(context, true));
    if (current !== undefined) {
      current.again = true;
      return current.running;
    }
    const state = { again: false, running: Promise.resolve() };
    state.running = (async () => {
      do {
        state.again = false;
        for (const work of this.book.work(context)) await this.#proposeFor(context, work, fresh);
      } while (state.again && !this.#closed);
    })().finally(() => this.#proposing.delete(context));
    this.#proposing.set(context, state);
    return state.running;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#off?.();
    this.book.close();
    await this.road.close();
    await Promise.all([...this.#keepers.values()].map((keeper) => keeper.close()));
  }

  async #proposeFor(context: ContextName, { incident, finding, agent, drafts }: IncidentWork, fresh: boolean): Promise<void> {
    const { since } = finding.params;
    // A finding is silent while the rollout that mends it runs: when it began is known from before.
    if (typeof since === 'number' && drafts.length > 0) this.#began.set(`${context} ${finding.code} ${refKey(finding.subject)}`, since);
    for (const oldest of this.#began.keys()) {
      if (this.#began.size <= MOST_BEGAN) break;
      this.#began.delete(oldest);
    }
    // Who works there has not asked for proposals; who asks gets them.
    const unasked = incident.maintenance !== undefined && !fresh;
    if (this.#closed || this.#held() !== undefined || incident.dismissed !== undefined || unasked) return;
    await this.road.proposeAll({ context, incident, agent, drafts, fresh });
  }

  /** Sets the agent to judge a plan; its verdicts go to `hear` until the returned function is called. */
  #judge(task: Omit<JudgeTask, 'known'>, hear: (verdict: Verdict) => void): () => void {
    const keeper = this.#keepers.get(task.agent);
    if (keeper === undefined) return () => undefined;
    this.#verdicts.set(task.plan, this.#withNumbers(task, hear));
    const known = this.book.reports(task.context).flatMap((r) => r.findings.map(knownKey));
    const forget = keeper.judge({ ...task, known });
    return () => {
      this.#verdicts.delete(task.plan);
      forget();
    };
  }

  /** Of what began at a known time a plan has helped when the metrics are back to what they were, too; the verdict has the numbers. */
  #withNumbers(task: Omit<JudgeTask, 'known'>, hear: (verdict: Verdict) => void): (verdict: Verdict) => void {
    const since = task.codes
      .map((code) => this.#began.get(`${task.context} ${code} ${refKey(task.subject)}`))
      .find((at) => at !== undefined);
    if (since === undefined) return hear;
    const ask = { resource: task.subject, since: new Date(since).toISOString() };
    let before = Promise.resolve();
    return (verdict) => {
      before = before.then(async () => {
        if (!verdict.holds) return hear(verdict);
        const answer = await this.consultations
          .ask('host', task.context, 'observability.verifyMetrics', ask)
          .catch((e: unknown) => unavailable(e instanceof Error ? e.message : String(e)));
        if (!answer.ok || answer.value.verdict === 'unknown') return hear(verdict);
        const { verdict: said, because } = answer.value;
        hear(
          said === 'backToNormal'
            ? { ...verdict, because: `${verdict.because}; back to what it was: ${because}` }
            : { ...verdict, holds: false, because: `not back to what it was yet: ${because}` },
        );
      });
    };
  }

  #hear(agent: Agent, notice: AgentNotice): void {
    switch (notice.type) {
      case 'started':
        void this.#append({ type: 'agent.started', agent: agent.id, title: agent.title });
        return;
      case 'crashed':
        void this.#append({ type: 'agent.crashed', agent: agent.id, message: notice.message, restarts: notice.restarts });
        return;
      case 'gaveUp':
        void this.#append({ type: 'agent.gaveUp', agent: agent.id, message: notice.message });
        return;
      case 'report':
        this.#announcements.take(agent, notice.report);
        this.book.take(agent.id, notice.report, { checks: agent.checks.length, probes: notice.probes });
        return;
      case 'verdict':
        this.#verdicts.get(notice.verdict.plan)?.(notice.verdict);
        return;
      case 'checkFailed':
        void this.#append({ type: 'check.failed', agent: agent.id, context: notice.context, code: notice.code, message: notice.message });
        return;
    }
  }

  #notice(notice: ClusterNotice): void {
    switch (notice.type) {
      case 'synced':
        void this.#online(notice.context, notice);
        return;
      case 'offline':
        void this.states.hear(notice.context, { type: 'failed', failure: notice.failure });
        return;
      case 'pulse':
      case 'rows':
        this.states.notice(notice);
        return;
      case 'map':
      case 'logNews':
        return;
      case 'changes':
        this.book.learn(notice.context, notice.changes);
        void this.#ports.store
          .putChanges(notice.changes)
          .catch((e: unknown) => this.#ports.log('error', `changes of ${notice.context} are not kept: ${String(e)}`));
        return;
      case 'kubeconfigChanged': {
        const { added, removed, changed, problems } = notice;
        void this.#append({ type: 'kubeconfig.changed', added: [...added], removed: [...removed], changed: [...changed], problems });
        return;
      }
      case 'signIn': {
        const { context, user, text, done } = notice;
        void this.#append(
          done
            ? { type: 'signIn.ended', context, user, failure: text === '' ? null : text }
            : { type: 'signIn.asked', context, user, text },
        );
        return;
      }
      case 'workerCrashed':
        this.#ports.log('error', `the kube worker ended (${notice.message}) and was started anew`);
        for (const keeper of this.#keepers.values()) keeper.attach();
        for (const context of this.states.live()) void this.states.hear(context, { type: 'readerLost', at: this.#ports.clock.now() });
        return;
    }
  }

  async #online(context: ContextName, { uid, version }: { uid: string; version: string }): Promise<void> {
    await this.states.hear(context, { type: 'synced', at: this.#ports.clock.now(), uid, version });
    this.book.learn(context, await this.#ports.store.changes({ context, limit: RECENT_CHANGES }));
  }
}
