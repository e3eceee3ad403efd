import { clusterStatus, up } from '../cluster/cluster.ts';
import { type Rights, accountOf } from './accounts.ts';
import { ClusterClient } from './cluster-client.ts';
import { play } from './play.ts';
import type { Played, Stage } from './played.ts';
import { Product } from './product.ts';
import type { Script } from './script.ts';
import { Watcher } from './watcher.ts';

export interface StageOptions {
  readonly repair: boolean;
  readonly context?: string | undefined;
  readonly rights?: Rights;
}

/** How long a repair must last: as long as the goal says in full, shorter where the heavy counts are a tenth. */
const STABLE_MS = process.env['QUARTERDECK_COUNTS'] === 'tenth' ? 10_000 : 30_000;

/** Where the cases are played: the test cluster (started where it is not running), the app, and somebody who looks. */
export async function openStage({ repair, context, rights = 'all' }: StageOptions): Promise<Stage & { close(): Promise<void> }> {
  const known = await clusterStatus();
  const cluster = known.ready ? known : await up();
  const client = new ClusterClient(cluster.kubeconfig, context ?? cluster.contexts[0]);
  const run = Date.now().toString(36).slice(-5);
  const account = rights === 'all' ? undefined : await accountOf(rights, client, run);
  const product = await Product.start(account?.kubeconfig ?? cluster.kubeconfig, account?.context ?? client.context);
  const watcher = new Watcher(client);
  return {
    client,
    watcher,
    product,
    rights,
    // Who may only read is offered nothing to repair with.
    repair: repair && rights === 'all',
    stableMs: STABLE_MS,
    run,
    close: async () => {
      watcher.close();
      await product.close();
      await account?.close();
      client.close();
    },
  };
}

/**
 * Plays all, so many at a time: each has a namespace of its own, and the node has few cores. Those for themselves come last.
 * `repaired` says which of them are also repaired, where the stage repairs at all.
 */
export async function playAll(
  scripts: readonly Script[],
  stage: Stage,
  atOnce: number,
  hear: (played: Played) => void,
  repaired: (script: Script) => boolean = () => true,
): Promise<readonly Played[]> {
  const together = scripts.filter((s) => s.case.alone !== true);
  const alone = scripts.filter((s) => s.case.alone === true);
  const played: Played[] = [];
  const work = async (waiting: Script[]) => {
    for (let script = waiting.shift(); script !== undefined; script = waiting.shift()) {
      const result = await play(script, { ...stage, repair: stage.repair && repaired(script) });
      played.push(result);
      hear(result);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, () => work(together)));
  await work(alone);
  return played.sort((a, b) => (a.id < b.id ? -1 : 1));
}

export const AT_ONCE = 8;
