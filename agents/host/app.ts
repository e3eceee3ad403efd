import { createRouterClient, withEventMeta } from '@orpc/server';
import type { RouterClient } from '@orpc/server';
import { type AppInfo, type ContextName, type HostEvent, type Incident, type IncidentWithPlans } from '../contract/index.ts';
import type { Agent } from '../core/agent.ts';
import { type AppParts, plansOf } from './app-parts.ts';
import { Autonomy } from './autonomy.ts';
import { AutonomyBook } from './autonomy-book.ts';
import { createBus } from './bus.ts';
import { diagnoseContext } from './diagnosis.ts';
import { examineMachine } from './doctor.ts';
import { diagnoseGiven } from './files/diagnose-given.ts';
import { runFix } from './fix.ts';
import { HoldSwitch } from './hold.ts';
import { TokenBook } from './http/tokens.ts';
import { Interactive } from './interactive.ts';
import { IncidentBook } from './incidents.ts';
import { Knowledge } from './knowledge/knowledge.ts';
import { ClusterStates } from './known/cluster-states.ts';
import { asLastSeen } from './known/incident-ages.ts';
import { Orchestrator } from './orchestrator.ts';
import { personHere } from './person.ts';
import type { Ports, ReadingStats, WritableStore } from './ports.ts';
import { auditProcedures } from './procedures/audit.ts';
import { autonomyProcedures } from './procedures/autonomy.ts';
import { changeProcedures } from './procedures/changes.ts';
import { dismissalProcedures } from './procedures/dismissals.ts';
import { holdProcedures } from './procedures/hold.ts';
import { exploreProcedures } from './procedures/explore.ts';
import { interactiveProcedures } from './procedures/interactive.ts';
import { contextProcedures } from './procedures/contexts.ts';
import { knowledgeProcedures } from './procedures/knowledge.ts';
import { type Failed, found, must, os } from './procedures/os.ts';
import { reportProcedures } from './procedures/reports.ts';
import { rowProcedures } from './procedures/rows.ts';
import { tokenProcedures } from './procedures/tokens.ts';
import { Reports } from './reports.ts';
import { within } from './within.ts';

/** The app: the contract, implemented. Shells give it ports and carry it (HTTP, a MessagePort, in process). */
export interface App {
  readonly router: AppRouter;
  /** In process, typed by the contract. */
  readonly client: AppClient;
  readonly orchestrator: Orchestrator;
  /** Who may call over HTTP. */
  readonly tokens: Pick<TokenBook, 'find'>;
  /** How the reading of the clusters goes. */
  reading(): Promise<ReadingStats>;
  close(): Promise<void>;
}

export interface AppOptions {
  readonly agents: readonly Agent[];
  /** The module an agent's thread imports to find itself; must export the same list as `AGENTS`. A URL. */
  readonly registry: string;
}

