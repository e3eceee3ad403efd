import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { AGENTS } from '../../specialists/index.ts';
import { container, ended, running, waiting, workload } from '../../specialists/testing/cluster.ts';
import { tgz } from './archives.ts';
import { diagnoseFiles } from './diagnose-files.ts';
import { refsInPile } from './named-in-pile.ts';
import { LIMITS, type Trouble, readSources } from './sources.ts';

type Raw = Record<string, unknown>;
const NOW = Date.parse('2026-04-01T00:00:00Z');
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'quarterdeck-files-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function put(path: string, content: string | Buffer): string {
  const whole = join(dir, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, content);
  return whole;
}

interface Asked {
  readonly stdin?: string | Buffer;
  readonly namespaces?: readonly string[];
  readonly resource?: string;
  readonly limits?: Partial<typeof LIMITS>;
}

async function look(paths: readonly string[], { stdin = '', namespaces = [], resource, limits = {} }: Asked = {}) {
  const troubles: Trouble[] = [];
  const files = readSources(paths, (t) => troubles.push(t), {
    stdin: Readable.from([Buffer.from(stdin)], { objectMode: false }),
    limits: { ...LIMITS, ...limits },
  });
  const outcome = await diagnoseFiles(
    AGENTS,
    files,
    {
      name: 'files',
      namespaces,
      ...(resource === undefined ? {} : { about: (pile) => refsInPile(pile, resource, namespaces) }),
    },
    { now: NOW, elapsed: () => 0, troubles },
  );
  if (!outcome.ok) return outcome.failure;
  const { incidents, incomplete, objects, scannedAt, about, unexplained } = outcome.value;
  return {
    said: incidents.map((i) => `${i.rootCause.code} ${i.rootCause.resource.kind}/${i.rootCause.resource.name}`),
    unexplained: unexplained.map((u) => u.resource.name),
    incidents,
    incomplete,
    objects,
    scannedAt,
    about,
  };
}

/** As a cluster has it: with an identity and a version. */
const live = (object: Raw): Raw => {
  const metadata = object['metadata'] as Raw;
  return { ...object, metadata: { uid: `uid-${String(metadata['name'])}`, resourceVersion: '7', ...metadata } };
};
const listOf = (objects: readonly Raw[]) => ({ apiVersion: 'v1', items: objects, kind: 'List', metadata: { resourceVersion: '' } });
const settings = (name: string, namespace = 'shop'): Raw => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace },
  data: { a: 'b' },
});
/** A Deployment whose pod waits for a ConfigMap of that name. */
const waitsFor = (name: string, wanted: string, namespace = 'shop') =>
  workload({
    name,
    namespace,
    spec: { containers: [{ name: 'app', image: 'x:1', envFrom: [{ configMapRef: { name: wanted } }] }] },
    status: {
      conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: '2026-03-01T11:00:00Z' }],
      containerStatuses: [container('app', waiting('CreateContainerConfigError', `configmap "${wanted}" not found`))],
    },
  }).map(live);
const crashes = workload({
  name: 'checkout',
  spec: { containers: [{ name: 'app', image: 'x:1', env: [{ name: 'DATABASE_URI', value: 'x' }] }] },
  status: {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: '2026-03-01T11:00:00Z' }],
    containerStatuses: [container('app', waiting('CrashLoopBackOff', 'back-off'), { restartCount: 5, lastState: ended(1) })],
  },
}).map(live);
const pod = 'checkout-r1-x';

test('a dump of a cluster is judged as the cluster was, in YAML and in JSON, from a file and from stdin', async () => {
  const objects = [...waitsFor('web', 'app-setings'), settings('app-settings'), settings('app-settings', 'mall')].map(live);
  const yaml = stringify(listOf(objects));
  const expected = ['CFG-001 Deployment/web'];
  for (const got of [
    await look([put('dump.yaml', yaml)]),
    await look([put('dump.json', JSON.stringify(listOf(objects)))]),
    await look(['-'], { stdin: yaml }),
    await look(['-'], { stdin: tgz([{ name: 'dump.yaml', text: yaml }]) }),
    await look([put('bundle.tar.gz', tgz([{ name: 'b/dump.yaml', text: yaml }]))]),
    await look([dirname(put('folder/deep/dump.yml', yaml))]),
  ])
    expect(got).toMatchObject({ said: expected, objects: objects.length });
  const { incidents } = (await look(['-'], { stdin: yaml })) as {
    incidents: readonly { title: string; advice?: string; plans: unknown[] }[];
  };
  expect(incidents[0]?.title).toContain('did you mean app-settings?');
  // What a plan would do, though none can be carried out here.
  expect([incidents[0]?.advice, incidents[0]?.plans]).toEqual([expect.stringContaining('app-settings'), []]);
});

