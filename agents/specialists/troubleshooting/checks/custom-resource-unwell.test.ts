import { expect, test } from 'vitest';
import { type CustomResourceFact, type Fact, type Probe } from '../../../contract/index.ts';
import { examine } from '../../testing/cluster.ts';
import { told } from '../../testing/told.ts';
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
  conditions: [condition],
  ...more,
});
const look = (objects: readonly Raw[], answers: Readonly<Record<string, readonly CustomResourceFact[]>>) =>
  examine([customResourceUnwell], [], objects, (probe: Probe): Fact => {
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
