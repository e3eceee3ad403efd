import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { startFleet } from './fleet/fleet.ts';
import { MiB, median } from './reading/measure.ts';
import { child, rounds } from './reading/run.ts';
import { table } from './table.ts';

/** Reading large and many clusters, ours beside the typed client of @kubernetes/client-node, both against the fleet server on loopback. */

const HEADS = ['measure', 'ours', 'typed client', 'must reach'];
const RUNS = 3;
const ms = (value: number): string => `${Math.round(value)} ms`;
const mib = (bytes: number): string => `${MiB(bytes)} MiB`;
const print = (title: string, rows: readonly (readonly string[])[]) => process.stdout.write(`\n${title}\n${table(HEADS, rows)}\n`);

export async function benchList(): Promise<void> {
  const fleet = await startFleet({ clusters: 1, podsEach: 30_000, streams: true });
  const pages = await startFleet({ clusters: 1, podsEach: 30_000, streams: false });
  try {
    const typed = await rounds('typed', 'list', pages.kubeconfig, RUNS);
    const paged = await rounds('own', 'list', pages.kubeconfig, RUNS);
    const streamed = await rounds('own', 'list', fleet.kubeconfig, RUNS);
    const of = (figures: typeof typed, name: string) => median(figures.map((f) => f[name] ?? NaN));
    const times = (own: typeof typed) => `${ms(of(own, 'listMs'))} (${(of(own, 'listMs') / of(typed, 'listMs')).toFixed(2)} of it)`;
    print(`30,000 pods, median of ${RUNS} after a warm-up`, [
      ['complete list, as a stream', times(streamed), ms(of(typed, 'listMs')), 'half of it'],
      ['complete list, in pages', times(paged), '', 'half of it'],
      ['first 200 rows at an agent, stream', ms(of(streamed, 'first200Ms')), ms(of(typed, 'first200Ms')), '300 ms'],
      ['first 200 rows at an agent, pages', ms(of(paged, 'first200Ms')), '', '300 ms'],
      ['everything at an agent, stream', ms(of(streamed, 'toldMs')), '', ''],
      ['longest block of the loop, stream', ms(of(streamed, 'blockMs')), ms(of(typed, 'blockMs')), '100 ms'],
      ['longest block of the loop, pages', ms(of(paged, 'blockMs')), '', '100 ms'],
      ['heap kept', mib(of(streamed, 'heap')), mib(of(typed, 'heap')), '15 MiB'],
    ]);
  } finally {
    await fleet.close();
    await pages.close();
  }
}

export async function benchResident(): Promise<void> {
  const clusters = 15;
  const fleet = await startFleet({ clusters, podsEach: 10_000, streams: true });
  try {
    const own = child('own', 'resident', fleet.kubeconfig, clusters);
    const ours = await own.next();
    await own.ended();
    const other = child('typed', 'resident', fleet.kubeconfig, clusters);
    const theirs = await other.next();
    await other.ended();
    const app = child('own', 'app', fleet.kubeconfig, clusters);
    const whole = await app.next();
    await app.ended();
    print(`${clusters} clusters of 10,000 pods, resident and watched`, [
      ['all listed', ms(ours['listMs'] ?? NaN), ms(theirs['listMs'] ?? NaN), ''],
      ['heap of the rows', mib(ours['heap'] ?? NaN), mib(theirs['heap'] ?? NaN), '150 MiB'],
      ['longest block of the loop', ms(ours['blockMs'] ?? NaN), ms(theirs['blockMs'] ?? NaN), ''],
      ['the whole app with its agent, resident set', mib(whole['rss'] ?? NaN), '', '600 MiB'],
    ]);
  } finally {
    await fleet.close();
  }
}

/** 2,000 contexts with certificates in one file, and the start of the app with all its clusters gone. */
export async function benchStart(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'quarterdeck-bench-'));
  const file = join(dir, 'config');
  const authority = Buffer.from('x'.repeat(1_300)).toString('base64');
  const names = Array.from({ length: 2_000 }, (_, n) => `cluster-${n}`);
  writeFileSync(
    file,
    stringify({
      clusters: names.map((name, n) => ({
        name,
        cluster: { server: `https://10.0.${n >> 8}.${n & 255}:6443`, 'certificate-authority-data': authority },
      })),
      // An object each: one that is shared would be written as an alias, which no kubeconfig has.
      users: names.map((name) => ({ name, user: { 'client-certificate-data': authority, 'client-key-data': authority } })),
      contexts: names.map((name) => ({ name, context: { cluster: name, user: name } })),
    }),
  );
  const once = async (who: 'own' | 'typed', task: string, kubeconfig: string, count = 1) => {
    const one = child(who, task, kubeconfig, count);
    const figures = await one.next();
    await one.ended();
    return figures;
  };
  const times = async (who: 'own' | 'typed') => {
    const all: number[] = [];
    for (let run = 0; run <= RUNS; run++) {
      const figures = await once(who, 'contexts', file);
      if (figures['contexts'] !== 2_000) throw new Error(`${figures['contexts'] ?? 0} contexts`);
      all.push(figures['listMs'] ?? NaN);
    }
    return ms(median(all.slice(1)));
  };
  const clusters = 5;
  const fleet = await startFleet({ clusters, podsEach: 10_000, streams: true });
  const kept = join(dir, 'fleet');
  cpSync(fleet.kubeconfig, kept);
  try {
    await once('own', 'seed', kept, clusters);
  } finally {
    await fleet.close();
  }
  const starts: number[] = [];
  for (let run = 0; run <= RUNS; run++) starts.push((await once('own', 'gone', kept))['startMs'] ?? NaN);
  print('the beginning', [
    ['2,000 contexts listed, 11 MB of one file', await times('own'), await times('typed'), '500 ms'],
    [`${clusters} clusters of 10,000 pods, all gone: process start to rows`, ms(median(starts.slice(1))), '', '1000 ms'],
  ]);
  rmSync(dir, { recursive: true, force: true });
}