test('what is advised about an object that is managed elsewhere says where it has to be changed', async () => {
  const managed = (annotations: Raw) =>
    [...waitsFor('web', 'app-setings'), settings('app-settings'), settings('app-settings', 'mall')].map((o): Raw =>
      live(o['kind'] === 'Deployment' ? { ...o, metadata: { ...(o['metadata'] as Raw), annotations } } : o),
    );
  const advice = async (annotations: Raw) =>
    ((await look(['-'], { stdin: JSON.stringify(listOf(managed(annotations))) })) as { incidents: readonly { advice?: string }[] })
      .incidents[0]?.advice;
  expect(await advice({ 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:shop/web' })).toBe(
    'Name app-settings instead of app-setings. Deployment shop/web is managed by Argo CD (Application shop), which puts changes back: change it at its source.',
  );
  expect(await advice({ 'meta.helm.sh/release-name': 'shop', 'meta.helm.sh/release-namespace': 'shop' })).toContain(
    'managed by Helm (release shop/shop), so write it there as well, or the next release undoes it.',
  );
  expect(await advice({})).toBe('Name app-settings instead of app-setings');
});

test('an empty list of a kind without namespaces tells that there is none of it', async () => {
  const claim = live({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data', namespace: 'shop', creationTimestamp: '2026-03-01T11:00:00Z' },
    spec: { storageClassName: 'gold', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    status: { phase: 'Pending' },
  });
  const classes = { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClassList', items: [], metadata: { resourceVersion: '7' } };
  const dump = (...more: Raw[]) => [listOf([claim]), ...more].map((d) => JSON.stringify(d)).join('\n---\n');
  expect(await look(['-'], { stdin: dump() })).toMatchObject({ said: [] });
  const volumes = put('persistentvolumes.json', JSON.stringify(listOf([])));
  const dumped = put('claims.json', JSON.stringify(listOf([claim])));
  const listed = put('classes.json', JSON.stringify(classes));
  expect(await look([dumped, listed])).toMatchObject({ said: [] });
  expect(await look([dirname(volumes)])).toMatchObject({ said: ['VOL-002 PersistentVolumeClaim/data'] });
});

test('what people write proves no absence: nothing is guessed, and it says so', async () => {
  const objects = waitsFor('web', 'app-setings').filter((o) => o['kind'] === 'Deployment');
  const written = objects.map((o) => ({ ...o, metadata: { name: 'web', namespace: 'shop' } }));
  const got = await look([put('web.yaml', written.map((o) => stringify(o)).join('---\n'))]);
  expect(got).toMatchObject({ said: [], unexplained: [] });
  expect(JSON.stringify(got)).toContain('files that people write do not say what else the cluster has');
});

test('only what a dump lists is whole: a kind it leaves out, and a namespace it leaves out, prove nothing', async () => {
  const without = stringify(listOf(waitsFor('web', 'app-setings')));
  expect(await look(['-'], { stdin: without.replace(/configmap .* not found/, 'configmap soon') })).toMatchObject({ said: [] });
  // Where the kubelet itself says that it is missing, it is.
  expect(await look(['-'], { stdin: without })).toMatchObject({ said: ['CFG-001 Deployment/web'] });
  const another = stringify(listOf([...waitsFor('web', 'app-setings'), live(settings('x'))].map((o, i) => (i < 3 ? o : { ...o }))));
  expect(await look(['-'], { stdin: another })).toMatchObject({ said: ['CFG-001 Deployment/web'] });
});

test('logs of a bundle answer as the cluster would', async () => {
  const dump = JSON.stringify({
    kind: 'PodList',
    apiVersion: 'v1',
    items: crashes.filter((o) => o['kind'] === 'Pod').map(({ kind: _k, apiVersion: _v, ...rest }) => rest),
  });
  const rest = stringify(listOf(crashes.filter((o) => o['kind'] !== 'Pod')));
  const line = 'FATAL: environment variable DATABASE_URL is not set';
  for (const [path, text] of [
    [`logs/shop/${pod}/app-previous.log`, `starting\n${line}\n`],
    [`namespaces/shop/pods/${pod}/app/app/logs/previous.log`, `${line}\n`],
    [
      `shop/${pod}/logs.txt`,
      `==== START logs for container app of pod shop/${pod} ====\n${line}\n==== END logs for container app of pod shop/${pod} ====\n`,
    ],
  ] as const) {
    const entries = [
      { name: 'b/pods/shop.json', text: dump },
      { name: 'b/rest.yaml', text: rest },
      { name: `b/${path}`, text },
    ];
    const got = await look([put('bundle.tgz', tgz(entries))]);
    expect(got, path).toMatchObject({ said: ['POD-002 Deployment/checkout'] });
    expect(JSON.stringify(got), path).toContain(line);
  }
});

test('without its log a crash is still told, less surely, and the log is listed as not read', async () => {
  const got = await look(['-'], { stdin: stringify(listOf(crashes)) });
  expect(JSON.stringify(got)).toContain('the files hold no log of these pods');
  expect(got).toMatchObject({
    incomplete: expect.arrayContaining([{ what: 'pods/log in shop', because: 'the files hold no log of these pods' }]),
  });
  const { incidents } = got as { incidents: readonly { rootCause: { confidence: number; resource: { name: string } } }[] };
  expect(incidents.map((i) => [i.rootCause.resource.name, i.rootCause.confidence < 0.7])).toEqual([['checkout', true]]);
});

test('a document that is wrong is named with its line, and the others are read', async () => {
  const good = stringify(listOf([...waitsFor('web', 'app-setings'), live(settings('x'))]));
  const path = put(
    'mixed.yaml',
    `kind: [\n---\n${good}---\nkind: Service\napiVersion: v1\nmetadata: { name: s }\nspec: { ports: [{ port: "eighty" }] }\n`,
  );
  const got = await look([path, join(dir, 'absent.yaml')]);
  expect(got).toMatchObject({
    said: ['CFG-001 Deployment/web'],
    incomplete: expect.arrayContaining([
      { what: expect.stringMatching(/mixed\.yaml:\d+$/), because: expect.stringContaining('it is no YAML') },
      { what: expect.stringMatching(/mixed\.yaml:\d+$/), because: expect.stringContaining('it is no valid Service: spec.ports.0.port') },
      { what: join(dir, 'absent.yaml'), because: 'there is no such file' },
    ]),
  });
});

test('where nothing can be read it fails in words', async () => {
  expect(await look([put('notes.yaml', 'hello: world\n')])).toMatchObject({
    code: 'bad-input',
    message: expect.stringContaining('there is no Kubernetes object in it'),
  });
  expect(await look([put('x.tgz', 'no archive')])).toMatchObject({
    message: expect.stringContaining('it is not a gzip file, or it is damaged'),
  });
  expect(await look([join(dir, 'absent')])).toMatchObject({ message: expect.stringContaining('there is no such file') });
  expect(await look(['-'])).toMatchObject({ code: 'bad-input' });
});

test('an archive that unpacks to more than was agreed is not read to its end', async () => {
  const bomb = tgz([{ name: 'pods.json', text: ' '.repeat(5 * 2 ** 20) }]);
  expect(bomb.length).toBeLessThan(10_000);
  expect(await look([put('bomb.tgz', bomb)], { limits: { mostBytes: 2 ** 20 } })).toMatchObject({
    message: expect.stringContaining('it unpacks to more than 1 MiB'),
  });
});

test('links in a folder are not followed', async () => {
  put('in/a.yaml', stringify(settings('a')));
  symlinkSync(dir, join(dir, 'in', 'loop'));
  symlinkSync(put('secret.yaml', stringify(settings('b'))), join(dir, 'in', 'b.yaml'));
  expect(await look([join(dir, 'in')])).toMatchObject({ objects: 1 });
});

test('one object can be asked about, by any word for its kind; a name that several have is asked back', async () => {
  const ready = {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [container('app', running(), { ready: true })],
  };
  const healthy = workload({ name: 'api', spec: { containers: [{ name: 'app', image: 'x:1' }] }, status: ready }).map(live);
  const stdin = stringify(
    listOf([
      ...waitsFor('web', 'gone'),
      ...waitsFor('web', 'gone', 'mall'),
      ...healthy,
      ...['shop', 'mall'].map((n) => live(settings('x', n))),
    ]),
  );
  expect(await look(['-'], { stdin, resource: 'deploy/web', namespaces: ['mall'] })).toMatchObject({
    said: ['CFG-001 Deployment/web'],
    about: { resource: { namespace: 'mall' } },
  });
  expect(await look(['-'], { stdin, resource: 'deploy/api' })).toMatchObject({ said: [], about: { resource: { name: 'api' } } });
  expect(await look(['-'], { stdin, resource: 'deployments/web' })).toMatchObject({
    code: 'bad-input',
    hint: '  deployment/web -n mall\n  deployment/web -n shop',
  });
  expect(await look(['-'], { stdin, resource: 'po/api' })).toMatchObject({ about: { resource: { name: 'api-r1-x' } } });
  expect(await look(['-'], { stdin, resource: 'deploy/ap1' })).toMatchObject({ code: 'not-found', hint: 'Did you mean deployment/api?' });
  expect(await look(['-'], { stdin, resource: 'deplyments/api' })).toMatchObject({ hint: 'Did you mean deployments/api?' });
});

test('values of Secrets are not in what is said, nor is any text obeyed', async () => {
  const secret = live({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 's', namespace: 'shop' },
    stringData: { password: 'hunter2-value' },
  });
  const got = await look(['-'], { stdin: stringify(listOf([secret, ...waitsFor('web', 'gone'), live(settings('x'))])) });
  expect(JSON.stringify(got)).not.toContain('hunter2-value');
});

test('objects of custom kinds say how they are, also without the definition of their kind', async () => {
  const conditions = [{ type: 'Ready', status: 'False', reason: 'NoWater', message: 'dry', lastTransitionTime: '2026-03-01T10:00:00Z' }];
  const field = live({
    apiVersion: 'farm.example/v1',
    kind: 'Field',
    metadata: { name: 'north', namespace: 'shop' },
    status: { conditions },
  });
  expect(await look(['-'], { stdin: stringify(field) })).toMatchObject({ said: ['CRX-001 Field/north'] });
});

test('the moment that is judged is that of the dump', async () => {
  const stdin = stringify(listOf([live(settings('x'))]));
  expect(await look(['-'], { stdin })).toMatchObject({ scannedAt: new Date(NOW).toISOString() });
  const dated = stringify(
    listOf([live({ ...settings('x'), metadata: { name: 'x', namespace: 'shop', creationTimestamp: '2026-03-01T10:00:00Z' } })]),
  );
  expect(await look(['-'], { stdin: dated })).toMatchObject({ scannedAt: '2026-03-01T10:05:00.000Z' });
});

test('a namespace that does not go is told of to who asks about that namespace, and to nobody who asks about another', async () => {
  const namespace = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'old', deletionTimestamp: '2026-03-31T22:00:00Z', resourceVersion: '7', uid: 'u' },
    spec: { finalizers: ['kubernetes'] },
    status: {
      phase: 'Terminating',
      conditions: [
        { type: 'NamespaceFinalizersRemaining', status: 'True', reason: 'SomeFinalizersRemain', message: 'x in 1 resource instances' },
      ],
    },
  };
  const path = put('namespaces.yaml', stringify({ apiVersion: 'v1', kind: 'NamespaceList', items: [namespace] }));
  expect(await look([path], { namespaces: ['old'] })).toMatchObject({ said: ['NSP-001 Namespace/old'] });
  expect(await look([path], { namespaces: ['new'] })).toMatchObject({ said: [] });
});
