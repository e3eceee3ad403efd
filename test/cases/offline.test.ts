import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Answer, Envelope, Runbook } from '../../agents/contract/index.ts';
import type { IncidentReport } from '../../agents/contract/reports.ts';
import { uncited } from '../../agents/core/ask/draft.ts';
import { commandsIn } from '../../agents/core/report/runbook-commands.ts';
import { untraceable } from '../../agents/core/report/traceable.ts';
import { readRunning } from '../../agents/host/store/lock.ts';
import { clusterStatus, up } from '../cluster/cluster.ts';
import { ClusterClient } from './cluster-client.ts';

/**
 * The product alone with a real cluster: it runs in a network namespace of its own, without any route but to the host where the API server
 * listens. Asked, repaired, reported, written down; and when the same fault comes again, the first time is cited.
 */

const run = Date.now().toString(36).slice(-5);
const namespace = `offline-${run}`;
const netns = `qd-${run}`;
const CLI = new URL('../../agents/host/cli/quarterdeck.mjs', import.meta.url).pathname;
const ip = (...args: string[]) => execFileSync('ip', args, { stdio: 'pipe' }).toString();

let client: ClusterClient;
let kubeconfig: string;
let dataDir: string;
const children: ChildProcess[] = [];

/** A command of the product, inside. */
function quarterdeck<T>(...args: string[]): T {
  const out = execFileSync('ip', ['netns', 'exec', netns, process.execPath, CLI, ...args, '--data-dir', dataDir, '-o', 'json', '-q'], {
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return JSON.parse(out.toString()) as T;
}

const selector = (app: string) =>
  client.call(
    'PATCH',
    `/api/v1/namespaces/${namespace}/services/checkout`,
    { spec: { selector: { app } } },
    'application/merge-patch+json',
  );

beforeAll(async () => {
  const known = await clusterStatus();
  const cluster = known.ready ? known : await up();
  kubeconfig = cluster.kubeconfig;
  client = new ClusterClient(kubeconfig, cluster.contexts[0]);
  dataDir = mkdtempSync(join(tmpdir(), 'quarterdeck-offline-'));
  await client.call('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
  const objects = readFileSync(new URL('./33-selector-typo/objects.yaml', import.meta.url), 'utf8');
  for (const document of parseAllDocuments(objects)) {
    const object = document.toJS() as { kind: string };
    const path = object.kind === 'Service' ? '/api/v1' : '/apis/apps/v1';
    await client.call('POST', `${path}/namespaces/${namespace}/${object.kind.toLowerCase()}s`, object);
  }
  const port = /server: https:\/\/[^:]+:(\d+)/.exec(readFileSync(kubeconfig, 'utf8'))?.[1] ?? '';
  const [outside, inside] = [`v${run}o`, `v${run}i`];
  ip('netns', 'add', netns);
  ip('link', 'add', outside, 'type', 'veth', 'peer', 'name', inside, 'netns', netns);
  ip('addr', 'add', '10.213.77.1/30', 'dev', outside);
  ip('link', 'set', outside, 'up');
  for (const args of [
    ['addr', 'add', '10.213.77.2/30', 'dev', inside],
    ['link', 'set', inside, 'up'],
    ['link', 'set', 'lo', 'up'],
  ])
    ip('-n', netns, ...args);
  // The address in the kubeconfig is this host's loopback; inside it leads over the one link there is.
  const forward = ['netns', 'exec', netns, 'socat', `TCP-LISTEN:${port},bind=127.0.0.1,fork,reuseaddr`, `TCP:10.213.77.1:${port}`];
  children.push(spawn('ip', forward, { stdio: 'ignore' }));
  const serve = ['serve', '--data-dir', dataDir, '--kubeconfig', kubeconfig, '--context', client.context, '--port', '0'];
  children.push(spawn('ip', ['netns', 'exec', netns, process.execPath, CLI, ...serve], { stdio: 'ignore' }));
}, 900_000);

afterAll(async () => {
  for (const child of children.reverse()) {
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGTERM');
    await ended;
  }
  try {
    ip('netns', 'del', netns);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
    await client.call('DELETE', `/api/v1/namespaces/${namespace}`);
    client.close();
  }
}, 120_000);

test(
  'with no network but the cluster: asked, repaired, reported, written down, and cited when it comes again',
  { timeout: 600_000 },
  async () => {
    expect(ip('-n', netns, 'route')).not.toContain('default');
    expect(() =>
      execFileSync('ip', ['netns', 'exec', netns, 'bash', '-c', 'exec 3<>/dev/tcp/192.0.2.1/443'], { stdio: 'pipe', timeout: 5_000 }),
    ).toThrow();

    await expect.poll(() => readRunning(dataDir)?.url, { timeout: 60_000, interval: 200 }).toBeDefined();
    const ask = (question: string, ...more: string[]): Answer => {
      const answer = quarterdeck<Answer>('ask', question, '--context', client.context, ...more);
      expect(uncited(answer)).toEqual([]);
      return answer;
    };
    const question = `why does nobody reach the service checkout in namespace ${namespace}?`;
    let first = ask(question);
    await expect
      .poll(
        () => {
          first = ask(question);
          return first.plans.some((p) => p.state === 'awaitingApproval');
        },
        { timeout: 120_000, interval: 2_000 },
      )
      .toBe(true);
    const [incident = ''] = first.about.incidents;
    expect(first.citations.find((c) => c.kind === 'incident')).toMatchObject({ id: incident, code: 'SVC-001' });
    expect(first.citations.some((c) => c.kind === 'passage')).toBe(true);

    const repair = ask('fix it', '--session', first.session);
    const plan = repair.plans.find((p) => p.state === 'awaitingApproval');
    expect(repair.text).toContain(plan?.hash ?? 'no plan');
    quarterdeck('approve', plan?.id ?? '', '--hash', plan?.hash ?? '');

    const report = () => quarterdeck<IncidentReport>('report', incident);
    await expect.poll(() => report().resolvedAt, { timeout: 60_000, interval: 1_000 }).not.toBeNull();
    const runbooks = () => quarterdeck<{ runbooks: Runbook[] }>('runbooks', 'list').runbooks;
    await expect
      .poll(() => runbooks().map((r) => [r.code, r.proposal?.incident]), { timeout: 60_000, interval: 1_000 })
      .toEqual([['SVC-001', incident]]);
    const events = quarterdeck<{ events?: Envelope[] }>('report', incident);
    expect(events).toBeDefined();
    const log = execFileSync(
      'ip',
      ['netns', 'exec', netns, process.execPath, CLI, 'events', '--since', '0', '-o', 'json', '--data-dir', dataDir],
      { maxBuffer: 2 ** 28 },
    )
      .toString()
      .split('\n')
      .filter((l) => l !== '')
      .map((l) => JSON.parse(l) as Envelope);
    const told = report();
    const lines = told.sections.flatMap((s) => s.lines);
    const lost = untraceable(told, log);
    expect(lost).toEqual([]);

    const accepted = quarterdeck<Runbook>('runbooks', 'accept', 'SVC-001');
    expect([accepted.version, accepted.proposal]).toEqual([1, null]);
    const commands = commandsIn(accepted.text);
    expect(commands.length).toBeGreaterThan(0);
    for (const command of commands)
      execFileSync('bash', ['-c', `${command.replace(/^kubectl (\w+)/, 'kubectl $1 --dry-run=server')}`], {
        env: { ...process.env, KUBECONFIG: kubeconfig },
        stdio: 'pipe',
      });
    process.stdout.write(
      `report: ${lines.length - lost.length} of ${lines.length} lines traceable; runbook: ${commands.length} of ${commands.length} commands pass a server-side dry run\n`,
    );

    await selector('chekcout');
    let again = ask(question);
    await expect
      .poll(
        () => {
          again = ask(question);
          return again.citations.some((c) => c.kind === 'past');
        },
        { timeout: 120_000, interval: 2_000 },
      )
      .toBe(true);
    expect(again.citations.find((c) => c.kind === 'past')).toMatchObject({ incident });
    expect(again.sentences.filter((s) => s.lead === 'Helped then').map((s) => s.text)).toEqual([plan?.title]);
  },
);
