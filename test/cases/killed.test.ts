import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../agents/host/clock.ts';
import { openStore } from '../../agents/host/store/store.ts';
import { isSettled } from '../../agents/core/remediation.machine.ts';
import { clusterStatus, up } from '../cluster/cluster.ts';
import { writesOf } from './api-audit.ts';
import { ClusterClient } from './cluster-client.ts';
import { Dice } from './variants/dice.ts';

/** SIGKILL at any moment, while plans run against a real API server and a real store; after each end the next process goes on. */

const ENDS = { full: 1_000, tenth: 50 }[process.env['QUARTERDECK_COUNTS'] ?? ''] ?? 12;
/** Plans a process may begin before it is ended. */
const PLANS = 12;
/** It is ended at most this long after it has begun with plans; the last ones of a process are through by then. Milliseconds. */
const LATEST_MS = 1_500;

const run = Date.now().toString(36).slice(-5);
const namespace = `killed-${run}`;
const dataDir = mkdtempSync(join(tmpdir(), 'quarterdeck-killed-'));
let client: ClusterClient;
let kubeconfig: string;
let child: ChildProcess | undefined;

beforeAll(async () => {
  const known = await clusterStatus();
  const cluster = known.ready ? known : await up();
  kubeconfig = cluster.kubeconfig;
  client = new ClusterClient(kubeconfig, cluster.contexts[0]);
  await client.call('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
});
afterAll(async () => {
  child?.kill('SIGKILL');
  await client.call('DELETE', `/api/v1/namespaces/${namespace}`);
  rmSync(dataDir, { recursive: true, force: true });
});

/** The objects of the next plans, two each. */
async function prepare(first: number): Promise<void> {
  const names = Array.from({ length: PLANS }, (_, i) => ['a', 'b'].map((part) => `c-${first + i}-${part}`)).flat();
  const at = `/api/v1/namespaces/${namespace}/configmaps`;
  await Promise.all(names.map((name) => client.call('POST', at, { metadata: { name }, data: { kept: 'as it was' } })));
}

/** Starts the road; what it acknowledges goes to `heard`. `over` is resolved when the process has ended. */
function start(first: number, count: number, heard: (words: readonly string[]) => void) {
  const args = [join(import.meta.dirname, 'road-child.ts'), kubeconfig, client.context, dataDir, namespace, String(first), String(count)];
  const started = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  child = started;
  let complaint = '';
  started.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const over = new Promise<string>((done) => started.once('exit', () => done(complaint)));
  const ready = new Promise<void>((done, fail) => {
    createInterface({ input: started.stdout }).on('line', (line) => {
      const words = line.split(' ');
      if (words[0] === 'ready') done();
      else heard(words);
    });
    void over.then((said) => fail(new Error(`the road ended by itself: ${said}`)));
  });
  return { ready, over, kill: () => started.kill('SIGKILL') };
}

/** How often each object was really written, by the API server's own account. */
function writesByObject(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const w of writesOf(1, namespace))
    if (w.verb === 'patch' && w.resource === 'configmaps' && w.namespace === namespace) counts.set(w.name, (counts.get(w.name) ?? 0) + 1);
  return counts;
}

test(`ended ${ENDS} times at any moment: nothing acknowledged is lost, nothing is done twice, every plan is settled`, async () => {
  const dice = new Dice(Number.parseInt(run, 36));
  const yes = new Set<string>();
  const ends = new Map<string, string>();
  const heard = ([word, plan = '', state = '']: readonly string[]) => {
    if (word === 'yes') yes.add(plan);
    if (word === 'end') ends.set(plan, state);
  };
  for (let i = 0; i < ENDS; i++) {
    await prepare(i * PLANS);
    const process = start(i * PLANS, PLANS, heard);
    process.over.catch(() => undefined);
    await process.ready;
    await new Promise((done) => setTimeout(done, dice.throw(LATEST_MS)));
    process.kill();
    await process.over;
  }
  let through: () => void = () => undefined;
  const done = new Promise<void>((resolve) => (through = resolve));
  const last = start(0, 0, (words) => (words[0] === 'through' ? through() : heard(words)));
  await last.ready;
  await done;
  last.kill();
  await last.over;

  const opened = await openStore({ dataDir, log: () => undefined, clock: systemClock });
  if (!opened.ok) throw new Error(opened.failure.message);
  const store = opened.value;
  try {
    const plans = new Map((await store.plans()).map((p) => [p.id, p]));
    const approved = new Set<string>();
    for (let since = 0; ;) {
      const events = await store.events(since, 1_000);
      for (const { event } of events) if (event.type === 'approval.resolved') approved.add(event.plan);
      const end = events.at(-1);
      if (end === undefined) break;
      since = end.seq;
    }
    const lost = [...yes].filter((id) => !approved.has(id));
    const changed = [...ends].filter(([id, state]) => plans.get(id)?.state !== state);
    const open = [...plans.values()].filter((p) => !isSettled(p.state) && p.state !== 'awaitingApproval');
    const writes = writesByObject();
    const twice = [...writes].filter(([, n]) => n > 1);
    const wrong = [...plans.values()].filter(
      (p) => p.reason?.includes('nothing of it was sent') === true && p.actions.some((a) => (writes.get(a.target.name) ?? 0) > 0),
    );
    const states = [...plans.values()].map((p) => p.state);
    const tally = [...new Set(states)].map((state) => `${state} ${states.filter((s) => s === state).length}`);
    console.info(
      `${ENDS} ends; ${yes.size} plans approved and ${ends.size} settled by word; ${plans.size} plans (${tally.join(', ')}); ` +
        `${[...writes.values()].reduce((a, b) => a + b, 0)} writes, ${twice.length} twice`,
    );
    expect({ lost, changed, twice, wrong: wrong.map((p) => p.id), open: open.map((p) => p.id) }).toEqual({
      lost: [],
      changed: [],
      twice: [],
      wrong: [],
      open: [],
    });
    expect(writes.size).toBeGreaterThan(0);
    expect((await store.audit()).log.intact).toBe(true);
  } finally {
    await store.close();
  }
  expect(existsSync(dataDir)).toBe(true);
}, 3_600_000);
