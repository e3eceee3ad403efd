import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Diagnosis } from '../../agents/contract/index.ts';
import { startApiServer } from '../../agents/host/doubles/api-server/server.ts';
import { kubeconfigOf } from '../../agents/host/doubles/kubeconfig.ts';
import { benchApproval } from './approval.ts';
import { benchAnswers } from './answers.ts';
import { benchClassification } from './ask.ts';
import { benchCharts } from './charts.ts';
import { benchChecks } from './checks.ts';
import { benchLibrary } from './knowledge/large.ts';
import { benchRecall } from './knowledge/recall.ts';
import { benchTeam } from './knowledge/team/bench.ts';
import { benchLog } from './log.ts';
import { benchLargeCluster } from './large-cluster.ts';
import { benchModels } from './models.ts';
import { benchMap } from './map.ts';
import { benchMetrics } from './metrics.ts';
import { benchLogsPage } from './logs-page.ts';
import { benchPage } from './page.ts';
import { benchChurn, benchConnections, benchList, benchQuiet, benchResident, benchStart } from './reading.ts';
import { benchAnomalies } from './signals/anomalies.ts';
import { benchForecasts } from './signals/forecasts.ts';
import { benchTemplates } from './signals/logs.ts';
import { benchSeries } from './signals/series.ts';
import { benchSpacings } from './signals/spacings.ts';
import { benchTablePage } from './table-page.ts';
import { table } from './table.ts';
import { idleCluster } from './idle-cluster.ts';

/**
 * `npm run bench [-- --only cold|checks|approval|incident|list|start|resident|churn|connections|quiet|large|log|knowledge|recall|library|team|map|models|page|table-page|logs-page|charts|anomalies|spacings|forecasts|templates|series]`: tables, medians of several runs after a warm-up. Machines are noisy: absolute times are
 * orientation, and nothing here passes or fails.
 */

const RUNS = 5;
const root = join(import.meta.dirname, '..', '..');
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : undefined;

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
const ms = (value: number): string => `${Math.round(value)} ms`;

interface Cold {
  readonly wall: number;
  readonly diagnosis: Diagnosis;
}

function diagnoseOnce(kubeconfig: string, dataDir: string): Promise<Cold> {
  return new Promise((done, fail) => {
    const begun = performance.now();
    const child = spawn(
      process.execPath,
      [join(root, 'agents/host/cli/quarterdeck.mjs'), 'diagnose', '-o', 'json', '-q', '--kubeconfig', kubeconfig, '--data-dir', dataDir],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let out = '';
    let answered = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      answered = performance.now() - begun;
    });
    child.on('exit', (code) =>
      code === 0 ? done({ wall: answered, diagnosis: JSON.parse(out) as Diagnosis }) : fail(new Error(`diagnose ended with ${code}`)),
    );
  });
}

/** `diagnose` of an idle cluster of 200 objects, from the start of the process to its answer. */
async function coldStart(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'quarterdeck-bench-'));
  const server = await startApiServer({ objects: idleCluster() });
  try {
    const kubeconfig = kubeconfigOf(dir, 'idle', server.url, { token: 'none' });
    await diagnoseOnce(kubeconfig, join(dir, 'data'));
    const runs: Cold[] = [];
    for (let i = 0; i < RUNS; i++) runs.push(await diagnoseOnce(kubeconfig, join(dir, 'data')));
    const of = (pick: (run: Cold) => number) => median(runs.map(pick));
    const own = of((r) => r.diagnosis.timings['checksOnly'] ?? 0) + of((r) => r.diagnosis.timings['plans'] ?? 0);
    process.stdout.write(
      `\ndiagnose, cold start, ${runs[0]?.diagnosis.objects ?? 0} objects, median of ${RUNS}\n${table(
        ['part', 'median', 'at most'],
        [
          ['process start to answer', ms(of((r) => r.wall)), '3000 ms'],
          ['  start of Node, imports, store, threads', ms(of((r) => r.wall - r.diagnosis.durationMs)), ''],
          ['  connect and read (with the kube worker starting)', ms(of((r) => r.diagnosis.timings['read'] ?? 0)), ''],
          ['  views, facts and checks (with the agent starting)', ms(of((r) => r.diagnosis.timings['checks'] ?? 0)), ''],
          ['  plans', ms(of((r) => r.diagnosis.timings['plans'] ?? 0)), ''],
          ['our own work: checks alone, and plans', ms(own), '500 ms'],
        ],
      )}\n`,
    );
  } finally {
    await server.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** From the moment a fault shows in the API to its incident in the event log, over the live cases, without a model. */
async function incidents(): Promise<void> {
  const [{ loadCases }, { scriptOf }, { AT_ONCE, openStage, playAll }] = await Promise.all([
    import('../cases/play.ts'),
    import('../cases/script.ts'),
    import('../cases/stage.ts'),
  ]);
  const stage = await openStage({ repair: false });
  const cases = (await loadCases()).filter((c) => !('silent' in c));
  const played = await playAll(cases.map(scriptOf), stage, Math.min(4, AT_ONCE), (p) => void process.stderr.write(`${p.id}\n`));
  await stage.close();
  const seconds = played.flatMap((p) => (p.seconds === undefined ? [] : [{ id: p.id, seconds: Math.max(0, p.seconds) }]));
  process.stdout.write(
    `\nfault visible to incident, ${seconds.length} of ${played.length} cases\n${table(
      ['case', 'seconds'],
      [...seconds.map((s) => [s.id, s.seconds.toFixed(2)]), ['median (at most 2 s)', median(seconds.map((s) => s.seconds)).toFixed(2)]],
    )}\n`,
  );
}

if (only === undefined || only === 'cold') await coldStart();
if (only === undefined || only === 'checks') benchChecks();
if (only === undefined || only === 'approval') await benchApproval();
if (only === undefined || only === 'list') await benchList();
if (only === undefined || only === 'start') await benchStart();
if (only === undefined || only === 'connections') await benchConnections();
if (only === undefined || only === 'resident') await benchResident();
if (only === undefined || only === 'churn') await benchChurn();
if (only === undefined || only === 'quiet') await benchQuiet();
if (only === undefined || only === 'log') benchLog();
if (only === undefined || only === 'map') await benchMap();
if (only === undefined || only === 'knowledge' || only === 'recall') await benchRecall();
if (only === undefined || only === 'knowledge' || only === 'library') await benchLibrary();
if (only === undefined || only === 'knowledge' || only === 'team') await benchTeam();
if (only === undefined || only === 'page') await benchPage();
if (only === undefined || only === 'models') await benchModels();
if (only === undefined || only === 'table-page') await benchTablePage();
if (only === undefined || only === 'logs-page') await benchLogsPage();
if (only === undefined || only === 'charts') await benchCharts();
if (only === undefined || only === 'anomalies') benchAnomalies();
if (only === undefined || only === 'spacings') benchSpacings();
if (only === undefined || only === 'forecasts') benchForecasts();
if (only === undefined || only === 'templates') benchTemplates();
if (only === undefined || only === 'series') benchSeries();
if (only === undefined || only === 'metrics') await benchMetrics();
if (only === undefined || only === 'ask') await benchClassification();
if (only === undefined || only === 'ask' || only === 'answers') await benchAnswers();
if (only === undefined || only === 'large') await benchLargeCluster();
if (only === undefined || only === 'incident') await incidents();
process.exit(0);
