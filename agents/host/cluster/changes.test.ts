import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Change, type Kind, type KubeObject, project } from '../../contract/index.ts';
import { ChangeRecorder } from './changes.ts';

const NOW = Date.parse('2026-11-20T12:00:00.400Z');
const at = (ms: number) => `${new Date(NOW + ms).toISOString().slice(0, 19)}Z`;

/** A recorder fed with raw objects as a session feeds it; `told` after a flush. */
function recorder(now = () => NOW) {
  const told: Change[] = [];
  const own = new ChangeRecorder('east', (changes) => told.push(...changes), now);
  const known = new Map<string, KubeObject>();
  const see = (
    kind: Kind,
    raw: { readonly metadata: { readonly name: string; readonly [field: string]: unknown }; readonly [field: string]: unknown },
    first = false,
  ) => {
    const key = `${kind} ${raw.metadata.name}`;
    const after = project(kind, raw);
    own.observed(kind, `shop/${raw.metadata.name}`, () => known.get(key), after, raw, first);
    known.set(key, after);
  };
  const gone = (kind: Kind, name: string) => {
    const before = known.get(`${kind} ${name}`);
    known.delete(`${kind} ${name}`);
    own.observed(kind, `shop/${name}`, () => before, undefined, undefined, false);
  };
  /** It cannot be read any more, so nothing is told; later it can be again. */
  const hidden = (kind: Kind, name: string) => known.delete(`${kind} ${name}`);
  const flush = () => {
    own.flush();
    return told;
  };
  return { own, see, gone, hidden, flush };
}

const wrote = (manager: string, time: string, fieldsV1: object, subresource?: string) => ({
  manager,
  operation: 'Update',
  time,
  fieldsV1,
  ...(subresource === undefined ? {} : { subresource }),
});
const meta = (name: string, version: string, more: object = {}) => ({
  name,
  namespace: 'shop',
  uid: `uid-${name}`,
  resourceVersion: version,
  ...more,
});
const deployment = (version: string, image: string, more: { metadata?: object; replicas?: number; env?: object[] } = {}) => ({
  metadata: meta('checkout', version, more.metadata),
  spec: {
    replicas: more.replicas ?? 2,
    selector: {},
    template: { spec: { containers: [{ name: 'app', image, env: more.env ?? [] }] } },
  },
  status: { readyReplicas: Number(version) },
});

test('says who changed which field from what to what, and nothing of a status', () => {
  const { see, flush } = recorder();
  see('Deployment', deployment('1', 'app:1'));
  see('Deployment', deployment('2', 'app:1'));
  const image = { 'f:spec': { 'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":"app"}': { 'f:image': {} } } } } } };
  see(
    'Deployment',
    deployment('3', 'app:2', {
      metadata: {
        generation: 7,
        annotations: { 'deployment.kubernetes.io/revision': '4', 'kubernetes.io/change-cause': 'release 2' },
        managedFields: [
          wrote('kube-controller-manager', at(0), { 'f:status': {} }, 'status'),
          wrote('kubectl-label', at(0), { 'f:metadata': { 'f:labels': { 'f:tier': {} } } }),
          wrote('kubectl-set', at(0), image),
        ],
      },
    }),
  );
  const [created, changed, ...more] = flush();
  expect(more).toEqual([]);
  expect(created).toMatchObject({ type: 'created', by: null });
  expect(changed).toMatchObject({
    context: 'east',
    type: 'changed',
    resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'checkout', uid: 'uid-checkout' },
    by: { manager: 'kubectl-set', operation: 'Update', cause: 'release 2' },
    fields: [
      { path: 'spec.template.spec.containers[app].image', from: 'app:1', to: 'app:2', words: 'image of container app app:1 → app:2' },
    ],
    generation: 7,
    revision: '4',
    beforeKnown: true,
    count: 1,
    summary: 'Deployment shop/checkout: image of container app app:1 → app:2, by kubectl-set (release 2)',
  });
});

test('of a ConfigMap or Secret it says which key, and never a value or anything that tells it', () => {
  fc.assert(
    fc.property(
      fc.constantFrom<Kind>('Secret', 'ConfigMap'),
      fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.stringMatching(/^[A-Za-z0-9]{12,40}$/), { maxKeys: 4 }),
      fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.stringMatching(/^[A-Za-z0-9]{12,40}$/), { maxKeys: 4 }),
      (kind, before, after) => {
        const { see, flush } = recorder();
        see(kind, { metadata: meta('s', '1'), data: before });
        see(kind, { metadata: meta('s', '2'), data: after });
        const told = flush().filter((c) => c.type === 'changed');
        const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
        const differ = [...keys].filter((k) => before[k] !== after[k]).sort();
        expect(told.flatMap((c) => c.fields.map((f) => f.path)).sort()).toEqual(differ.map((k) => `data[${k}]`));
        const text = JSON.stringify(told);
        for (const value of [...Object.values(before), ...Object.values(after)]) expect(text).not.toContain(value);
      },
    ),
    { numRuns: 150 },
  );
});

