import { clusterStatus, up } from '../cluster/cluster.ts';
import type { Case } from './case.ts';
import { ClusterClient } from './cluster-client.ts';
import { type Played, type Stage, play } from './play.ts';
import { Product } from './product.ts';
import { Watcher } from './watcher.ts';

export interface StageOptions {
  readonly repair: boolean;
  readonly context?: string | undefined;
}

/** Where the cases are played: the test cluster (started where it is not running), the app, and somebody who looks. */
export async function openStage({ repair, context }: StageOptions): Promise<Stage & { close(): Promise<void> }> {
  const known = await clusterStatus();
  const cluster = known.ready ? known : await up();
  const client = new ClusterClient(cluster.kubeconfig, context ?? cluster.contexts[0]);
  const product = await Product.start(cluster.kubeconfig, client.context);
  const watcher = new Watcher(client);
  return {
    client,
    watcher,
    product,
    repair,
    run: Date.now().toString(36).slice(-5),
    close: async () => {
      watcher.close();
      await product.close();
      client.close();
    },
  };
}

/** Plays all cases, so many at a time: each has a namespace of its own, and the node has few cores. Those for themselves come last. */
export async function playAll(
  cases: readonly Case[],
  stage: Stage,
  atOnce: number,
  hear: (played: Played) => void,
): Promise<readonly Played[]> {
  const together = cases.filter((c) => c.alone !== true);
  const alone = cases.filter((c) => c.alone === true);
  const played: Played[] = [];
  const work = async (waiting: Case[]) => {
    for (let c = waiting.shift(); c !== undefined; c = waiting.shift()) {
      const result = await play(c, stage);
      played.push(result);
      hear(result);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, () => work(together)));
  await work(alone);
  return played.sort((a, b) => (a.id < b.id ? -1 : 1));
}

export const AT_ONCE = 8;
