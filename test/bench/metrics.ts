import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startKube } from '../../agents/host/cluster/kube-client.ts';
import { SeriesStore } from '../../agents/host/series/series-store.ts';
import { startFleet } from './fleet/fleet.ts';
import { MiB } from './reading/measure.ts';
import { table } from './table.ts';

/**
 * 15 clusters of 10,000 pods whose metrics are read each 30 s: from metrics.k8s.io all of them, from kubelets in turn. Loopback with TLS,
 * served by a process of its own. What is counted is the processor time of this process (the kube worker with its watches, the
 * series' thread) and what its two heaps hold more than before metrics were read. `--clusters N`, `--pods N` for fewer.
 */

const flag = (name: string, fallback: number) =>
  process.argv.includes(name) ? Number(process.argv[process.argv.indexOf(name) + 1]) : fallback;
const CLUSTERS = flag('--clusters', 15);
const PODS = flag('--pods', 10_000);
const WARM_MS = 45_000;
const MEASURED_MS = 90_000;

export async function benchMetrics(): Promise<void> {
  const fleet = await startFleet({ clusters: CLUSTERS, podsEach: PODS, streams: true });
  const dir = mkdtempSync(join(tmpdir(), 'quarterdeck-metrics-'));
  const log = (level: string, message: string) => void (level === 'error' && process.stderr.write(`${message}\n`));
  const kube = await startKube({ env: process.env, home: '/nonexistent', kubeconfigPaths: [fleet.kubeconfig], log });
  const store = new SeriesStore({ dataDir: dir, log });
  const contexts = Array.from({ length: CLUSTERS }, (_, i) => `c${i}`);
  try {
    for (const context of contexts) {
      const connected = await kube.connect(context, ['Node', 'Pod', 'ReplicaSet', 'Deployment']);
      if (!connected.ok) throw new Error(connected.failure.message);
    }
    await pause(5_000);
    const before = await kube.stats();
    const idle = await share(20_000);
    kube.feed(await store.feed(), {});
    await pause(WARM_MS);
    const busy = await share(MEASURED_MS);
    const [after, series] = [await kube.stats(), await store.call('stats')];
    const ask = async (query: string) => {
      let sum = 0;
      for (const context of contexts) {
        const now = Date.now();
        const answer = await store.call('query', context, { query, start: now, end: now, step: 1, instant: true, limit: 10 });
        if (!answer.ok) throw new Error(answer.failure.message);
        sum += Number(answer.value.series[0]?.values[0] ?? 0);
      }
      return sum;
    };
    const measured = await ask('sum(workload_pods)');
    const readings = (await ask(`max(count_over_time(workload_pods[${MEASURED_MS / 1000}s]))`)) / CLUSTERS;
    const report = await kube.metrics('c0');
    const heap = after.heapBytes - before.heapBytes + series.heapBytes;
    process.stdout.write(
      `\nmetrics of ${CLUSTERS} clusters of ${PODS} pods\n${table(
        ['measure', 'is', 'at most'],
        [
          ['busy share of one core, all of this process', `${(100 * busy).toFixed(1)} %`, '25 %'],
          ['  of that with watches alone, before', `${(100 * idle).toFixed(1)} %`, ''],
          ['heap that metrics take (kube worker, more than before; series thread, all)', `${MiB(heap)} MiB`, '300 MiB'],
          ['  of that the series thread', `${MiB(series.heapBytes)} MiB`, ''],
          ['pods measured in the last reading', measured.toLocaleString('en'), ''],
          [`readings of a cluster in ${MEASURED_MS / 1000} s`, readings.toFixed(1), ''],
          ['series written', series.open.toLocaleString('en'), ''],
        ],
      )}\n${report.ok ? `${report.value.sources.map((s) => `${s.kind} ${s.state}: ${s.because}`).join('\n')}\n` : ''}`,
    );
  } finally {
    await kube.close();
    await store.close();
    await fleet.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Processor time of this process, of all its threads, as a part of the time that passes. */
async function share(ms: number): Promise<number> {
  const [begun, from] = [process.cpuUsage(), performance.now()];
  await pause(ms);
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000 / (performance.now() - from);
}
