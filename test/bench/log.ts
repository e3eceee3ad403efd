import BetterSqlite3 from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostEvent, Incident } from '../../agents/contract/index.ts';
import { nothingYet, replay } from '../../agents/core/replay.ts';
import { Database } from '../../agents/host/store/database.ts';
import { migrate } from '../../agents/host/store/migrations.ts';
import { verifyLog } from '../../agents/host/store/verify-log.ts';
import { median } from './reading/measure.ts';
import { table } from './table.ts';

/** The event log: what the chain and the signed marks cost an append, and how long a long log takes to be checked and to be told again. */

const AT = '2026-06-01T00:00:00.000Z';
const APPENDS = 2_000;
const RUNS = 5;
const ENTRIES = 1_000_000;
const REPLAYED = 100_000;
const BATCH = 5_000;

const incident = (n: number): Incident => ({
  id: `inc-${n % 5_000}`,
  context: 'bench',
  title: `Deployment shop/web-${n}: ConfigMap settings does not exist`,
  severity: 'high',
  state: 'open',
  rootCause: {
    code: 'CFG-001',
    resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: `web-${n}` },
    field: 'spec.template.spec.containers[0].envFrom[0].configMapRef.name',
    message: 'ConfigMap settings does not exist; there is settings-web',
    confidence: 0.97,
  },
  symptoms: [],
  affects: [],
  evidence: [],
  ruledOut: [],
  firstSeen: AT,
  lastSeen: AT,
});
const eventOf = (n: number): HostEvent =>
  n % 4 === 0
    ? { type: 'incident.updated', incident: incident(n) }
    : {
        type: 'action.succeeded',
        context: 'bench',
        plan: `plan-${n}`,
        index: 0,
        key: `key-${n}`,
        inverse: false,
        resourceVersion: String(n),
      };

const timed = (work: () => void): number => {
  const begun = performance.now();
  work();
  return performance.now() - begun;
};

/**
 * One entry each, in turn into a log without a chain (the same row, one transaction, nothing else) and into ours: what the disk does
 * meanwhile, it does to both. Milliseconds of each append.
 */
function appends(dir: string): { readonly plain: readonly number[]; readonly chained: readonly number[] } {
  const bare = new BetterSqlite3(join(dir, 'plain.db'));
  bare.pragma('journal_mode = WAL');
  bare.pragma('synchronous = FULL');
  migrate(bare);
  const add = bare.prepare('INSERT INTO events (seq, at, prev, hash, type, context, json) VALUES (?, ?, ?, ?, ?, ?, ?)');
  const ours = new Database(dir, { at: AT });
  const [plain, chained]: [number[], number[]] = [[], []];
  for (let n = 1; n <= APPENDS; n++) {
    const event = eventOf(n);
    const without = () => {
      const context = 'context' in event ? event.context : null;
      const put = () => add.run(n, AT, '', '', event.type, context, JSON.stringify(event));
      plain.push(timed(() => bare.transaction(put).immediate()));
    };
    const with_ = () => chained.push(timed(() => ours.append(AT, [event], {})));
    for (const append of n % 2 === 0 ? [without, with_] : [with_, without]) append();
  }
  bare.close();
  ours.close(AT);
  return { plain, chained };
}

const inFolder = <T>(work: (dir: string) => T): T => {
  const dir = mkdtempSync(join(tmpdir(), 'quarterdeck-log-'));
  try {
    return work(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
};

export function benchLog(): void {
  inFolder(appends);
  const runs = Array.from({ length: RUNS }, () => inFolder(appends));
  const each = (which: 'plain' | 'chained') => median(runs.map((r) => median(r[which])));
  const more = median(runs.map(({ plain, chained }) => (median(chained) / median(plain) - 1) * 100));
  const [verified, replayed] = inFolder((dir): readonly [number, number] => {
    const db = new Database(dir, { at: AT });
    for (let n = 0; n < ENTRIES; n += BATCH)
      db.append(
        AT,
        Array.from({ length: BATCH }, (_, i) => eventOf(n + i)),
        {},
      );
    const check = () => {
      const walk = verifyLog(db.stored(ENTRIES), db.marks.read());
      let step = walk.next();
      while (step.done !== true) step = walk.next();
      if (!step.value.intact) throw new Error(step.value.problem?.message);
    };
    const took = [timed(check), timed(check)] as const;
    const tell = () => {
      const state = nothingYet();
      for (const { json } of db.stored(REPLAYED)) replay(state, JSON.parse(json) as HostEvent);
    };
    tell();
    const told = median([timed(tell), timed(tell), timed(tell)]);
    db.close(AT);
    return [took[1], told];
  });
  process.stdout.write(
    `\nthe event log\n${table(
      ['part', 'median', 'at most'],
      [
        [`append without a chain, one of ${APPENDS}`, `${each('plain').toFixed(3)} ms`, ''],
        ['append with chain and signed mark', `${each('chained').toFixed(3)} ms`, ''],
        ['  which is more by', `${more.toFixed(0)} %`, '15 %'],
        [`verify ${ENTRIES.toLocaleString('en')} entries`, `${(verified / 1000).toFixed(1)} s`, '10 s'],
        [`replay ${REPLAYED.toLocaleString('en')} entries`, `${(replayed / 1000).toFixed(2)} s`, '2 s'],
      ],
    )}\n`,
  );
}
