import { setImmediate } from 'node:timers/promises';
import type { ActionSpec, Incident, PlanDraft } from '../../agents/contract/index.ts';
import { randomIds, systemClock } from '../../agents/host/clock.ts';
import { Credentials } from '../../agents/host/cluster/credentials.ts';
import { KubeconfigReader } from '../../agents/host/cluster/kubeconfig.ts';
import { WritableClusters } from '../../agents/host/cluster/writable-clusters.ts';
import { createWriter } from '../../agents/host/cluster/writer.ts';
import { createRoad } from '../../agents/host/road/road.ts';
import { openStore } from '../../agents/host/store/store.ts';

/**
 * The road as a process of its own, on a real API server and a real store, for a parent that ends it at any moment. It says on its
 * standard output what it does and what it has acknowledged: `step CALL`, `ready`, `yes PLAN`, `end PLAN STATE`, and `through` when nothing is
 * on its way any more.
 */

const [kubeconfig = '', context = '', dataDir = '', namespace = '', first = '0', count = '0'] = process.argv.slice(2);
const say = (...words: readonly string[]) => process.stdout.write(`${words.join(' ')}\n`);
const log = () => undefined;
const sources = { env: process.env, home: dataDir, kubeconfigPaths: [kubeconfig] };
const reader = new KubeconfigReader(sources);
const credentials = new Credentials(process.env);
const opened = await openStore({ dataDir, log, clock: systemClock });
if (!opened.ok) throw new Error(opened.failure.message);
const clusters = new WritableClusters(sources, () => undefined, {
  // What the thread that reads clusters does for a whole app.
  credential: async (name) => {
    const target = (await reader.read()).target(name);
    return target.ok ? credentials.get(target.value) : target;
  },
  refuse: () => Promise.resolve(false),
});
/** Says that something begins or has ended: a request to the cluster, or an entry of the log. */
const telling = <T extends object>(calls: T): T =>
  Object.fromEntries(
    Object.entries(calls).map(([name, call]: [string, (...args: unknown[]) => Promise<unknown>]) => [
      name,
      async (...args: unknown[]) => {
        say('step', name);
        const answer = await call(...args);
        say('step', name);
        return answer;
      },
    ]),
  ) as T;
const road = createRoad({
  store: telling(opened.value),
  writer: telling(createWriter((name) => clusters.transport(name))),
  clock: systemClock,
  ids: randomIds,
  log,
  isProtected: () => false,
  held: () => undefined,
  declares: () => true,
  autonomy: {
    of: () => Promise.resolve({ give: 'ask', rule: null, version: '', people: 1, because: 'no rule speaks of it' }),
    consider: () => Promise.resolve(),
  },
  clusterUid: () => 'the-cluster',
  connect: () => Promise.resolve({ ok: true, value: undefined }),
  judge: ({ plan }, hear) => {
    void setImmediate().then(() => hear({ plan, context, holds: true, hopeless: false, because: 'it is as it should be' }));
    return () => undefined;
  },
});

await road.recover();
const go = new Promise<void>((done) => process.stdin.once('data', () => done()));
say('ready');
await go;
for (let i = Number(first); i < Number(first) + Number(count); i++) {
  const plan = await road.propose({ context, incident: incidentOf(i), agent: 'troubleshooter', draft: draftOf(i) });
  const decided = await road.decide({ id: plan.id, hash: plan.hash, decision: 'approved', by: 'somebody' });
  if (!decided.ok) throw new Error(decided.failure.message);
  say('yes', plan.id);
  void road.settled(plan.id, 60_000).then((settled) => say('end', plan.id, settled.ok ? settled.value.state : settled.failure.code));
}

const open = (await opened.value.plans()).filter((p) => p.settledAt === undefined && p.state !== 'awaitingApproval');
await Promise.all(open.map((p) => road.settled(p.id, 60_000)));
say('through');

function incidentOf(i: number): Pick<Incident, 'id'> {
  return { id: `incident-${i}` };
}

function draftOf(i: number): PlanDraft {
  const actions = ['a', 'b'].map((part): ActionSpec => {
    const target = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: `c-${i}-${part}` };
    return { type: 'patch', target, ops: [{ op: 'add', path: '/data/set', value: 'yes' }] };
  });
  return { remedy: 'set', title: `Set ${i}`, because: 'b', actions, verify: ['CFG-001'], stableForSeconds: 1, atLeastRisk: 'low' };
}
