import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { ActionSpec, PastIncident, Plan, ResourceRef } from '../../agents/contract/index.ts';
import { commandsIn } from '../../agents/core/knowledge/kubectl.ts';
import { amendedRunbook } from '../../agents/core/report/runbook.ts';
import { commandsIn as learnedCommands } from '../../agents/core/report/runbook-commands.ts';
import { GUIDES, RUNBOOKS } from '../../agents/host/knowledge/built-in/sources.ts';
import { clusterStatus, up } from '../cluster/cluster.ts';

/**
 * What a runbook or a guide tells people to type is what a real API server would take: each command that changes something is run as a dry
 * run of the server's, on objects that are there by the names the pages leave open; each that reads, is run; each manifest is applied dry.
 */

const run = Date.now().toString(36).slice(-5);
const NAMESPACE = `runbooks-${run}`;
/** Of what belongs to no namespace. */
const WIDE = `web-${run}`;
const AT_ONCE = 4;

let kubeconfig: string;
let context: string;
let dir: string;
let node: string;

const words = (line: string) => line.split(' ');
const flags = () => ['--kubeconfig', kubeconfig, '--context', context];
const kubectl = (...args: readonly string[]) =>
  execFileSync('kubectl', [...args, ...flags()], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** Undefined where it was taken, else what the server or kubectl says of it. */
function refusal(program: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((done) => {
    execFile(program, args, { cwd: dir, timeout: 60_000, maxBuffer: 2 ** 26 }, (error, _out, said) =>
      done(error === null ? undefined : said.trim() === '' ? error.message : said.trim()),
    );
  });
}

async function refused<T>(all: readonly T[], named: (one: T) => string, ask: (one: T) => Promise<string | undefined>): Promise<string[]> {
  const wrong: string[] = [];
  const left = [...all];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let one = left.shift(); one !== undefined; one = left.shift()) {
        const because = await ask(one);
        if (because !== undefined) wrong.push(`${named(one)}: ${because}`);
      }
    }),
  );
  return wrong;
}

const labels = { app: 'web' };
const template = {
  metadata: { labels },
  spec: { containers: [{ name: 'web', image: 'registry.example/web:1', ports: [{ name: 'http', containerPort: 8080 }] }] },
};
const once = { ...template.spec, restartPolicy: 'Never' };
const object = (apiVersion: string, kind: string, more: object, name = 'web') => ({ apiVersion, kind, metadata: { name }, ...more });
const claim = (name: string) =>
  object(
    'v1',
    'PersistentVolumeClaim',
    { spec: { accessModes: ['ReadWriteOnce'], storageClassName: WIDE, resources: { requests: { storage: '1Gi' } } } },
    name,
  );