test('a value of the same size is another one all the same; the same value is no change', () => {
  const { see, flush } = recorder();
  for (const [version, password] of [
    ['1', 'Z2VoZWltMQ=='],
    ['2', 'Z2VoZWltMg=='],
    ['3', 'Z2VoZWltMg=='],
  ] as const)
    see('Secret', { metadata: meta('s', version), data: { password } });
  expect(flush().flatMap((c) => c.fields.map((f) => f.words))).toEqual(['key password changed (7 bytes)']);
});

test('a variable that is a credential is masked by its name, another is said', () => {
  const { see, flush } = recorder();
  see('Deployment', deployment('1', 'app:1'));
  see(
    'Deployment',
    deployment('2', 'app:1', {
      env: [
        { name: 'DB_PASSWORD', value: 'geheim123' },
        { name: 'LEVEL', value: 'debug' },
      ],
    }),
  );
  const [, changed] = flush();
  expect(changed?.fields).toMatchObject([
    { path: 'spec.template.spec.containers[app].env[DB_PASSWORD].value', from: null, to: '[masked]' },
    { path: 'spec.template.spec.containers[app].env[LEVEL].value', from: null, to: 'debug' },
  ]);
});

test('at the first reading, what the server remembers of a week is told without what was before', () => {
  const { see, flush } = recorder();
  const replicas = { 'f:spec': { 'f:replicas': {} } };
  see(
    'Deployment',
    deployment('9', 'app:1', {
      metadata: {
        creationTimestamp: at(-30 * 86_400_000),
        managedFields: [
          wrote('helm', at(-30 * 86_400_000), { 'f:spec': {} }),
          wrote('kubectl-scale', at(-3_600_000), replicas),
          wrote('kube-controller-manager', at(-60_000), { 'f:status': {} }, 'status'),
        ],
      },
    }),
    true,
  );
  expect(flush()).toMatchObject([
    {
      at: new Date(Date.parse(at(-3_600_000))).toISOString(),
      type: 'changed',
      by: { manager: 'kubectl-scale' },
      fields: [{ path: 'spec.replicas', from: null, to: null, words: 'replicas written' }],
      beforeKnown: false,
      summary: 'Deployment shop/checkout: replicas written, by kubectl-scale',
    },
  ]);
});

test('a storm of the same change by the same manager is one entry with a count; what is done three times is three', () => {
  let now = NOW;
  const { see, flush } = recorder(() => now);
  for (let n = 1; n <= 30; n++, now += 1_000) see('Deployment', deployment(String(n), 'app:1', { replicas: n }));
  const told = flush().filter((c) => c.type === 'changed');
  expect(told.map((c) => [c.fields[0]?.from, c.fields[0]?.to, c.count])).toEqual([
    ['1', '2', 1],
    ['2', '3', 1],
    ['29', '30', 27],
  ]);
  now += 61_000;
  see('Deployment', deployment('31', 'app:1', { replicas: 1 }));
  expect(flush().at(-1)).toMatchObject({ fields: [{ from: '30', to: '1' }], count: 1 });
});

test('an object made anew under its old name is a deletion and a creation; pods and Jobs of a CronJob are nobody’s change', () => {
  const { see, gone, flush } = recorder();
  see('ConfigMap', { metadata: meta('c', '1') });
  see('ConfigMap', { metadata: { ...meta('c', '2'), uid: 'another' } });
  gone('ConfigMap', 'c');
  const owned = { ownerReferences: [{ apiVersion: 'batch/v1', kind: 'CronJob', name: 'n', uid: 'u', controller: true }] };
  see('Job', { metadata: meta('nightly-1', '1', owned), spec: { template: { spec: {} } } } as never);
  gone('Job', 'nightly-1');
  see('Pod', { metadata: meta('p', '1'), spec: {} } as never);
  expect(flush().map((c) => `${c.resource.kind} ${c.type}`)).toEqual([
    'ConfigMap created',
    'ConfigMap deleted',
    'ConfigMap created',
    'ConfigMap deleted',
  ]);
});

const born = (ms: number) => ({ creationTimestamp: at(ms) });

test('only who wrote since the object was last seen has changed it: a deletion that was asked for is nobody’s', () => {
  const { see, flush } = recorder();
  const spec = { ...born(-86_400_000), managedFields: [wrote('helm', at(-3_600_000), { 'f:spec': { 'f:replicas': {} } })] };
  see('Deployment', deployment('1', 'app:1', { metadata: spec }), true);
  see('Deployment', deployment('2', 'app:1', { metadata: { ...spec, deletionTimestamp: at(0) } }));
  expect(flush().at(-1)).toMatchObject({ by: null, fields: [{ path: 'metadata.deleting' }], at: new Date(NOW).toISOString() });
});

