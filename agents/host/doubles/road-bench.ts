import type { ActionSpec, Failure, Incident, Json, Plan, PlanAutonomy, PlanDraft, ResourceRef, Verdict } from '../../contract/index.ts';
import type { WritableStore } from '../ports/store.ts';
import type { Writer } from '../ports/writer.ts';
import { type Road, createRoad } from '../road/road.ts';
import { memoryStore } from './memory-store.ts';
import { SmallCluster } from './small-cluster.ts';
import { TurnedClock } from './turned-clock.ts';

/** A cluster as the bench needs it: somebody else can change it, and it counts what the road really sent. In memory, or a real one. */
export interface BenchCluster extends Writer {
  put(object: Json): unknown;
  edit(ref: ResourceRef, change: (object: { [key: string]: Json }) => void): unknown;
  remove(ref: ResourceRef): unknown;
  /** Requests other than dry runs. */
  readonly sent: number;
}

/** The road with a cluster, a store and a clock in memory, and a hand on the agent's verdicts. */
export interface RoadBench<C extends BenchCluster = SmallCluster> {
  readonly road: Road;
  readonly cluster: C;
  readonly clock: TurnedClock;
  readonly store: WritableStore;
  /** What the agent says about every plan under judgement. */
  say(verdict: Partial<Verdict>): void;
  readonly judged: () => readonly string[];
  readonly log: readonly string[];
  readonly marks: {
    protectedContext: boolean;
    clusterUid: string | undefined;
    connects: number;
    held: Failure | undefined;
    declared: Set<string>;
    autonomy: (plan: Plan) => PlanAutonomy;
  };
  /** This process ends here and now; the road of a new one, over the same store and cluster. */
  restart(): RoadBench<C>;
  propose(draft?: PlanDraft, fresh?: boolean): Promise<Plan>;
  approve(plan: Plan): ReturnType<Road['decide']>;
  /** Proposes, approves, and has the agent say that it helped. */
  carryOut(draft?: PlanDraft): Promise<Plan>;
  eventTypes(): Promise<string[]>;
}

export const CONTEXT = 'prod';
export const checkout: ResourceRef = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'checkout' };
export const appConfig: ResourceRef = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'app-config' };

export const deployment = (name = 'checkout'): { [key: string]: Json } => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'shop', labels: { app: name } },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'api', image: 'shop/api:1.0' }] } },
  },
  status: { readyReplicas: 0 },
});

export const IMAGE = '/spec/template/spec/containers/0/image';
export const changeImage = (to = 'shop/api:1.1', target = checkout): ActionSpec => ({
  type: 'patch',
  target,
  ops: [
    { op: 'test', path: IMAGE, value: 'shop/api:1.0' },
    { op: 'replace', path: IMAGE, value: to },
  ],
});

export const draftOf = (actions: ActionSpec[], more: Partial<PlanDraft> = {}): PlanDraft => ({
  remedy: 'correct-image',
  title: 'Use the image that exists',
  because: 'shop/api:1.0 cannot be pulled',
  actions,
  verify: ['IMG-001'],
  stableForSeconds: 10,
  atLeastRisk: 'low',
  ...more,
});

export const incident: Incident = {
  id: 'incident-1',
  context: CONTEXT,
  title: 'checkout cannot start',
  severity: 'high',
  state: 'open',
  rootCause: { code: 'IMG-001', resource: checkout, message: 'm', confidence: 1 },
  symptoms: [],
  affects: [],
  evidence: [],
  ruledOut: [],
  firstSeen: '2026-11-23T09:00:00.000Z',
  lastSeen: '2026-11-23T09:00:00.000Z',
};

interface Kept<C extends BenchCluster> {
  readonly cluster: C;
  readonly clock: TurnedClock;
  readonly store: WritableStore;
  readonly ids: { next(prefix: string): string };
}

/** What is there at the beginning. */
export const objectsThere = (): readonly { [key: string]: Json }[] => [
  deployment(),
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'app-config', namespace: 'shop' }, data: { mode: 'old' } },
];

/** A store and a clock of their own beside a cluster. */
export function keepBeside<C extends BenchCluster>(cluster: C): Kept<C> {
  const clock = new TurnedClock();
  let n = 0;
  return { clock, cluster, store: memoryStore(clock), ids: { next: (prefix) => `${prefix}-${++n}` } };
}

function keep(): Kept<SmallCluster> {
  const cluster = new SmallCluster();
  for (const object of objectsThere()) cluster.put(object);
  return keepBeside(cluster);
}