/** One of each kind that a runbook changes, all by one name. Nothing runs: the workloads are kept off every node, or have no pods. */
const OBJECTS = [
  object('v1', 'ConfigMap', { data: { KEY: 'value' } }),
  object('v1', 'Secret', { stringData: { KEY: 'value' } }),
  object('v1', 'ServiceAccount', {}),
  object('v1', 'Service', { spec: { selector: labels, ports: [{ name: 'http', port: 80, targetPort: 'http' }] } }),
  object('apps/v1', 'Deployment', { spec: { replicas: 0, selector: { matchLabels: labels }, template } }),
  object('apps/v1', 'DaemonSet', {
    spec: {
      selector: { matchLabels: labels },
      template: { ...template, spec: { ...template.spec, nodeSelector: { 'runbooks.test/none': 'here' } } },
    },
  }),
  object('apps/v1', 'StatefulSet', { spec: { replicas: 0, serviceName: 'web', selector: { matchLabels: labels }, template } }),
  object('batch/v1', 'CronJob', { spec: { schedule: '0 3 * * *', suspend: true, jobTemplate: { spec: { template: { spec: once } } } } }),
  object('batch/v1', 'Job', { spec: { suspend: true, template: { spec: once } } }),
  object('networking.k8s.io/v1', 'Ingress', { spec: { defaultBackend: { service: { name: 'web', port: { number: 80 } } } } }),
  object('networking.k8s.io/v1', 'NetworkPolicy', { spec: { podSelector: { matchLabels: labels } } }),
  object('policy/v1', 'PodDisruptionBudget', { spec: { minAvailable: 1, selector: { matchLabels: labels } } }),
  object('autoscaling/v2', 'HorizontalPodAutoscaler', {
    spec: { maxReplicas: 5, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } },
  }),
  object('v1', 'ResourceQuota', { spec: { hard: { 'count/pods': '100' } } }),
  object('scheduling.k8s.io/v1', 'PriorityClass', { value: 1 }, WIDE),
  object('rbac.authorization.k8s.io/v1', 'RoleBinding', {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'web' },
  }),
  object('rbac.authorization.k8s.io/v1', 'Role', { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] }),
  object(
    'v1',
    'Pod',
    {
      spec: {
        restartPolicy: 'Never',
        // What asks for some memory may ask for other; what asks for none may not begin to.
        containers: once.containers.map((container) => ({ ...container, resources: { requests: { memory: '64Mi' } } })),
        nodeSelector: { 'runbooks.test/none': 'here' },
      },
    },
    'web-0',
  ),
  claim('web'),
  object('storage.k8s.io/v1', 'StorageClass', { provisioner: 'kubernetes.io/no-provisioner', allowVolumeExpansion: true }, WIDE),
  object(
    'v1',
    'PersistentVolume',
    {
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteOnce'],
        storageClassName: WIDE,
        persistentVolumeReclaimPolicy: 'Retain',
        hostPath: { path: `/var/empty/${WIDE}` },
        claimRef: { namespace: NAMESPACE, name: 'web' },
      },
    },
    WIDE,
  ),
];

beforeAll(async () => {
  const known = await clusterStatus();
  const cluster = known.ready ? known : await up();
  kubeconfig = cluster.kubeconfig;
  context = cluster.contexts[0] ?? '';
  dir = mkdtempSync(join(tmpdir(), 'runbook-commands-'));
  [node = ''] = words(kubectl('get', 'nodes', '-o', 'jsonpath={.items[*].metadata.name}'));
  kubectl('create', 'namespace', NAMESPACE);
  writeFileSync(join(dir, 'all.yaml'), OBJECTS.map((one) => stringify(one)).join('---\n'));
  kubectl('create', '-n', NAMESPACE, '-f', join(dir, 'all.yaml'));
  // A revision to go back to, and a claim that may grow.
  kubectl('set', 'image', 'deployment/web', 'web=registry.example/web:2', '-n', NAMESPACE);
  kubectl('wait', 'persistentvolumeclaim/web', '-n', NAMESPACE, '--for=jsonpath={.status.phase}=Bound', '--timeout=60s');
  kubectl('wait', 'replicasets', '-l', 'app=web', '-n', NAMESPACE, '--for=create', '--timeout=60s');
  // Files the runbooks tell people to have.
  const files = {
    CONFIGMAP: object('v1', 'ConfigMap', { data: { KEY: 'other' } }),
    ROLE: object('rbac.authorization.k8s.io/v1', 'ClusterRole', { rules: [] }, WIDE),
    CLAIM: claim('another'),
    MANIFEST: object('v1', 'ConfigMap', { data: {} }, 'fresh'),
    SERVICE: object('v1', 'Service', { spec: { clusterIP: 'None', selector: labels, ports: [{ port: 80 }] } }, 'peers'),
    DEFINITION: {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'things.runbooks.test' },
      spec: {
        group: 'runbooks.test',
        scope: 'Namespaced',
        names: { plural: 'things', kind: 'Thing' },
        versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
      },
    },
  };
  for (const [name, one] of Object.entries(files)) writeFileSync(join(dir, `${name}.yaml`), stringify(one));
  mkdirSync(join(dir, 'manifests'));
  writeFileSync(join(dir, 'manifests/fresh.yaml'), stringify(files.MANIFEST));
  writeFileSync(join(dir, 'PATH'), '{"auths":{}}');
  execFileSync('openssl', words('req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=web.example -keyout KEY.pem -out CERTIFICATE.pem'), {
    cwd: dir,
    stdio: 'pipe',
  });
}, 300_000);

afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
  kubectl('delete', 'namespace', NAMESPACE, '--wait=false', '--ignore-not-found');
  kubectl('delete', `persistentvolume/${WIDE}`, `storageclass/${WIDE}`, `priorityclass/${WIDE}`, '--wait=false', '--ignore-not-found');
}, 120_000);

/** What stands for what a person would fill in. Longer names before those they begin with. */
const PLACES: readonly (readonly [RegExp, string])[] = [
  [/\bNAMESPACE\b/g, NAMESPACE],
  [/\bNODE\b/g, 'the-node'],
  [/\bREGISTRY\/PATH:TAG\b/g, 'registry.example/web:3'],
  [/\b(?:HOST)\b/g, 'web.example'],
  [/\bKIND\b/g, 'configmap'],
  [/\bPOD\b/g, 'web-0'],
  [/\b(?:NAME|OTHER|CONTAINER|SERVICE|CONFIGMAP|SECRET|ROLE|TARGET|CLASS|CRONJOB|CLAIM|ACCOUNT)\b(?!\.yaml)/g, 'web'],
  [/\bIMAGE\b/g, 'registry.example/web:1'],
];
/** Kinds of the whole cluster are there by a name no other run has. */
const filled = (word: string, wide: boolean) =>
  PLACES.reduce((text, [place, by]) => text.replaceAll(place, wide && by === 'web' ? WIDE : by), word).replaceAll('the-node', node);

const READS = new Set(['get', 'describe', 'auth', 'api-resources', 'api-versions', 'explain', 'diff']);
/** These look at a running program, or need one: their words are held against kubectl's own in the tests of the runbooks. */
const LIVE = new Set([
  'logs',
  'exec',
  'debug',
  'port-forward',
  'top',
  'events',
  'wait',
  'attach',
  'cp',
  'config',
  'version',
  'cluster-info',
]);
const OF_ALL = /^(?:persistentvolumes?|pv|storageclass(?:es)?|priorityclass(?:es)?|clusterroles?|clusterrolebindings?)(?:\/|$)/;

/** Kinds that clusters have with a Gateway controller, cert-manager, External Secrets, a mesh or snapshots of volumes. */
const NOT_EVERYWHERE =
  /(?:have a resource type|no matches for kind) "(?:gateway(?:class)?(?:es|s)?|httproutes?|referencegrants|certificates?|certificaterequests|externalsecrets|volumesnapshots|virtualservices?|destinationrules?)"/i;

interface Typed {
  readonly page: string;
  readonly args: readonly string[];
}

const isDry = (word: string) => word.startsWith('--dry-run');

/** As it is run: what changes something is a dry run of the server's, and what no dry run exists for is what it comes to. */
function asRun(all: readonly string[]): readonly string[] {
  const [verb = '', second = '', ...rest] = all;
  if (READS.has(verb)) return all;
  // Nothing is kept of a token.
  if (verb === 'create' && second === 'token') return all;
  // There is nothing to try a signature out with: no request waits.
  if (verb === 'certificate') return ['get', 'certificatesigningrequests', ...rest];
  // A terminal takes no dry run, and what is run in it is another program's.
  if (verb === 'run') {
    const own = all.includes('--') ? all.slice(0, all.indexOf('--')) : all;
    return [...own.filter((word) => !/^(?:--rm|-it)$/.test(word)), '--dry-run=server'];
  }
  // A person edits what is there.
  if (verb === 'edit') return ['get', second, ...rest];
  if (verb === 'set' && second === 'env' && rest.includes('--list')) return all;
  if (verb === 'rollout' && second === 'restart') {
    // A patch is of one object.
    if (rest.includes('-l')) return ['get', ...rest];
    const annotations = { 'kubectl.kubernetes.io/restartedAt': '2026-01-01T00:00:00Z' };
    const patch = JSON.stringify({ spec: { template: { metadata: { annotations } } } });
    return ['patch', ...rest, '-p', patch, '--dry-run=server'];
  }
  if (verb === 'rollout' && second !== 'undo') return ['rollout', 'history', ...rest.filter((word) => !/^--(?:timeout|watch)/.test(word))];
  // What is taken away must be there: the same taint is put, which the server judges alike.
  const given = verb === 'taint' ? all.map((word) => word.replace(/(:\w+)-$/, '$1')) : all;
  // What is made is not there yet; what it is made from is.
  if (verb === 'create') return [...all.map((word) => (word === 'web' ? 'fresh' : word)), ...(all.some(isDry) ? [] : ['--dry-run=server'])];
  const mine = verb === 'drain' ? [...given, '--pod-selector=app=web', '--force'] : given;
  return mine.some(isDry) ? mine : [...mine, '--dry-run=server'];
}

