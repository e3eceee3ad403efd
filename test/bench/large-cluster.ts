import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Diagnosis, Envelope } from '../../agents/contract/index.ts';
import { BlockMeter } from '../../agents/host/cluster/block-meter.ts';
import { serve } from '../../agents/host/serve.ts';
import { Api } from '../cluster/api.ts';
import { clusterStatus, down, up } from '../cluster/cluster.ts';
import { loadInstance } from '../cluster/instance.ts';
import { FAKE_NAMESPACE, startKwok } from '../cluster/kwok.ts';
import { median } from './reading/measure.ts';
import { table } from './table.ts';

/**
 * A cluster of 5,000 pods on a real API server (the nodes are kwok's: objects are real, nothing runs), and one pod that cannot be placed:
 * `diagnose` from the start of the process to its answer, and how long the main thread of an app is blocked while it reads that cluster
 * and while an agent thinks about it. Needs root; takes an instance of its own and leaves nothing behind.
 */

const ID = 'qdbench';
const NODES = 50;
const PODS = 5_000;
const RUNS = 3;
const root = join(import.meta.dirname, '..', '..');
const ms = (value: number): string => `${Math.round(value)} ms`;

/** Asks for a node that no label of the cluster describes. */
const misplaced = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'stray', namespace: FAKE_NAMESPACE, labels: { app: 'stray' } },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'stray' } },
    template: {
      metadata: { labels: { app: 'stray' } },
      spec: {
        nodeSelector: { type: 'kwokk' },
        tolerations: [{ operator: 'Exists' }],
        containers: [{ name: 'app', image: 'quarterdeck/workload:1', resources: { requests: { cpu: '10m', memory: '16Mi' } } }],
      },
    },
  },
};

interface Answer {
  readonly wallMs: number;
  readonly diagnosis: Diagnosis;
}

function diagnose(kubeconfig: string, context: string, dataDir: string): Promise<Answer> {
  return new Promise((done, fail) => {
    const begun = performance.now();
    const asked = ['diagnose', '-o', 'json', '-q', '--kubeconfig', kubeconfig, '--context', context, '--data-dir', dataDir];
    const child = spawn(process.execPath, [join(root, 'agents/host/cli/quarterdeck.mjs'), ...asked], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let out = '';
    let wallMs = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      wallMs = performance.now() - begun;
    });
    child.on('exit', (code) =>
      code === 0 ? done({ wallMs, diagnosis: JSON.parse(out) as Diagnosis }) : fail(new Error(`diagnose ended with ${code}`)),
    );
  });
}

/** The longest block of this thread, in milliseconds, from connecting until the incident is in the log. */
async function mainThread(kubeconfig: string, context: string, dataDir: string): Promise<number> {
  const served = await serve({ dataDir, kubeconfigPaths: [kubeconfig], demo: false, env: {}, log: () => undefined });
  if (!served.ok) throw new Error(served.failure.message);
  const meter = new BlockMeter();
  const call = async <T>(path: string, body?: object): Promise<T> => {
    const answer = await fetch(`${served.value.url}/api/v1${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${served.value.token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(await answer.text());
    return (await answer.json()) as T;
  };
  try {
    meter.longest();
    await call('/clusters/connect', { context });
    const opened = async () =>
      (await call<{ events: Envelope[] }>('/events/list?limit=10000')).events.some((e) => e.event.type === 'incident.opened');
    while (!(await opened())) await new Promise((next) => setTimeout(next, 100));
    return meter.longest();
  } finally {
    meter.close();
    await served.value.close();
  }
}

export async function benchLargeCluster(): Promise<void> {
  await down(ID);
  const dir = mkdtempSync(join(tmpdir(), 'quarterdeck-large-'));
  try {
    await up(1, ID);
    const { kubeconfig, contexts } = await clusterStatus(ID);
    const instance = loadInstance(ID);
    const [context] = contexts;
    if (instance === undefined || context === undefined) throw new Error('the cluster is not there');
    const made = await startKwok({ nodes: NODES, pods: PODS, instance: ID });
    process.stderr.write(`${PODS} pods on ${NODES} nodes after ${made.seconds.toFixed(0)} s\n`);
    const api = new Api(instance);
    await api.apply(`/apis/apps/v1/namespaces/${FAKE_NAMESPACE}/deployments`, misplaced);
    api.close();
    await diagnose(kubeconfig, context, join(dir, 'warm'));
    const answers: Answer[] = [];
    for (let run = 0; run < RUNS; run++) answers.push(await diagnose(kubeconfig, context, join(dir, `data-${run}`)));
    const blocks: number[] = [];
    for (let run = 0; run < RUNS; run++) blocks.push(await mainThread(kubeconfig, context, join(dir, `app-${run}`)));
    const of = (pick: (answer: Answer) => number) => ms(median(answers.map(pick)));
    const said = new Set(
      answers.map((a) => a.diagnosis.incidents.map((i) => `${i.rootCause.code} ${i.rootCause.resource.name}`).join('; ')),
    );
    process.stdout.write(
      `\none bad pod among ${PODS}, ${answers[0]?.diagnosis.objects ?? 0} objects, median of ${RUNS} after a warm-up\n${table(
        ['part', 'median', 'at most'],
        [
          ['process start to answer', of((a) => a.wallMs), '5000 ms'],
          ['  connect and read', of((a) => a.diagnosis.timings['read'] ?? 0), ''],
          ['  views, facts and checks', of((a) => a.diagnosis.timings['checks'] ?? 0), ''],
          ['  plans', of((a) => a.diagnosis.timings['plans'] ?? 0), ''],
          ['longest block of an app, from connecting to the incident', ms(median(blocks)), '50 ms'],
          [`incidents: ${[...said].join(' | ')}`, String(answers[0]?.diagnosis.incidents.length ?? 0), '1'],
        ],
      )}\n`,
    );
  } finally {
    await down(ID);
    rmSync(dir, { recursive: true, force: true });
  }
}