/** The same calls for as long as the process lives: after its end nothing is begun, and no answer is heard. */
function mortal<T extends object>(calls: T, life: { readonly over: boolean }): T {
  const never = () => new Promise<never>(() => undefined);
  const guarded = Object.entries(calls).map(([name, call]: [string, (...args: unknown[]) => Promise<unknown>]) => [
    name,
    async (...args: unknown[]) => {
      if (life.over) return never();
      try {
        const answer = await call(...args);
        return life.over ? never() : answer;
      } catch (error) {
        if (life.over) return never();
        throw error;
      }
    },
  ]);
  return Object.fromEntries(guarded) as T;
}

/** What holds where there are no rules. */
export const ASK: PlanAutonomy = { give: 'ask', rule: null, version: '', people: 1, because: 'no rule speaks of it' };

export function roadBench<C extends BenchCluster>(kept: Kept<C>): RoadBench<C>;
export function roadBench(): RoadBench;
export function roadBench(kept: Kept<BenchCluster> = keep()): RoadBench<BenchCluster> {
  const { cluster, ids } = kept;
  const life = { over: false };
  const clock = kept.clock;
  const store = mortal(kept.store, life);
  const hearers = new Map<string, (verdict: Verdict) => void>();
  const log: string[] = [];
  const marks = {
    protectedContext: false,
    clusterUid: 'cluster-1' as string | undefined,
    connects: 0,
    held: undefined as Failure | undefined,
    declared: new Set(['Deployment', 'ConfigMap', 'Service', 'PersistentVolumeClaim', 'StatefulSet', 'Pod', 'Secret', 'Job']),
    autonomy: (_: Plan): PlanAutonomy => ASK,
  };
  const road = createRoad({
    store,
    writer: mortal<Writer>(
      {
        access: (c, review) => cluster.access(c, review),
        rules: (c, namespace) => cluster.rules(c, namespace),
        read: (c, ref) => cluster.read(c, ref),
        list: (c, ref, labels) => cluster.list(c, ref, labels),
        dryRun: (c, request) => cluster.dryRun(c, request),
        write: (c, request) => cluster.write(c, request),
      },
      life,
    ),
    clock: { now: () => clock.now(), after: (ms, run) => clock.after(ms, () => (life.over ? undefined : run())) },
    ids,
    log: (level, message) => log.push(`${level} ${message}`),
    isProtected: () => marks.protectedContext,
    held: () => marks.held,
    declares: (_, kind) => marks.declared.has(kind),
    autonomy: { of: (plan) => Promise.resolve(marks.autonomy(plan)), consider: () => Promise.resolve() },
    clusterUid: () => marks.clusterUid,
    connect: () => {
      marks.connects++;
      return Promise.resolve(
        marks.clusterUid === undefined
          ? { ok: false, failure: { code: 'cluster-unreachable', message: 'not there' } }
          : { ok: true, value: undefined },
      );
    },
    judge: (task, hear) => {
      hearers.set(task.plan, hear);
      return () => hearers.delete(task.plan);
    },
  });
  const bench: RoadBench<BenchCluster> = {
    road,
    cluster,
    clock,
    store,
    log,
    marks,
    judged: () => [...hearers.keys()],
    say: (verdict) => {
      for (const [plan, hear] of hearers) hear({ plan, context: CONTEXT, holds: false, hopeless: false, because: 'still bad', ...verdict });
    },
    restart: () => {
      life.over = true;
      return roadBench(kept);
    },
    propose: async (draft = draftOf([changeImage()]), fresh = false) => {
      await store.appendWithIncidents([], [incident]);
      return road.propose({ context: CONTEXT, incident, agent: 'troubleshooter', draft, fresh });
    },
    approve: (plan) => road.decide({ id: plan.id, hash: plan.hash, decision: 'approved', by: 'ana' }),
    carryOut: async (draft) => {
      const plan = await bench.propose(draft);
      const decided = await bench.approve(plan);
      if (!decided.ok) throw new Error(decided.failure.message);
      await clock.turn(0);
      bench.say({ holds: true, because: 'IMG-001 is gone' });
      const settled = await clock.until(road.settled(plan.id, 600_000));
      if (!settled.ok) throw new Error(settled.failure.message);
      return settled.value;
    },
    eventTypes: async () => (await store.events(0, 1000)).map((e) => e.event.type),
  };
  return bench;
}

/** A plan that is on its way. */
export async function approved(bench: RoadBench, draft = draftOf([changeImage()])) {
  const plan = await bench.propose(draft);
  const decided = await bench.approve(plan);
  if (!decided.ok) throw new Error(decided.failure.message);
  return decided.value;
}

/** The plan when it has come to its end, however long that takes by the clock. */
export async function end(bench: RoadBench, id: string) {
  const settled = await bench.clock.until(bench.road.settled(id, 3_600_000));
  if (!settled.ok) throw new Error(settled.failure.message);
  return settled.value;
}
