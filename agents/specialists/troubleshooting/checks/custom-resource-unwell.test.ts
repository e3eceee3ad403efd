import { expect, test } from 'vitest';
import { type CustomResourceFact, type Fact, type Probe } from '../../../contract/index.ts';
import { examine } from '../../testing/cluster.ts';
import { advised, told } from '../../testing/told.ts';
import { askItsOperator } from '../remedies/ask-its-operator.ts';
import { customResourceUnwell } from './custom-resource-unwell.ts';

type Raw = Record<string, unknown>;
const schema = { openAPIV3Schema: { properties: { status: { properties: { conditions: { type: 'array' } } } } } };
const crd = (kind: string, more: Raw = {}, version: Raw = { schema }): Raw => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${kind.toLowerCase()}s.farm.example` },
  spec: {
    group: 'farm.example',
    names: { kind, plural: `${kind.toLowerCase()}s` },
    versions: [{ name: 'v1', served: true, storage: true, ...version }],
    ...more,
  },
  status: { conditions: [{ type: 'Established', status: 'True' }] },
});
type Condition = CustomResourceFact['conditions'][number];
const is = (type: string, status: string, more: Partial<Condition> = {}): Condition => ({
  type,
  status,
  reason: 'WellDry',
  message: 'no water in the well',
  at: '2026-03-01T11:50:00.000Z',
  ...more,
});
const object = (name: string, condition: Condition, more: Partial<CustomResourceFact> = {}): CustomResourceFact => ({
  name,
  namespace: 'shop',
  uid: `uid-${name}`,
  suspended: false,
  leaving: false,
  over: false,
  conditions: [condition],
  ...more,
});
const look = (objects: readonly Raw[], answers: Readonly<Record<string, readonly CustomResourceFact[]>>) =>
  examine([customResourceUnwell], [askItsOperator], objects, (probe: Probe): Fact => {
    if (probe.type !== 'customResources') throw new Error('another probe');
    return { ok: true, value: { objects: [...(answers[probe.kind] ?? [])], truncated: false } };
  });

test.each([
  ['Ready', 'False', 'not Ready'],
  ['Available', 'False', 'not Available'],
  ['Synced', 'False', 'not Synced'],
  ['Healthy', 'False', 'not Healthy'],
  ['Degraded', 'True', 'Degraded'],
  ['Failed', 'True', 'Failed'],
  ['Stalled', 'True', 'Stalled'],
])('%s %s is quoted, with no claim to know what it means', (type, status, words) => {
  const report = look([crd('Field')], {
    Field: [object('north', is(type, status)), object('south', is(type, status === 'True' ? 'False' : 'True'))],
  });
  expect(told(report)).toEqual([
    `CRX-001 Field/shop/north status.conditions[type=${type}]: its own status says that it is ${words}: WellDry: no water in the well`,
  ]);
  expect(report.findings[0]).toMatchObject({ severity: 'medium', confidence: 0.6, subject: { apiVersion: 'farm.example/v1' } });
});

test('what is young, being worked on, not yet about the object as it is, suspended or leaving is left alone', () => {
  const bad = is('Ready', 'False');
  const report = look([crd('Field')], {
    Field: [
      object('young', is('Ready', 'False', { at: '2026-03-01T11:59:30.000Z' })),
      object('working', is('Ready', 'False', { reason: 'Progressing', at: '2026-03-01T11:55:00.000Z' })),
      object('unseen', bad, { generation: 3, observedGeneration: 2 }),
      object('unseen-too', is('Ready', 'False', { observedGeneration: 2 }), { generation: 3 }),
      object('suspended', bad, { suspended: true }),
      object('leaving', bad, { leaving: true }),
      object('unknown', is('Ready', 'Unknown')),
      object('other', is('Reconciling', 'True')),
    ],
  });
  expect(told(report)).toEqual([]);
});

test('of objects that own each other the innermost is the cause', () => {
  const bad = is('Ready', 'False');
  const report = look([crd('Farm'), crd('Field')], {
    Farm: [object('estate', bad)],
    Field: [object('north', bad, { owner: 'uid-estate' })],
  });
  expect(told(report).map((t) => t.split(':')[0])).toEqual(['CRX-001 Field/shop/north status.conditions[type=Ready] affects estate']);
});

test('many of one kind with the same words are one finding about the kind', () => {
  const many = Array.from({ length: 7 }, (_, i) => object(`f${i}`, is('Ready', 'False')));
  const [text] = told(look([crd('Field')], { Field: many }));
  expect(text).toContain('CRX-001 CustomResourceDefinition/fields.farm.example');
  expect(text).toContain('7 objects of kind Field say that they are not Ready (WellDry)');
});

test('kinds without conditions, that are not served, or that have checks of their own are not read', () => {
  const objects = [
    crd('Plain', {}, { schema: { openAPIV3Schema: { properties: {} } } }),
    crd('Old', {}, { served: false, schema }),
    { ...crd('New'), status: { conditions: [{ type: 'Established', status: 'False' }] } },
    crd('Gateway', { group: 'gateway.networking.k8s.io' }),
  ];
  expect(look(objects, {}).asked).toEqual([]);
});

test('what may not be read is said, and the rest goes on', () => {
  const report = examine([customResourceUnwell], [], [crd('Farm'), crd('Field')], (probe): Fact => {
    const isField = probe.type === 'customResources' && probe.kind === 'Field';
    if (isField) return { ok: true, value: { objects: [object('north', is('Ready', 'False'))], truncated: false } };
    return { ok: false, failure: { code: 'forbidden', message: 'needs list farms' } };
  });
  expect(told(report)).toHaveLength(1);
  expect(report.incomplete).toContainEqual({ what: 'farms.farm.example', because: 'forbidden: needs list farms' });
});

test('it needs the webhooks that must agree to what its controller writes: of its group, and not those that let things pass', () => {
  const hook = (name: string, group: string, failurePolicy = 'Fail'): Raw => ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name },
    webhooks: [
      {
        name,
        failurePolicy,
        clientConfig: { service: { namespace: 'farm', name } },
        rules: [{ operations: ['CREATE'], apiGroups: [group], apiVersions: ['v1'], resources: ['*'] }],
      },
    ],
  });
  const objects = [crd('Barn'), hook('judge', 'farm.example'), hook('lenient', 'farm.example', 'Ignore'), hook('other', 'apps')];
  const report = look(objects, { Barn: [object('red', is('Ready', 'False'))] });
  expect(
    report.relations.filter((r) => r.failed === true).map((r) => `${r.from.name} ${r.type} ${r.to.namespace ?? ''}/${r.to.name}`),
  ).toEqual(['red calls farm/judge']);
});

const summed = (word: string, message = '', more: Partial<CustomResourceFact> = {}): Partial<CustomResourceFact> => ({
  created: '2026-03-01T08:00:00.000Z',
  conditions: [],
  summary: { words: [{ field: 'phase', word }], message },
  ...more,
});
const fields = (...of: [string, Partial<CustomResourceFact>][]) =>
  told(look([crd('Field')], { Field: of.map(([name, more]) => object(name, is('Ready', 'True'), more)) }));

test.each(['Failed', 'PartiallyFailed', 'FailedValidation', 'Unavailable', 'not-ready', 'red', 'ConfigError', 'Degraded', 'HEALTH_ERR'])(
  'a status that sums itself up as %s is quoted, with what it says beside it',
  (word) => {
    expect(fields(['north', summed(word, 'no water')])).toEqual([
      `CRX-001 Field/shop/north status.phase: its own status says that it is ${word}: no water`,
    ]);
  },
);

test.each(['Available', 'Running', 'Completed', 'Restored', 'green', 'Reduced', 'Digging'])('%s is no complaint', (word) => {
  expect(fields(['north', summed(word, 'the pump failed once')])).toEqual([]);
});

test('what waits and says what for is wrong is told after a while; what merely waits is not', () => {
  const wrong = 'the pump is denied';
  expect(
    fields(
      ['north', summed('pending', wrong)],
      ['east', summed('pending', wrong, { created: '2026-03-01T11:55:00.000Z' })],
      ['west', summed('pending', 'for rain')],
    ),
  ).toEqual([`CRX-001 Field/shop/north status.phase: its own status says that it is pending: ${wrong}`]);
});

test('of runs only the last of a series counts, and for a day', () => {
  const run = (day: string, word: string) => summed(word, 'no water', { over: true, created: `2026-0${day}T08:00:00.000Z` });
  expect(
    fields(
      ['water-20260228', run('2-28', 'Failed')],
      ['water-20260301', run('3-01', 'Completed')],
      ['mow-1', run('3-01', 'Failed')],
      ['mow-north', run('3-01', 'Completed')],
      ['sow-x7k2q', run('2-20', 'Failed')],
    ),
  ).toEqual(['CRX-001 Field/shop/mow-1 status.phase: its own status says that it is Failed: no water']);
});

test('a run that could not be begun is told; what it came to is its own affair', () => {
  expect(
    told(
      look([crd('Field')], {
        Field: [
          object('north', is('Succeeded', 'False', { reason: 'CouldntGetPump' })),
          object('south', is('Succeeded', 'False', { reason: 'Failed' })),
        ],
      }),
    ).map((t) => t.split(':')[0]),
  ).toEqual(['CRX-001 Field/shop/north status.conditions[type=Succeeded]']);
});

test('what names another that is not well waits for that', () => {
  const report = look([crd('Field'), crd('Well')], {
    Field: [
      object('north', is('Ready', 'False', { message: 'Well deep is not ready' })),
      object('south', is('Ready', 'False', { message: 'no seed' })),
    ],
    Well: [object('deep', is('Ready', 'False', { message: 'dry' }))],
  });
  expect(told(report).map((t) => t.split(': ')[0])).toEqual([
    'CRX-001 Field/shop/south status.conditions[type=Ready]',
    'CRX-001 Well/shop/deep status.conditions[type=Ready] affects north',
  ]);
});

test('who owns it is said, also over one in between that says nothing; its pods suffer from it; the longest words come first', () => {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'north-0',
      namespace: 'shop',
      uid: 'p',
      ownerReferences: [{ apiVersion: 'farm.example/v1', kind: 'Field', name: 'north', uid: 'uid-north', controller: true }],
    },
    spec: { containers: [] },
    status: {},
  };
  const stalled = is('Stalled', 'True', { reason: 'GaveUp', message: 'gave up' });
  const report = look([crd('Farm'), crd('Plan'), crd('Field'), pod], {
    Farm: [object('estate', is('Ready', 'False'))],
    Plan: [object('summer', is('Ready', 'True'), { owner: 'uid-estate' })],
    Field: [object('north', stalled, { owner: 'uid-summer', conditions: [stalled, is('Ready', 'False')] })],
  });
  expect(told(report)).toEqual([
    'CRX-001 Field/shop/north status.conditions[type=Ready] affects estate, north-0: its own status says that it is not Ready: WellDry: no water in the well; it is a part of Farm estate',
  ]);
  expect(report.findings[0]?.evidence.map((e) => e.text)).toEqual(['not Ready: WellDry: no water in the well', 'Stalled: GaveUp: gave up']);
  expect(report.advice[0]?.text).toContain('correct in the spec of Farm estate');
});

test('it waits for the workloads that it runs and that are not ready, and for those that its words name', () => {
  const workload = (name: string, owner: string, ready: number): Raw => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'shop', ownerReferences: [{ apiVersion: 'farm.example/v1', kind: 'Field', name: 'north', uid: owner }] },
    spec: { replicas: 1, selector: {}, template: { spec: { containers: [] } } },
    status: { replicas: 1, updatedReplicas: 1, readyReplicas: ready, availableReplicas: ready },
  });
  const report = look([crd('Field'), workload('sower', 'uid-north', 0), workload('mower', 'uid-north', 1), workload('baler', 'else', 0)], {
    Field: [object('north', is('Ready', 'False')), object('south', is('Ready', 'False', { message: 'waits for [Deployment/shop/baler]' }))],
  });
  expect(report.relations.filter((r) => r.failed === true).map((r) => `${r.from.name} ${r.type} ${r.to.name}`)).toEqual([
    'north calls sower',
    'south calls baler',
  ]);
  expect(report.findings.map((f) => f.params['awaits'])).toEqual([true, true]);
});

test('thousands that are unwell at once, with long words, are looked at in no more than their number asks for', () => {
  const all = Array.from({ length: 3_000 }, (_, i) =>
    object(`plot-${i}`, is('Ready', 'False', { reason: `R${i}`, message: `no water ${'x '.repeat(400)}` })),
  );
  const { user } = process.cpuUsage();
  const report = look([crd('Field')], { Field: all });
  expect((process.cpuUsage().user - user) / 1e6).toBeLessThan(5);
  expect(report.findings).toHaveLength(3_000);
});

test('one to which another refers stands for it, and for what that should have made; what refers is no part of it', () => {
  const report = look([crd('Issuer'), crd('Certificate')], {
    Issuer: [object('le', is('Ready', 'False', { message: 'account refused' }))],
    Certificate: [
      object('web-tls', is('Ready', 'False', { message: 'issuing' }), { secret: 'web-tls', refs: [{ kind: 'Issuer', name: 'le' }] }),
    ],
  });
  expect(report.findings.map((f) => [f.subject.kind, f.subject.name, f.params['makes'], f.params['partOf']])).toEqual([
    ['Issuer', 'le', 'Secret/shop/web-tls', undefined],
  ]);
  expect(told(report)[0]).toMatch(/Certificate web-tls waits for it$/);
  const elsewhere = look([crd('Issuer'), crd('Certificate')], {
    Issuer: [object('le', is('Ready', 'False'))],
    Certificate: [object('web-tls', is('Ready', 'False'), { refs: [{ kind: 'Issuer', name: 'le', namespace: 'other' }] })],
  });
  expect(elsewhere.findings).toHaveLength(2);
});

test('a run that is over is not corrected in its spec, but read about and run again', () => {
  const run = object('nightly-20260301', is('Ready', 'True'), {
    over: true,
    created: '2026-03-01T10:00:00.000Z',
    summary: { words: [{ field: 'phase', word: 'PartiallyFailed' }], message: 'errors: 3' },
  });
  const report = look([crd('Backup')], { Backup: [run] });
  expect(told(report)[0]).toContain('PartiallyFailed: errors: 3');
  expect(Object.values(advised(report))[0]).toContain('is a run that is over');
});