const pagesIn = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((page) => ({ page, text: readFileSync(join(folder, page), 'utf8') }));

test.each([
  ['runbooks', RUNBOOKS],
  ['guides', GUIDES],
])('every command of the shipped %s is taken by the API server', { timeout: 900_000 }, async (what, folder) => {
  const seen = new Map<string, Typed>();
  let told = 0;
  for (const { page, text } of pagesIn(folder)) {
    for (const {
      words: [program, ...typed],
    } of commandsIn(text)) {
      // What comes out of another program is not there to be read.
      if (program !== 'kubectl' || LIVE.has(typed[0] ?? '') || typed.includes('-')) continue;
      told += 1;
      const wide = typed.some((word) => OF_ALL.test(word));
      const args = asRun(typed.map((word) => filled(word, wide)));
      if (!seen.has(args.join(' '))) seen.set(args.join(' '), { page, args });
    }
  }
  const absent: string[] = [];
  const wrong = await refused(
    [...seen.values()],
    ({ page, args }) => `${page}: kubectl ${args.join(' ')}`,
    async ({ args }) => {
      const because = await refusal('kubectl', [...args, ...flags()]);
      if (NOT_EVERYWHERE.test(because ?? '')) {
        absent.push(args.join(' '));
        return undefined;
      }
      // To read what is not there is no fault of the words; `auth can-i` and `diff` end with 1, and no error, where the answer is no.
      const read = READS.has(args[0] ?? '');
      return read && /\(NotFound\)|not found|^Command failed/.test(because ?? '') ? undefined : because;
    },
  );
  process.stdout.write(
    `shipped ${what}: ${told} commands, ${seen.size} different; ${absent.length} ask for kinds this cluster does not have; of the others ${seen.size - absent.length - wrong.length} of ${seen.size - absent.length} are taken by the API server\n`,
  );
  expect(wrong).toEqual([]);
  expect(seen.size).toBeGreaterThan(100);
});

/** The manifests of a page; what is a part of one is the spec of a pod, in a template. */
function manifestsIn(text: string): string[] {
  return [...text.matchAll(/^```yaml\n([\s\S]+?)^```$/gm)].map(([, block = '']) => {
    const given = parse(filled(block, false)) as { apiVersion?: string; metadata?: object };
    const spec = { ...template.spec, ...given };
    const made =
      given.apiVersion === undefined
        ? object('apps/v1', 'Deployment', { spec: { selector: { matchLabels: labels }, template: { ...template, spec } } }, 'fresh')
        : { ...given, metadata: { ...given.metadata, name: 'fresh' } };
    return stringify(made);
  });
}

test('every manifest in the guides is taken by the API server, without a warning', { timeout: 300_000 }, async () => {
  const manifests = pagesIn(GUIDES).flatMap(({ page, text }) => manifestsIn(text).map((manifest) => ({ page, manifest })));
  const wrong = await refused(
    manifests.map((one, n) => ({ ...one, file: join(dir, `guide-${n}.yaml`) })),
    ({ page }) => page,
    async ({ manifest, file }) => {
      writeFileSync(file, manifest);
      const apply = ['create', '-f', file, '-n', NAMESPACE, '--dry-run=server', '--warnings-as-errors'];
      const because = await refusal('kubectl', [...apply, ...flags()]);
      return NOT_EVERYWHERE.test(because ?? '') ? undefined : because;
    },
  );
  expect(wrong).toEqual([]);
  expect(manifests.length).toBeGreaterThan(5);
});

const ref = (apiVersion: string, kind: string, name = 'web'): ResourceRef => ({ apiVersion, kind, namespace: NAMESPACE, name });

