import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { startDemoFleet } from '../../agents/host/doubles/demo-fleet.ts';
import type { RawObject } from '../../agents/host/doubles/api-server/objects.ts';
import { serveHttp } from '../../agents/host/http/serve-http.ts';
import { startApp } from '../../agents/host/wiring.ts';
import { TEMPEST, folder } from './fleet.ts';

/** Two hundred secrets in the places where clusters keep them; after everything was looked at, none may be found where it does not belong. */

let made = 0;
const canaries = new Map<string, string>();
/** A value that looks like what people use: letters, digits, some signs; told apart by its number. */
function canary(where: string): string {
  const n = made++;
  const value = `Cnry${n.toString(36).padStart(3, '0')}x${((n * 2_654_435_761) >>> 0).toString(36)}Zq9`;
  canaries.set(value, where);
  return value;
}
const base64 = (text: string) => Buffer.from(text).toString('base64');

function secrets(): RawObject[] {
  return Array.from({ length: 40 }, (_, i): RawObject => {
    const data = { password: base64(canary('Secret data')), [`key-${i}`]: base64(canary('Secret data')) };
    const applied = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: `s-${i}` },
      stringData: { password: canary('last-applied of a Secret') },
    };
    return {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: `s-${i}`,
        namespace: 'shop',
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(applied) },
      },
      type: 'Opaque',
      data,
    };
  });
}

/** Adds variables with secrets to every container of a Deployment, beside what is wrong there, and an annotation that repeats them. */
function withVariables(deployment: RawObject): RawObject {
  const copy = structuredClone(deployment) as unknown as {
    metadata: RawObject['metadata'];
    spec: { template: { spec: { containers: { env?: { name: string; value?: string }[] }[] } } };
  };
  for (const container of copy.spec.template.spec.containers)
    container.env = [
      ...(container.env ?? []),
      { name: 'DB_PASSWORD', value: canary('variable') },
      { name: 'API_TOKEN', value: canary('variable') },
      { name: 'DATABASE_URL', value: `postgres://app:${canary('variable, in a URL')}@db:5432/shop` },
      { name: 'AWS_SECRET_ACCESS_KEY', value: canary('variable') },
    ];
  copy.metadata.annotations = {
    ...copy.metadata.annotations,
    'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({
      spec: copy.spec,
      password: canary('last-applied of a Deployment'),
    }),
    'example.com/token': canary('annotation'),
  };
  return copy as unknown as RawObject;
}

test('two hundred secrets are in no log, no entry, no file, no answer of the read scope and no export', async () => {
  const dir = folder();
  const fleet = await startDemoFleet({ dir: join(dir, 'fleet') });
  onTestFinished(() => fleet.close());
  const server = fleet.servers[TEMPEST];
  if (server === undefined) throw new Error('no such cluster');
  for (const object of secrets()) server.table.put(object);
  for (let i = 0; i < 20; i++)
    server.table.put({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `c-${i}`, namespace: 'shop' },
      data: { 'app.properties': `db.password=${canary('ConfigMap')}\nlevel=info`, API_KEY: canary('ConfigMap') },
    });
  const deployments = server.table.list('deployments');
  for (const deployment of deployments) server.table.put(withVariables(deployment));
  for (const [i, deployment] of deployments.entries())
    server.table.put({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `e-${i}`, namespace: deployment.metadata.namespace ?? 'shop' },
      involvedObject: { kind: 'Deployment', name: deployment.metadata.name, uid: deployment.metadata.uid ?? '' },
      type: 'Warning',
      reason: 'Failed',
      message: `login failed: password=${canary('event')} token: ${canary('event')}`,
      count: 1,
    });
  const config = parse(readFileSync(fleet.kubeconfig, 'utf8')) as {
    users: { user: Record<string, unknown> }[];
    clusters: object[];
    contexts: object[];
  };
  for (let i = made; i < 200; i++)
    config.users.push({
      name: `u-${i}`,
      user:
        i % 2 === 0
          ? { token: canary('kubeconfig token') }
          : {
              exec: {
                apiVersion: 'client.authentication.k8s.io/v1',
                command: 'true',
                env: [{ name: 'SECRET', value: canary('kubeconfig plugin') }],
              },
            },
    } as never);
  const kubeconfig = join(dir, 'kubeconfig');
  writeFileSync(kubeconfig, stringify(config));
  expect(canaries.size).toBeGreaterThanOrEqual(200);

  const lines: string[] = [];
  const dataDir = join(dir, 'data');
  const started = await startApp({
    dataDir,
    kubeconfigPaths: [kubeconfig],
    demo: false,
    env: {},
    home: dir,
    log: (level, message) => lines.push(`${level}: ${message}`),
  });
  if (!started.ok) throw new Error(started.failure.message);
  const { app, close } = started.value;
  let open = true;
  onTestFinished(async () => (open ? close() : undefined));
  const { client } = app;
  const served = await serveHttp(app, { host: '127.0.0.1', port: 0, token: 'own', log: (_, m) => lines.push(m) });
  onTestFinished(() => served.close());
  const { value } = await client.tokens.create({ name: 'reader', scope: 'read', by: 'kim' });
  const found: { readonly where: string; readonly text: string }[] = [];
  const look = (where: string, answer: unknown) =>
    found.push({ where, text: typeof answer === 'string' ? answer : JSON.stringify(answer) });

  look('diagnosis', await client.diagnosis.run({ context: TEMPEST }));
  const { plans } = await client.plans.list({ context: TEMPEST });
  look('plans', plans);
  // A change that brings the recorded differences into the log.
  for (const deployment of server.table.list('deployments')) server.table.put(withVariables(deployment));
  for (const plan of plans.filter((p) => p.state === 'awaitingApproval').slice(0, 2)) {
    await client.plans.decide({ id: plan.id, hash: plan.hash, decision: 'approved', by: 'kim' }).then(
      () => client.plans.settled({ id: plan.id, timeoutSeconds: 60 }),
      () => undefined,
    );
  }
  look('diagnosis again', await client.diagnosis.run({ context: TEMPEST }));
  look('a Secret as it is shown', await client.explore.object({ context: TEMPEST, kind: 'Secret', namespace: 'shop', name: 's-1' }));
  for (const path of [
    '/incidents?state=all',
    '/plans?state=all',
    '/contexts',
    `/changes?context=${TEMPEST}&limit=1000`,
    '/agents',
    '/events?limit=10000',
    '/app',
    '/tokens',
    '/autonomy',
    '/hold',
    '/doctor',
  ]) {
    const answer = await fetch(`${served.url}/api/v1${path}`, { headers: { authorization: `Bearer ${value}` } });
    look(`GET ${path} (${answer.status})`, await answer.text());
  }
  look('metrics', await (await fetch(`${served.url}/metrics`, { headers: { authorization: `Bearer ${value}` } })).text());
  open = false;
  await close();
  look('log lines', lines);
  for (const file of readdirSync(dataDir, { recursive: true, withFileTypes: true }))
    if (file.isFile()) look(`file ${file.name}`, readFileSync(join(file.parentPath, file.name), 'latin1'));

  const leaks = found.flatMap(({ where, text }) =>
    [...canaries].filter(([v]) => text.includes(v) || text.includes(base64(v))).map(([v, from]) => `${v} (${from}) in ${where}`),
  );
  console.info(
    `${canaries.size} secrets in ${new Set(canaries.values()).size} kinds of places; ${found.length} outputs searched; ${leaks.length} found`,
  );
  const short = [...new Set(leaks.map((l) => l.replace(/^\S+ /, '')))];
  expect(short).toEqual([]);
});