export async function createApp(ports: Ports, { agents, registry }: AppOptions): Promise<App> {
  const bus = createBus(ports.store);
  const store: WritableStore = bus.store;
  const { marks } = ports;
  const startedAt = new Date(ports.clock.now()).toISOString();
  let closing = false;
  const hold = new HoldSwitch(ports.dataDir);
  const knowledge = new Knowledge(ports.dataDir, ports.clock);
  const tokens = new TokenBook(ports.dataDir, ports.clock);
  const autonomyBook = new AutonomyBook(ports.dataDir);
  const autonomy = new Autonomy({ ...ports, store, book: autonomyBook, reader: ports.writer });
  const forget = marks.follow(ports.kube);
  const book = new IncidentBook(
    ports.clock,
    {
      record: async (events, incidents, { put, ended }) => {
        const [first, ...rest] = incidents;
        if (put.length > 0 || ended.length > 0) await store.appendWithDismissals([], put, ended);
        if (first === undefined) await store.append(events);
        else await store.appendWithIncident(events, first);
        for (const incident of rest) await store.appendWithIncident([], incident);
      },
      resolved: (incident, because) =>
        void orchestrator.road.abandonFor(incident, because).catch((e: unknown) => ports.log('error', `plans of ${incident}: ${words(e)}`)),
      changed: (context) => {
        if (closing) return;
        void orchestrator.propose(context).catch((e: unknown) => {
          if (!closing) ports.log('error', `plans of ${context}: ${words(e)}`);
        });
      },
    },
    await store.incidents('open'),
    await store.dismissals(),
  );
  const append = async (event: HostEvent) => {
    await store.append([event]).catch((e: unknown) => ports.log('error', `the event log refused ${event.type}: ${words(e)}`));
  };
  const configured = async () => (await ports.kube.kubeconfig()).contexts.map((c) => c.name);
  const states = new ClusterStates({ store, clock: ports.clock, log: ports.log, append, configured }, await store.knownClusters());
  const recordSeen = async (context?: ContextName) => {
    for (const incident of book.open()) {
      const seen = context === undefined || incident.context === context ? asLastSeen(incident, book, states, ports.clock.now()) : incident;
      if (seen !== incident) await store.appendWithIncident([], seen);
    }
  };
  states.onLeft((context) => void recordSeen(context).catch((e: unknown) => ports.log('error', `incidents of ${context}: ${words(e)}`)));
  const orchestrator: Orchestrator = new Orchestrator({ ...ports, store }, agents, registry, {
    book,
    states,
    append,
    isProtected: (context) => marks.isProtected(context),
    held: () => hold.refusal(),
    autonomy,
  });
  hold.onRelease(() => {
    for (const context of states.live())
      void orchestrator.propose(context).catch((e: unknown) => ports.log('error', `plans of ${context}: ${words(e)}`));
  });
  await store.append([{ type: 'app.started', version: ports.version, demo: ports.demo }]);
  const reports = new Reports({ ...ports, store });
  const reporting = reports.follow(bus.stream(await store.lastSeq(), undefined));
  reporting.catch((e: unknown) => ports.log('error', `incidents that are over get no report any more: ${words(e)}`));
  const recovered = orchestrator.road.recover();
  await within(RECOVER_MS, ports.clock, recovered);
  await autonomy.inForce();
  autonomy.everyMinute(() => orchestrator.road.considerRules());
  recovered.catch((e: unknown) => ports.log('error', `a plan that was on its way could not be looked at: ${words(e)}`));

  const interactive = new Interactive({
    kube: ports.kube,
    transport: ports.interactive,
    isProtected: (context) => marks.isProtected(context),
    append,
    ids: ports.ids,
    clock: ports.clock,
  });
  const parts: AppParts = {
    ports,
    store,
    orchestrator,
    book,
    marks,
    hold,
    autonomy,
    autonomyBook,
    tokens,
    interactive,
    knowledge,
    reports,
  };
  const router = buildRouter(parts, bus.stream, startedAt);
  return {
    router,
    client: createRouterClient(router),
    orchestrator,
    tokens,
    reading: () => ports.kube.stats(),
    close: async () => {
      closing = true;
      autonomy.close();
      forget();
      await interactive.close();
      await knowledge.close();
      await within(FLUSH_MS, ports.clock, ports.kube.flushRows());
      await recordSeen().catch((e: unknown) => ports.log('error', `the ages of incidents: ${words(e)}`));
      await orchestrator.close();
      await states.close();
      await append({ type: 'app.stopped' });
      bus.close();
      await reporting.catch(() => undefined);
      await ports.kube.close();
      await ports.store.close();
    },
  };
}

/** What the kube worker has not handed on by then is read from the clusters again. */
const FLUSH_MS = 3_000;
/** A plan that was on its way is looked up in its cluster, which may not be there: the app opens all the same. */
const RECOVER_MS = 500;

const words = (e: unknown) => (e instanceof Error ? e.message : String(e));

type AppRouter = ReturnType<typeof buildRouter>;
export type AppClient = RouterClient<AppRouter>;

