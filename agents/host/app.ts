import { createRouterClient } from '@orpc/server';
import type { RouterClient } from '@orpc/server';
import type { ContextName, HostEvent } from '../contract/index.ts';
import type { Agent } from '../core/agent.ts';
import type { AppParts } from './app-parts.ts';
import { Asking } from './ask/asking.ts';
import { Autonomy } from './autonomy/autonomy.ts';
import { AutonomyBook } from './autonomy/autonomy-book.ts';
import { createBus } from './bus.ts';
import { HoldSwitch } from './autonomy/hold.ts';
import { TokenBook } from './http/tokens.ts';
import { Inference } from './inference/inference.ts';
import { Interactive } from './interactive.ts';
import { IncidentBook, type MaintenanceLook } from './incidents/incidents.ts';
import { MaintenanceBook } from './incidents/maintenance-book.ts';
import { readFieldsOfServers } from './knowledge/built-in/api-server.ts';
import { builtInSources } from './knowledge/built-in/sources.ts';
import { Knowledge } from './knowledge/knowledge.ts';
import { ClusterStates } from './known/cluster-states.ts';
import { asLastSeen } from './known/incident-ages.ts';
import { Logs } from './logs/logs.ts';
import { Metrics } from './metrics/metrics.ts';
import { Orchestrator } from './crew/orchestrator.ts';
import type { Ports } from './ports/ports.ts';
import type { ReadingStats } from './ports/kube.ts';
import type { WritableStore } from './ports/store.ts';
import { PastIncidents } from './incidents/past-incidents.ts';
import { RemedyOrder } from './incidents/remedy-order.ts';
import { Reports } from './incidents/reports.ts';
import { Runbooks } from './runbooks/runbooks.ts';
import { buildRouter } from './router.ts';
import { UpdateWatch } from './updates.ts';
import { within } from './within.ts';

