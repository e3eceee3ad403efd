import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isSettled } from '../../agents/core/remediation.machine.ts';
import { systemClock } from '../../agents/host/clock.ts';
import { openStore } from '../../agents/host/store/store.ts';
import { clusterStatus, up } from '../cluster/cluster.ts';
import { AuditTail } from './api-audit.ts';
import { ClusterClient } from './cluster-client.ts';
import { Dice } from './variants/dice.ts';

/** SIGKILL at any moment, while plans run against a real API server and a real store; after each end the next process goes on. */

const ENDS = { full: 1_000, tenth: 100 }[process.env['QUARTERDECK_COUNTS'] ?? ''] ?? 12;
/** Plans a process may begin before it is ended. */
const PLANS = 4;
/** A process is ended after so many of its steps at most: each request to the cluster and each entry of the log, its begin and its end. */
const LATEST_STEP = 320;
/** And then at most this long after it. Milliseconds. */
const WITHIN_MS = 8;
const MOST_TRIES = 5;
/** Rows of processes side by side, each with a store, a namespace and a cluster of its own. */
const ROWS = 2;
/** Ends over one store: then all that is in it is looked at, and the next store is begun. */
const ENDS_A_STORE = 50;

const run = Date.now().toString(36).slice(-5);
const children = new Set<ChildProcess>();
let kubeconfig: string;
let contexts: readonly string[];
const namespaceOf = (row: number) => `killed-${run}-${row}`;
const clients = new Map<number, ClusterClient>();

beforeAll(async () => {
  const known = await clusterStatus();
  const cluster = known.ready ? known : await up();
  ({ kubeconfig, contexts } = cluster);
  for (let row = 0; row < ROWS; row++) {
    const client = new ClusterClient(kubeconfig, contexts[row % contexts.length]);
    clients.set(row, client);
    await client.call('POST', '/api/v1/namespaces', { metadata: { name: namespaceOf(row) } });
  }
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  for (const [row, client] of clients) {
    await client.call('DELETE', `/api/v1/namespaces/${namespaceOf(row)}`);
    client.close();
  }
});

/** What a row of processes came to, and what of it is not as it must be. */
interface Tally {
  ends: number;
  approved: number;
  heardEnds: number;
  states: string[];
  writes: number;
  readonly wrong: string[];
}

async function row(nth: number, ends: number, tally: Tally): Promise<void> {
  const client = clients.get(nth);
  if (client === undefined) throw new Error('no such row');
  const namespace = namespaceOf(nth);
  const dice = new Dice(Number.parseInt(run, 36) + 7_919 * nth);
  const audit = new AuditTail((nth % contexts.length) + 1, namespace);
  let next = 0;
  while (tally.ends < ends) {
    const dataDir = mkdtempSync(join(tmpdir(), 'quarterdeck-killed-'));
    const heard = { yes: new Set<string>(), ends: new Map<string, string>() };
    const hear = ([word, plan = '', state = '']: readonly string[]) => {
      if (word === 'yes') heard.yes.add(plan);
      if (word === 'end') heard.ends.set(plan, state);
    };
    const begin = (first: number, count: number, on = hear) =>
      start([kubeconfig, client.context, dataDir, namespace, String(first), String(count)], on);
    for (let i = 0; i < ENDS_A_STORE && tally.ends < ends; i++) {
      const first = next;
      next += PLANS;
      // Its objects are made while it starts and takes up what the one before it left; it may be ended in that already.
      const process = begin(first, PLANS);
      process.go();
      await prepare(client, namespace, first);
      await process.atStep(dice.throw(LATEST_STEP));
      await new Promise((done) => setTimeout(done, dice.throw(WITHIN_MS)));
      process.kill();
      await process.over;
      tally.ends++;
    }
    let through: () => void = () => undefined;
    const done = new Promise<void>((resolve) => (through = resolve));
    const last = begin(0, 0, (words) => (words[0] === 'through' ? through() : hear(words)));
    last.go();
    await done;
    last.kill();
    await last.over;
    await examine(dataDir, heard, audit, tally);
    console.info(`row ${nth}: ${tally.ends} ends, ${tally.approved} plans approved, ${tally.writes} writes, ${tally.wrong.length} wrong`);
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** The objects of the next plans, two each. */
async function prepare(client: ClusterClient, namespace: string, first: number): Promise<void> {
  const names = Array.from({ length: PLANS }, (_, i) => ['a', 'b'].map((part) => `c-${first + i}-${part}`)).flat();
  const at = `/api/v1/namespaces/${namespace}/configmaps`;
  const make = async (name: string): Promise<void> => {
    for (let tries = 1; ; tries++)
      try {
        await client.call('POST', at, { metadata: { name }, data: { kept: 'as it was' } });
        return;
      } catch (error) {
        // Of a connection that broke it is not known whether it was made; then it is there already.
        if (String(error).includes(': 409 ')) return;
        if (tries === MOST_TRIES || !/hang up|ECONNRESET|no answer/.test(String(error))) throw error;
      }
  };
  await Promise.all(names.map(make));
}

/** Starts the road; what it acknowledges goes to `heard`. It begins with plans at `go`. `over` is resolved when the process has ended. */
function start(args: readonly string[], heard: (words: readonly string[]) => void) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'road-child.ts'), ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  children.add(child);
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  child.stdin.on('error', () => undefined);
  const over = new Promise<string>((done) => child.once('close', () => done(complaint))).finally(() => children.delete(child));
  let steps = 0;
  let isThrough = false;
  let stepped: () => void = () => undefined;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const words = line.split(' ');
    if (words[0] === 'step') steps++;
    else heard(words);
    isThrough ||= words[0] === 'through';
    stepped();
  });
  /** When that many steps were made, or there are no more. */
  const atStep = (step: number) =>
    new Promise<void>((done, fail) => {
      stepped = () => (steps >= step || isThrough ? done() : undefined);
      void over.then((said) => fail(new Error(`the road ended by itself: ${said}`)));
      stepped();
    });
  return { atStep, over, go: () => child.stdin.write('go\n'), kill: () => child.kill('SIGKILL') };
}