test('a cause goes to the change that it explains, also when it is noted afterwards, and to no later one', () => {
  let now = NOW;
  const { see, flush } = recorder(() => now);
  const by = (manager: string, ms: number) => ({ managedFields: [wrote(manager, at(ms), {})] });
  see('Deployment', deployment('1', 'app:1', { metadata: by('kubectl-create', 0) }));
  see('Deployment', deployment('2', 'app:2', { metadata: by('kubectl-set', 1_000) }));
  const because = { annotations: { 'kubernetes.io/change-cause': 'set env DB_PASSWORD=geheim123 for 4711' } };
  now += 20_000;
  see('Deployment', deployment('3', 'app:2', { metadata: { ...because, ...by('kubectl-annotate', 20_000) } }));
  see('Deployment', deployment('4', 'app:2', { metadata: { ...because, ...by('kubectl-scale', 21_000) }, replicas: 9 }));
  const [created, image, scaled, ...more] = flush();
  expect([created?.by, more]).toEqual([null, []]);
  expect(image?.by).toEqual({ manager: 'kubectl-set', operation: 'Update', cause: 'set env DB_PASSWORD=[masked] for 4711' });
  expect(image?.summary).toMatch(/by kubectl-set \(set env DB_PASSWORD=\[masked\] for 4711\)$/);
  expect(scaled?.by).toEqual({ manager: 'kubectl-scale', operation: 'Update' });
});

test('what was written while nobody looked is told with its own time: created an hour ago, and changed since it was last seen', () => {
  const { see, hidden, flush } = recorder();
  const made = { ...born(-3_600_000), managedFields: [wrote('kubectl-create', at(-3_600_000), { 'f:data': { 'f:a': {} } })] };
  see('ConfigMap', { metadata: meta('late', '1', made) });
  expect(flush()).toMatchObject([{ type: 'created', at: new Date(Date.parse(at(-3_600_000))).toISOString(), beforeKnown: false }]);
  hidden('ConfigMap', 'late');
  const managedFields = [...made.managedFields, wrote('vim', at(-60_000), { 'f:data': { 'f:b': {} } })];
  see('ConfigMap', { metadata: meta('late', '2', { ...made, managedFields }) });
  expect(flush().slice(1)).toMatchObject([
    { type: 'changed', by: { manager: 'vim' }, fields: [{ words: 'key b written' }], beforeKnown: false },
  ]);
});

test('another cluster under the same address is compared with nothing that was there before', () => {
  const { own, see, gone, flush } = recorder();
  own.identified('one');
  see('ConfigMap', { metadata: meta('both', '1', born(0)), data: { a: 'x' } });
  see('ConfigMap', { metadata: meta('only-first', '1', born(0)) });
  expect(flush()).toHaveLength(2);
  own.identified('two');
  see('ConfigMap', { metadata: { ...meta('both', '7', born(-86_400_000 * 30)), uid: 'another' }, data: { a: 'y' } });
  gone('ConfigMap', 'only-first');
  expect(flush()).toHaveLength(2);
});

test('what every namespace has is nobody’s change', () => {
  const { see, flush } = recorder();
  const own = { ...born(0), managedFields: [wrote('kube-controller-manager', at(0), { 'f:data': {} })] };
  see('ConfigMap', { metadata: meta('kube-root-ca.crt', '1', own) });
  expect(flush()).toEqual([]);
});

test('thousands at once: two thousand wait at most, the newest of them', () => {
  const { see, flush } = recorder();
  for (let n = 0; n < 5_000; n++)
    see('ConfigMap', { metadata: meta(`c${n}`, '1', { ...born(-n * 1_000), managedFields: [wrote('helm', at(-n * 1_000), {})] }) }, true);
  const told = flush();
  expect(told.length).toBeGreaterThan(1_000);
  expect(told.length).toBeLessThanOrEqual(2_000);
  expect(told.map((c) => c.resource.name)).toContain('c0');
  expect(told.map((c) => c.resource.name)).not.toContain('c4000');
});

test('what is not recorded costs next to nothing', () => {
  const { own } = recorder();
  const raw = { metadata: meta('p', '1') };
  const after = project('Pod', { ...raw, spec: { containers: [] } });
  const begun = process.threadCpuUsage();
  for (let n = 0; n < 100_000; n++) own.observed('Pod', 'shop/p', () => after, after, raw, false);
  // Five microseconds each, which is fifty times what it takes.
  const { user, system } = process.threadCpuUsage(begun);
  expect((user + system) / 1000).toBeLessThan(500);
});