function buildRouter(parts: AppParts, stream: ReturnType<typeof createBus>['stream'], startedAt: string) {
  const { ports, store, orchestrator, book, autonomy } = parts;
  const withPlans = async (incidents: readonly Incident[]): Promise<IncidentWithPlans[]> => {
    const plans = await store.plans();
    return incidents.map((incident) => ({ ...incident, plans: plansOf(incident.id, plans) }));
  };
  const agentRow = (id: string, errors: Failed) =>
    found(
      orchestrator.agentRows().find((a) => a.id === id),
      `agent ${id}`,
      errors,
    );

  return os.router({
    app: {
      info: os.app.info.handler(async (): Promise<AppInfo> => ({
        version: ports.version,
        demo: ports.demo,
        dataDir: ports.dataDir,
        model: ports.model.model?.name ?? null,
        user: personHere(),
        lastEvent: await store.lastSeq(),
        startedAt,
      })),
      doctor: os.app.doctor.handler(() => examineMachine(ports)),
    },
    ...auditProcedures(parts),
    ...autonomyProcedures(parts),
    ...contextProcedures(parts),
    ...changeProcedures(parts),
    ...dismissalProcedures(parts),
    ...holdProcedures(parts),
    ...exploreProcedures(parts),
    ...interactiveProcedures(parts),
    ...knowledgeProcedures(parts),
    ...reportProcedures(parts),
    ...rowProcedures(parts),
    ...tokenProcedures(parts),
    diagnosis: {
      run: os.diagnosis.run.handler(async ({ input, errors }) => must(await diagnoseContext(parts, input), errors)),
      ofFiles: os.diagnosis.ofFiles.handler(async ({ input, errors }) =>
        must(await diagnoseGiven(orchestrator.agents, input, ports.clock.now()), errors),
      ),
    },
    incidents: {
      list: os.incidents.list.handler(async ({ input }) => {
        const stored = await store.incidents(input.state === 'dismissed' ? 'open' : input.state);
        const live = new Set(book.open().map((i) => i.id));
        const open = book.open().map((i) => asLastSeen(i, book, orchestrator.states, ports.clock.now()));
        const all = input.state === 'resolved' ? stored : [...open, ...stored.filter((i) => !live.has(i.id))];
        const wanted = all.filter(
          (i) =>
            (input.context === undefined || i.context === input.context) &&
            (input.state === 'open' ? i.dismissed === undefined : input.state !== 'dismissed' || i.dismissed !== undefined),
        );
        return { incidents: await withPlans(wanted) };
      }),
      get: os.incidents.get.handler(async ({ input, errors }) => {
        const incident = found(
          book.open().find((i) => i.id === input.id) ?? (await store.incident(input.id)),
          `incident ${input.id}`,
          errors,
        );
        const seen = asLastSeen(incident, book, orchestrator.states, ports.clock.now());
        const plans = plansOf(incident.id, await store.plans());
        return { ...seen, plans: await Promise.all(plans.map((plan) => autonomy.shown(plan))) };
      }),
    },
    plans: {
      list: os.plans.list.handler(async ({ input }) => {
        const plans = await store.plans();
        const wanted = plans.filter(
          (p) => (input.context === undefined || p.context === input.context) && (input.state === 'all' || p.state === 'awaitingApproval'),
        );
        return {
          plans: await Promise.all(
            wanted
              .sort(
                (a, b) =>
                  Number(b.state === 'awaitingApproval') - Number(a.state === 'awaitingApproval') || b.createdAt.localeCompare(a.createdAt),
              )
              .map((plan) => autonomy.shown(plan)),
          ),
        };
      }),
      get: os.plans.get.handler(async ({ input, errors }) => autonomy.shown(found(await store.plan(input.id), `plan ${input.id}`, errors))),
      decide: os.plans.decide.handler(async ({ input, errors }) => must(await orchestrator.road.decide(input), errors)),
      undo: os.plans.undo.handler(async ({ input, errors }) => must(await orchestrator.road.undo(input.id), errors)),
      settled: os.plans.settled.handler(async ({ input, errors }) =>
        must(await orchestrator.road.settled(input.id, input.timeoutSeconds * 1000), errors),
      ),
    },
    fix: { run: os.fix.run.handler(async ({ input, errors }) => must(await runFix(parts, input), errors)) },
    events: {
      list: os.events.list.handler(async ({ input }) => {
        const events = await store.events(input.since, input.limit);
        const wanted = events.filter((e) => input.context === undefined || ('context' in e.event && e.event.context === input.context));
        return { events: [...wanted], last: events.at(-1)?.seq ?? (await store.lastSeq()) };
      }),
      stream: os.events.stream.handler(async function* ({ input, lastEventId, signal }) {
        const since = lastEventId === undefined ? (input.since ?? (await store.lastSeq())) : Number(lastEventId);
        for await (const envelope of stream(Number.isSafeInteger(since) ? since : 0, signal))
          yield withEventMeta(envelope, { id: String(envelope.seq) });
      }),
    },
    agents: {
      list: os.agents.list.handler(() => ({ agents: [...orchestrator.agentRows()] })),
      pause: os.agents.pause.handler(async ({ input, errors }) => {
        found(orchestrator.keeper(input.id), `agent ${input.id}`, errors).pause(true);
        await store.append([{ type: 'agent.paused', agent: input.id, by: input.by }]);
        return agentRow(input.id, errors);
      }),
      resume: os.agents.resume.handler(async ({ input, errors }) => {
        found(orchestrator.keeper(input.id), `agent ${input.id}`, errors).pause(false);
        await store.append([{ type: 'agent.resumed', agent: input.id, by: input.by }]);
        return agentRow(input.id, errors);
      }),
    },
  });
}