/** Holds a store against what was said of its plans, and against what the API server says was written. */
async function examine(
  dataDir: string,
  heard: { readonly yes: ReadonlySet<string>; readonly ends: ReadonlyMap<string, string> },
  audit: AuditTail,
  tally: Tally,
): Promise<void> {
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
    const writes = new Map<string, number>();
    for (const w of audit.more()) if (w.verb === 'patch' && w.resource === 'configmaps') writes.set(w.name, (writes.get(w.name) ?? 0) + 1);
    for (const id of heard.yes) if (!approved.has(id)) tally.wrong.push(`${id}: its approval is lost`);
    for (const [id, state] of heard.ends)
      if (plans.get(id)?.state !== state) tally.wrong.push(`${id}: was ${state}, is ${plans.get(id)?.state ?? 'lost'}`);
    for (const p of plans.values()) {
      if (!isSettled(p.state) && p.state !== 'awaitingApproval') tally.wrong.push(`${p.id}: is still ${p.state}`);
      if (p.reason?.includes('nothing of it was sent') === true && p.actions.some((a) => (writes.get(a.target.name) ?? 0) > 0))
        tally.wrong.push(`${p.id}: says that nothing was sent, and something was`);
    }
    for (const [name, n] of writes) if (n > 1) tally.wrong.push(`${name}: written ${n} times`);
    if (!(await store.audit()).log.intact) tally.wrong.push('the log is not intact');
    tally.approved += heard.yes.size;
    tally.heardEnds += heard.ends.size;
    tally.states.push(...[...plans.values()].map((p) => p.state));
    tally.writes += [...writes.values()].reduce((a, b) => a + b, 0);
  } finally {
    await store.close();
  }
}

test(`ended ${ENDS} times at any moment: nothing acknowledged is lost, nothing is done twice, every plan is settled`, async () => {
  const tallies = Array.from({ length: ROWS }, (): Tally => ({ ends: 0, approved: 0, heardEnds: 0, states: [], writes: 0, wrong: [] }));
  const begun = performance.now();
  await Promise.all(tallies.map((tally, nth) => row(nth, Math.ceil(ENDS / ROWS), tally)));
  const sum = (pick: (t: Tally) => number) => tallies.reduce((n, t) => n + pick(t), 0);
  const states = tallies.flatMap((t) => t.states);
  const told = [...new Set(states)].map((state) => `${state} ${states.filter((s) => s === state).length}`);
  const wrong = tallies.flatMap((t) => t.wrong);
  console.info(
    `${sum((t) => t.ends)} ends in ${Math.round((performance.now() - begun) / 1000)} s; ${sum((t) => t.approved)} plans approved and ` +
      `${sum((t) => t.heardEnds)} settled by word; ${states.length} plans (${told.join(', ')}); ${sum((t) => t.writes)} writes by the ` +
      `API servers' own logs, ${wrong.filter((w) => w.includes('written')).length} twice; ${wrong.length} wrong`,
  );
  expect(wrong).toEqual([]);
  expect(sum((t) => t.writes)).toBeGreaterThan(0);
}, 7_200_000);