const CHURN = { perSecond: 1_000, seconds: 60 };

export async function benchChurn(): Promise<void> {
  const run = async (who: 'own' | 'typed') => {
    const fleet = await startFleet({ clusters: 1, podsEach: 10_000, streams: true });
    const one = child(who, 'churn', fleet.kubeconfig);
    await one.next();
    await fleet.churn(CHURN.perSecond, CHURN.seconds);
    one.go();
    const figures = await one.next();
    await one.ended();
    await fleet.close();
    return figures;
  };
  const ours = await run('own');
  const theirs = await run('typed');
  const row = (name: string, figure: string, say: (n: number) => string, must: string) => [
    name,
    say(ours[figure] ?? NaN),
    say(theirs[figure] ?? NaN),
    must,
  ];
  print(`${CHURN.perSecond} changes a second for ${CHURN.seconds} s, 10,000 pods, with the agent's checks running`, [
    row('growth of the heap after GC', 'heapGrowth', mib, 'flat'),
    row('changes heard (those that came together are one)', 'changes', String, ''),
    row('how late an agent hears, median', 'medianMs', ms, ''),
    row('  99 of 100', 'p99Ms', ms, '200 ms'),
    row('  worst', 'worstMs', ms, '200 ms'),
  ]);
}

export async function benchConnections(): Promise<void> {
  const fleet = await startFleet({ clusters: 1, podsEach: 10, streams: true });
  try {
    const reads = async (who: 'own' | 'typed') => {
      await fleet.counts();
      const one = child(who, 'reads', fleet.kubeconfig);
      const figures = await one.next();
      await one.ended();
      return { ...figures, ...(await fleet.counts()) };
    };
    const starts = async (who: 'own' | 'typed') => {
      const dir = join(fleet.kubeconfig, '..');
      const marks = join(dir, `marks-${who}`);
      const config = JSON.parse(readFileSync(fleet.kubeconfig, 'utf8')) as { users: unknown[] };
      const script = `echo run >> ${marks}; sleep 0.2; echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t"}}'`;
      const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'sh', args: ['-c', script], interactiveMode: 'Never' };
      const file = join(dir, `config-${who}`);
      writeFileSync(file, JSON.stringify({ ...config, users: [{ name: 'bench', user: { exec } }] }));
      const one = child(who, 'logins', file);
      const { answered } = await one.next();
      await one.ended();
      if (answered !== 20) throw new Error(`${who}: ${answered} of 20 answered`);
      return readFileSync(marks, 'utf8').trim().split('\n').length;
    };
    const [ours, theirs] = [await reads('own'), await reads('typed')];
    const logins = [await starts('own'), await starts('typed')];
    print('connections', [
      ['100 reads one by one and 100 at once: TLS connections', String(ours.connections), String(theirs.connections), '2'],
      ['20 first calls at once: starts of the login plugin', String(logins[0]), String(logins[1]), '1'],
    ]);
  } finally {
    await fleet.close();
  }
}

/** A watch of ours lives 240 to 300 s: this takes as long as it says, and little else. */
export async function benchQuiet(seconds = 310): Promise<void> {
  const open = async (who: 'own' | 'typed') => {
    const fleet = await startFleet({ clusters: 1, podsEach: 100, streams: true });
    const one = child(who, 'quiet', fleet.kubeconfig);
    await one.next();
    await fleet.counts();
    return { fleet, one };
  };
  const both = await Promise.all([open('own'), open('typed')]);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const watches = await Promise.all(both.map(async ({ fleet }) => (await fleet.counts()).watches));
  for (const { fleet, one } of both) {
    one.go();
    await one.ended();
    await fleet.close();
  }
  print(`a watch with nothing to say, ${seconds} s`, [
    ['reconnects', String(watches[0]), String(watches[1]), `${Math.floor(seconds / 240)} (one in 4 minutes)`],
  ]);
}