/** One of each type of action, several where what it is done to makes a difference. */
const SPECS: readonly ActionSpec[] = [
  {
    type: 'patch',
    target: ref('v1', 'Service'),
    ops: [
      { op: 'test', path: '/spec/selector/app', value: 'another' },
      { op: 'replace', path: '/spec/selector/app', value: 'web' },
    ],
  },
  {
    type: 'patch',
    target: ref('apps/v1', 'Deployment'),
    ops: [{ op: 'add', path: '/spec/template/metadata/annotations', value: { note: `it's "quoted"; $(no)` } }],
  },
  { type: 'patch', target: ref('batch/v1', 'CronJob'), ops: [{ op: 'replace', path: '/spec/suspend', value: false }] },
  { type: 'patch', target: ref('networking.k8s.io/v1', 'Ingress'), ops: [{ op: 'add', path: '/spec/ingressClassName', value: 'nginx' }] },
  { type: 'patch', target: ref('v1', 'ConfigMap'), ops: [{ op: 'add', path: '/data/a.b', value: 'two\nlines' }] },
  { type: 'scale', target: ref('apps/v1', 'Deployment'), replicas: 3 },
  { type: 'scale', target: ref('apps/v1', 'StatefulSet'), replicas: 0 },
  { type: 'restart-rollout', target: ref('apps/v1', 'Deployment') },
  { type: 'restart-rollout', target: ref('apps/v1', 'DaemonSet') },
  { type: 'undo-rollout', target: ref('apps/v1', 'Deployment'), revision: 1 },
  {
    type: 'create',
    target: ref('v1', 'ConfigMap', 'made'),
    manifest: {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'made', namespace: NAMESPACE },
      data: { text: "END\nit's $HOME `id`" },
    },
  },
  {
    type: 'create',
    target: ref('v1', 'ServiceAccount', 'made'),
    manifest: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'made', namespace: NAMESPACE } },
  },
  { type: 'delete', target: ref('v1', 'Pod', 'web-0') },
  { type: 'delete', target: ref('batch/v1', 'Job') },
];

test(
  'every command of a runbook that was written after an incident passes a server-side dry run, whatever was done',
  { timeout: 300_000 },
  async () => {
    const commands = SPECS.map((spec, n) => {
      const time: PastIncident = {
        id: `inc-${n}`,
        context,
        title: 'It did not work',
        severity: 'high',
        code: 'SVC-001',
        resource: spec.target,
        message: 'It did not work.',
        symptoms: [],
        openedAt: '2026-04-01T10:00:00.000Z',
        resolvedAt: '2026-04-01T10:05:00.000Z',
        opened: 1,
        resolved: 9,
        plans: [{ plan: 'p', remedy: 'r', title: 'Do it', state: 'done', because: 'gone', settled: 8 }],
      };
      const plan = { id: 'p', actions: [{ target: spec.target, spec }] } as unknown as Plan;
      const [command = ''] = learnedCommands(
        amendedRunbook(undefined, { code: 'SVC-001', title: 'A check', doc: 'It fails.' }, time, [plan]),
      );
      return { spec, command };
    });
    expect(commands.filter(({ command }) => !command.startsWith('kubectl '))).toEqual([]);
    const wrong = await refused(
      commands,
      ({ command }) => command,
      ({ spec, command }) => {
        // kubectl has no dry run of a restart: it is this patch.
        const typed =
          spec.type === 'restart-rollout'
            ? `${command.replace('rollout restart', 'patch')} -p '{"spec":{"template":{"metadata":{"annotations":{"kubectl.kubernetes.io/restartedAt":"2026-01-01T00:00:00Z"}}}}}'`
            : command;
        // Behind the verb, before what is read from the lines that follow.
        const verb = /^kubectl (?:rollout )?\w+/;
        return refusal('bash', ['-c', typed.replace(verb, (said) => `${said} --dry-run=server ${flags().join(' ')}`)]);
      },
    );
    process.stdout.write(
      `runbooks after incidents: ${commands.length - wrong.length} of ${commands.length} commands pass a server-side dry run\n`,
    );
    expect(wrong).toEqual([]);
  },
);
