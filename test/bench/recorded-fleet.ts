import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { HEALTHS, type Kind } from '../../agents/contract/index.ts';
import { type PackedRow, columnsOf } from '../../agents/core/row.ts';
import { systemClock } from '../../agents/host/clock.ts';
import { placeOf } from '../../agents/host/known/place.ts';
import { ROWS_A_PART } from '../../agents/host/known/row-keeper.ts';
import { openStore } from '../../agents/host/store/store.ts';

/**
 * A data directory that remembers clusters nobody can reach: as many pods as asked for, under Deployments of up to 120, in 40 namespaces
 * each; one in three hundred is not well. Deterministic.
 */
export interface RecordedFleet {
  readonly dataDir: string;
  readonly kubeconfig: string;
}

const NAMESPACES = 40;
const APPS = ['api', 'web', 'worker', 'cache', 'ingest', 'report', 'search', 'mailer'];
const SIZES = [3, 1, 120, 24, 2, 60, 6, 12, 300, 40];
const SEEN_BEFORE_MS = 3 * 3_600_000;

export async function recordFleet(dir: string, clusters: number, podsEach: number): Promise<RecordedFleet> {
  const dataDir = join(dir, 'data');
  const kubeconfig = join(dir, 'recorded.yaml');
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const names = Array.from({ length: clusters }, (_, n) => `recorded-${String(n).padStart(2, '0')}`);
  const server = (n: number) => `https://127.0.0.1:1/c/${n}`;
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      clusters: names.map((name, n) => ({ name, cluster: { server: server(n) } })),
      users: [{ name: 'me', user: { token: 'none' } }],
      contexts: names.map((name) => ({ name, context: { cluster: name, user: 'me' } })),
    }),
    { mode: 0o600 },
  );
  const opened = await openStore({ dataDir, log: () => undefined, clock: systemClock });
  if (!opened.ok) throw new Error(opened.failure.message);
  const store = opened.value;
  const at = Date.now() - SEEN_BEFORE_MS;
  const known = names.map((context, n) => {
    const rows = rowsOf(n, podsEach);
    return { context, rows, place: placeOf({ server: server(n) }), uid: `uid-${n}` };
  });
  await store.putKnownClusters(
    known.map(({ context, place, uid, rows }) => ({
      context,
      place,
      uid,
      version: 'v1.37.2',
      confirmedAt: at,
      seenAt: at,
      counts: Object.fromEntries([...rows].map(([kind, all]) => [kind, all.length])),
      unkept: [],
      failure: undefined,
    })),
  );
  for (const { context, uid, rows } of known)
    for (const [kind, all] of rows) await store.putKnownRows(context, uid, { kind, at, parts: partsOf(all) });
  await store.close();
  return { dataDir, kubeconfig };
}

function partsOf(rows: readonly PackedRow[]) {
  const parts = [];
  for (let i = 0; i < Math.max(1, rows.length); i += ROWS_A_PART) {
    const part = rows.slice(i, i + ROWS_A_PART);
    parts.push({ count: part.length, blob: zstdCompressSync(JSON.stringify(part)) });
  }
  return parts;
}

function rowsOf(cluster: number, podsEach: number): ReadonlyMap<Kind, readonly PackedRow[]> {
  const [pods, deployments, sets]: [PackedRow[], PackedRow[], PackedRow[]] = [[], [], []];
  const row = (kind: Kind, namespace: string | null, name: string, state: string, health: number, owner = ''): PackedRow => [
    namespace,
    name,
    `${cluster}-${kind}-${namespace ?? ''}-${name}`,
    1_770_000_000,
    state,
    health,
    columnsOf(kind).map((column) => (column === 'controlledBy' ? owner : column === 'node' ? `node-${name.length % 50}` : '1')),
  ];
  const broken = HEALTHS.indexOf('fail');
  for (let app = 0; pods.length < podsEach; app++) {
    const namespace = `team-${String((app * 7) % NAMESPACES).padStart(2, '0')}`;
    const name = `${APPS[app % APPS.length] ?? 'app'}-${app}`;
    const size = Math.min(SIZES[(app * 3 + cluster) % SIZES.length] ?? 1, podsEach - pods.length);
    const set = `${name}-${(7_919 * (app + 1) + cluster).toString(36)}`;
    let bad = 0;
    for (let n = 0; n < size; n++) {
      const odd = (pods.length * 31 + cluster * 17) % 307;
      const [state, health] =
        odd === 0 ? ['CrashLoopBackOff', broken] : odd === 1 ? ['Pending', 2] : odd === 2 ? ['ContainerCreating', 1] : ['Running', 0];
      if (health !== 0) bad++;
      pods.push(row('Pod', namespace, `${set}-${(pods.length * 48_271 + 1_000_000).toString(36)}`, state, health, `ReplicaSet/${set}`));
    }
    sets.push(row('ReplicaSet', namespace, set, `${size - bad}/${size} ready`, bad > 0 ? 2 : 0, `Deployment/${name}`));
    deployments.push(row('Deployment', namespace, name, `${size - bad}/${size} ready`, bad === 0 ? 0 : bad === size ? broken : 2));
  }
  const inOrder = (rows: PackedRow[]) => rows.sort((a, b) => (`${a[0] ?? ''}/${a[1]}` < `${b[0] ?? ''}/${b[1]}` ? -1 : 1));
  const namespaces = Array.from({ length: NAMESPACES }, (_, n) =>
    row('Namespace', null, `team-${String(n).padStart(2, '0')}`, 'Active', 0),
  );
  return new Map<Kind, readonly PackedRow[]>([
    ['Namespace', namespaces],
    ['Deployment', inOrder(deployments)],
    ['ReplicaSet', inOrder(sets)],
    ['Pod', inOrder(pods)],
  ]);
}