/** The app: the contract, implemented. Shells give it ports and carry it (HTTP, a MessagePort, in process). */
export interface App {
  readonly router: AppRouter;
  /** In process, typed by the contract. */
  readonly client: AppClient;
  readonly orchestrator: Orchestrator;
  /** Who may call over HTTP. */
  readonly tokens: Pick<TokenBook, 'find'>;
  /** For a shell that goes on: what is done when nobody waits for it. Sources of knowledge are read and watched, vectors made. */
  goOn(): void;
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
  const knowledge = new Knowledge({ ...ports, builtIn: builtInSources(agents) });
  let noMoreFields = (): void => undefined;
  const metrics = new Metrics(ports);
  const past = new PastIncidents(store);
  const tokens = new TokenBook(ports.dataDir, ports.clock);
  const autonomyBook = new AutonomyBook(ports.dataDir);
  const maintenance = new MaintenanceBook(
    {
      clock: ports.clock,
      over: ({ id, context }) =>
        void store
          .appendWithMaintenance([{ type: 'maintenance.ended', context, maintenance: id, because: 'its time is over' }], [], [id])
          .catch((e: unknown) => ports.log('error', `the end of maintenance ${id}: ${words(e)}`)),
      turned: (contexts) => {
        for (const context of contexts) orchestrator.maintenanceTurned(context);
      },
    },
    await store.maintenances(),
  );
  const inMaintenance: MaintenanceLook = (context, resource, affects) => maintenance.of(context, resource, affects);
  const autonomy = new Autonomy({
    ...ports,
    store,
    book: autonomyBook,
    reader: ports.writer,
    maintenance: (context, target) => inMaintenance(context, target, []),
  });
  const forget = marks.follow(ports.kube);
  const book = new IncidentBook(
    ports.clock,
    {
      record: async (events, incidents, dismissals) => {
        await store.appendWithIncidents(events, incidents, dismissals);
        if (events.some((e) => e.type === 'incident.opened' || e.type === 'incident.resolved')) logs.want();
      },
      refused: (e) => ports.log('error', `the event log refused what became of incidents: ${words(e)}`),
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
    inMaintenance,
  );
  const append = async (event: HostEvent) => {
    await store.append([event]).catch((e: unknown) => ports.log('error', `the event log refused ${event.type}: ${words(e)}`));
  };
  const configured = async () => (await ports.kube.kubeconfig()).contexts.map((c) => c.name);
  const states = new ClusterStates({ store, clock: ports.clock, log: ports.log, append, configured }, await store.knownClusters());
  const recordSeen = async (context?: ContextName) => {
    const seen = book.open().flatMap((incident) => {
      if (context !== undefined && incident.context !== context) return [];
      const last = asLastSeen(incident, book, states, ports.clock.now());
      return last === incident ? [] : [last];
    });
    if (seen.length > 0) await store.appendWithIncidents([], seen);
  };
  states.onLeft((context) => void recordSeen(context).catch((e: unknown) => ports.log('error', `incidents of ${context}: ${words(e)}`)));
  const orchestrator: Orchestrator = new Orchestrator({ ...ports, store }, agents, registry, {
    book,
    states,
    append,
    isProtected: (context) => marks.isProtected(context),
    held: () => hold.refusal(),
    autonomy,
    searchKnowledge: knowledge.search,
    past,
    metrics,
    logs: () => logs,
    maintenance: (context, resource) => inMaintenance(context, resource, []),
  });
  const logs = new Logs({
    ...ports,
    metrics,
    append,
    wake: (context) => orchestrator.outOfDate(context, 'logNews'),
    incidents: () => book.open(),
    maintenance: (context, resource) => inMaintenance(context, resource, []),
  });
  hold.onRelease(() => {
    for (const context of states.live())
      void orchestrator.propose(context).catch((e: unknown) => ports.log('error', `plans of ${context}: ${words(e)}`));
  });
  await store.append([{ type: 'app.started', version: ports.version, demo: ports.demo }]);
  const reports = new Reports({ ...ports, store });
  const reporting = reports.follow(bus.stream(await store.lastSeq(), undefined));
  reporting.catch((e: unknown) => ports.log('error', `incidents that are over get no report any more: ${words(e)}`));
  const runbooks = new Runbooks({ ...ports, store, agents, past, knowledge, append });
  const learning = runbooks.follow(bus.stream(await store.lastSeq(), undefined));
  learning.catch((e: unknown) => ports.log('error', `incidents teach nothing any more: ${words(e)}`));
  const recovered = orchestrator.road.recover();
  await within(RECOVER_MS, ports.clock, recovered);
  await autonomy.inForce();
  autonomy.everyMinute(() => orchestrator.road.considerRules());
  recovered.catch((e: unknown) => ports.log('error', `a plan that was on its way could not be looked at: ${words(e)}`));

  const inference = new Inference({ port: ports.model, clock: ports.clock, ids: ports.ids, append });
  const ordering = new RemedyOrder({ store, road: orchestrator.road, inference, log: ports.log }).follow(
    bus.stream(await store.lastSeq(), undefined),
  );
  ordering.catch((e: unknown) => ports.log('error', `plans are put in no order any more: ${words(e)}`));
  const interactive = new Interactive({
    kube: ports.kube,
    transport: ports.interactive,
    isProtected: (context) => marks.isProtected(context),
    append,
    ids: ports.ids,
    clock: ports.clock,
  });
  const updates = new UpdateWatch(ports.dataDir, ports.version, ports.clock);
  const asking = new Asking({ ports, store, orchestrator, book, marks, inference, past, metrics });
  const parts: AppParts = {
    asking,
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
    inference,
    knowledge,
    metrics,
    logs,
    maintenance,
    past,
    reports,
    runbooks,
    updates,
  };
  const router = buildRouter(parts, bus, startedAt);
  return {
    router,
    client: createRouterClient(router),
    orchestrator,
    tokens,
    goOn: () => {
      knowledge.begin();
      noMoreFields = readFieldsOfServers(ports.kube, knowledge, ports.version, ports.log);
    },
    reading: () => ports.kube.stats(),
    close: async () => {
      closing = true;
      autonomy.close();
      maintenance.close();
      forget();
      updates.close();
      inference.close();
      asking.close();
      await interactive.close();
      noMoreFields();
      await knowledge.close();
      await within(FLUSH_MS, ports.clock, ports.kube.flushRows());
      await recordSeen().catch((e: unknown) => ports.log('error', `the ages of incidents: ${words(e)}`));
      await orchestrator.close();
      await states.close();
      await append({ type: 'app.stopped' });
      bus.close();
      logs.close();
      await metrics.close();
      await Promise.allSettled([reporting, learning, ordering]);
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
