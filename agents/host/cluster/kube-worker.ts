import { parentPort, workerData } from 'node:worker_threads';
import { Clusters } from './clusters.ts';
import type { FromKubeWorker, KubeWorkerData, ToKubeWorker } from './protocol.ts';

/**
 * The thread entry for all clusters. It holds credentials and values of Secrets. Of the credentials it tells the host's writer the one
 * it asks for; the values of Secrets are told to nobody.
 */

const host = parentPort;
if (host === null) throw new Error('host/cluster/kube-worker.ts is a thread entry and cannot be run by itself');
const say = (message: FromKubeWorker): void => host.postMessage(message);
const { sources } = workerData as KubeWorkerData;
const clusters = new Clusters(sources, (notice) => say({ type: 'notice', notice }));

host.on('message', (message: ToKubeWorker) => {
  switch (message.type) {
    case 'call':
      void answer(message);
      return;
    case 'attach':
      clusters.attach(message.agent, message.kinds, message.port);
      return;
    case 'detach':
      clusters.detach(message.agent);
      return;
    case 'followMap':
      clusters.followMap(message.on);
      return;
    case 'feed':
      clusters.feed(message.port, message.reading);
      return;
    case 'wantLogs':
      clusters.wantLogs(message.wanted);
      return;
    case 'logs':
      void clusters.logs(message.selection, message.port);
      return;
    case 'resume':
      void clusters.connect(message.context, message.kinds);
      return;
  }
});

async function answer({ id, call, args }: Extract<ToKubeWorker, { type: 'call' }>): Promise<void> {
  try {
    // Name and arguments come from one row of the protocol; the compiler cannot follow the correlation through the union.
    const run = clusters[call].bind(clusters) as (...given: unknown[]) => Promise<unknown>;
    say({ type: 'answer', id, value: await run(...args) });
  } catch (error) {
    say({ type: 'threw', id, message: error instanceof Error ? error.message : String(error) });
  }
}
