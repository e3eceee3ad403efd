import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Change, type Finding, type Relation, type ResourceRef, IncidentSchema, refKey } from '../contract/index.ts';
import { foldIncidents } from './incident.ts';
import { NOW, at, finding } from './samples.ts';

const edge = (words: string): Relation => {
  const [from = '', type = '', to = ''] = words.split(' ');
  return { from: at(from), type: type as Relation['type'], to: at(to) };
};
const fold = (findings: readonly Finding[], relations: readonly string[] = [], more: Partial<Parameters<typeof foldIncidents>[0]> = {}) =>
  foldIncidents({ context: 'prod', findings, relations: relations.map(edge), advice: new Map(), previous: [], now: NOW, ...more });
/** `root <- symptom, symptom`, sorted. */
const shape = (findings: readonly Finding[], relations: readonly string[] = []) =>
  fold(findings, relations)
    .map((i) =>
      `${i.rootCause.code} <- ${i.symptoms
        .map((s) => s.code)
        .sort()
        .join(', ')}`.trim(),
    )
    .sort();
const symptom = (code: string, subject: string, more: Partial<Finding> = {}) => finding(code, subject, { role: 'symptom', ...more });
const affects = (...words: string[]): { affects: ResourceRef[] } => ({ affects: words.map(at) });

const SHOP = [
  'Pod/web-1 ownedBy Deployment/web',
  'Service/web selects Deployment/web',
  'Deployment/web references ConfigMap/app',
  'Deployment/front calls Service/web',
  'Ingress/front calls Service/front',
  'Service/front selects Deployment/front',
];

test('a Service without endpoints is a symptom of what keeps its pods from starting', () => {
  const config = finding('CFG-001', 'Deployment/web', affects('Pod/web-1'));
  expect(shape([config, symptom('SVC-002', 'Service/web'), symptom('ROL-001', 'Deployment/web')], SHOP)).toEqual([
    'CFG-001 <- ROL-001, SVC-002',
  ]);
});

test('an owner suffers from what ails its pods', () => {
  const node = finding('NOD-001', 'Node/n1', affects('Pod/web-1'));
  expect(shape([node, symptom('ROL-001', 'Deployment/web')], SHOP)).toEqual(['NOD-001 <- ROL-001']);
});

test('a caller that crashes because what it calls is down is a symptom of that', () => {
  const findings = [
    finding('CFG-001', 'Deployment/web'),
    symptom('SVC-002', 'Service/web'),
    symptom('POD-004', 'Deployment/front'),
    symptom('SVC-002', 'Service/front'),
  ];
  expect(shape(findings, SHOP)).toEqual(['CFG-001 <- POD-004, SVC-002, SVC-002']);
});

test('what is called and serves is not to blame: a noisy neighbour is another incident', () => {
  const noisy = finding('IMG-001', 'Deployment/web', affects('Pod/web-2'));
  expect(shape([noisy, symptom('POD-004', 'Deployment/front')], SHOP)).toEqual(['IMG-001 <-', 'POD-004 <-']);
});

test('a cause does not explain what it needs, only what needs it', () => {
  const caller = finding('CFG-001', 'Deployment/front');
  expect(shape([caller, symptom('POD-004', 'Deployment/web')], SHOP)).toEqual(['CFG-001 <-', 'POD-004 <-']);
});

test('a symptom goes to the fault in its own object before one it merely suffers from', () => {
  const findings = [
    finding('CFG-001', 'Deployment/web', affects('Service/web', 'Deployment/front')),
    finding('IMG-001', 'Deployment/front', { severity: 'medium' }),
    symptom('ROL-001', 'Deployment/front'),
  ];
  expect(shape(findings, SHOP)).toEqual(['CFG-001 <-', 'IMG-001 <- ROL-001']);
});

test('that a caller suffers does not make its own fault the cause', () => {
  const findings = [
    finding('CFG-001', 'Deployment/web'),
    finding('IMG-001', 'Deployment/front'),
    symptom('SVC-002', 'Service/web', affects('Deployment/front')),
  ];
  expect(shape(findings, SHOP)).toEqual(['CFG-001 <- SVC-002', 'IMG-001 <-']);
});

test('two independent faults are two incidents', () => {
  expect(shape([finding('CFG-001', 'Deployment/web'), finding('IMG-001', 'Deployment/cart')], SHOP)).toEqual(['CFG-001 <-', 'IMG-001 <-']);
});

test('two sure faults of one object are two incidents', () => {
  const field = (n: number) => ({ field: `spec.template.spec.containers[${n}].image` });
  expect(shape([finding('IMG-001', 'Deployment/web', field(0)), finding('PRB-001', 'Deployment/web', field(1))])).toHaveLength(2);
});

test('a finding that only says that something is wrong is folded under one that says what', () => {
  const vague = finding('POD-004', 'Deployment/web', { confidence: 0.5, ...affects('Pod/web-1') });
  expect(shape([vague, finding('IMG-001', 'Deployment/web', affects('Pod/web-1'))])).toEqual(['IMG-001 <- POD-004']);
});

test('but not where it is about another container or other pods', () => {
  const vague = finding('POD-004', 'Deployment/web', { confidence: 0.5, field: 'spec.template.spec.containers[0].command' });
  const sidecar = finding('IMG-001', 'Deployment/web', { field: 'spec.template.spec.containers[1].image' });
  expect(shape([vague, sidecar])).toEqual(['IMG-001 <-', 'POD-004 <-']);
  const [one, other] = [
    finding('POD-004', 'Deployment/web', { confidence: 0.5, ...affects('Pod/web-1') }),
    finding('SCH-001', 'Deployment/web', affects('Pod/web-2')),
  ];
  expect(shape([one, other])).toEqual(['POD-004 <-', 'SCH-001 <-']);
});

test('one missing object named in two fields is one incident; two missing objects are two', () => {
  const missing = (field: string, wanted: string, object = '') =>
    finding('CFG-001', 'Deployment/web', { field, params: { wanted, object, fields: field } });
  expect(shape([missing('volumes[0]', 'app'), missing('envFrom[0]', 'app')])).toEqual(['CFG-001 <- CFG-001']);
  expect(shape([missing('volumes[0]', 'app'), missing('envFrom[0]', 'cert')])).toEqual(['CFG-001 <-', 'CFG-001 <-']);
  expect(shape([missing('env[0]', 'url', 'app'), missing('env[1]', 'url', 'db')])).toEqual(['CFG-001 <-', 'CFG-001 <-']);
});

test('a remark does not explain that something is down', () => {
  expect(shape([finding('BST-001', 'Deployment/web', { severity: 'low' }), symptom('POD-004', 'Deployment/web')])).toEqual([
    'BST-001 <-',
    'POD-004 <-',
  ]);
});

test('what is to come is no cause of what is wrong now, but in its own object', () => {
  const node = finding('OBS-003', 'Node/n1', { params: { toCome: true } });
  const crash = finding('POD-015', 'Deployment/web', { confidence: 0.68 });
  const slow = finding('OBS-006', 'Deployment/web', { role: 'symptom' });
  const on = ['Deployment/web scheduledOn Node/n1'];
  expect(fold([node, crash, slow], on)).toHaveLength(2);
  expect(fold([{ ...node, params: {} }, crash, slow], on)).toHaveLength(1);
  const leak = finding('OBS-001', 'Deployment/web', { params: { toCome: true } });
  expect(fold([leak, slow], [])).toHaveLength(1);
});

test('symptoms nobody explains stand under the one the others need', () => {
  const findings = [symptom('SVC-002', 'Service/web'), symptom('POD-004', 'Deployment/front'), symptom('POD-004', 'Deployment/web')];
  expect(shape(findings, SHOP)).toEqual(['POD-004 <- POD-004, SVC-002']);
  expect(fold(findings, SHOP)[0]?.rootCause.resource.name).toBe('web');
});

test('relations that go in a circle end', () => {
  const circle = [
    'Deployment/a calls Service/b',
    'Service/b selects Deployment/b',
    'Deployment/b calls Service/a',
    'Service/a selects Deployment/a',
  ];
  expect(shape([symptom('POD-004', 'Deployment/a'), symptom('POD-004', 'Deployment/b')], circle)).toHaveLength(2);
});

test('an incident is one of the contract: worst severity, all evidence once, what was found is not ruled out', () => {
  const evidence = (text: string) => [{ kind: 'event' as const, resource: at('Pod/web-1'), text }];
  const cause = finding('CFG-001', 'Deployment/web', {
    message: 'ConfigMap app does not exist. Create it, or name one that does.',
    evidence: evidence('FailedMount'),
    ruledOut: [
      { hypothesis: 'image', because: 'it is there (IMG-001)' },
      { hypothesis: 'rollout', because: 'it went on (ROL-001)' },
    ],
    ...affects('Pod/web-1'),
  });
  const stuck = symptom('ROL-001', 'Deployment/web', {
    severity: 'critical',
    evidence: [...evidence('FailedMount'), ...evidence('stuck')],
  });
  const previous = fold([cause], [], { now: NOW - 60_000 });
  const [incident, ...rest] = fold([cause, stuck, symptom('SVC-002', 'Service/web')], SHOP, {
    previous,
    advice: new Map([['CFG-001|Deployment/shop/web|', 'say which']]),
  });
  expect(rest).toEqual([]);
  expect(IncidentSchema.parse(incident)).toEqual(incident);
  expect(incident).toMatchObject({
    id: previous[0]?.id,
    title: 'Deployment shop/web: ConfigMap app does not exist',
    severity: 'critical',
    rootCause: { code: 'CFG-001', resource: at('Deployment/web'), confidence: 0.9 },
    affects: [at('Pod/web-1'), at('Service/web')],
    ruledOut: [{ hypothesis: 'image', because: 'it is there (IMG-001)' }],
    advice: 'say which',
    firstSeen: new Date(NOW - 60_000).toISOString(),
    lastSeen: new Date(NOW).toISOString(),
  });
  expect(incident?.evidence.map((e) => e.text)).toEqual(['FailedMount', 'stuck']);
});

test('the same fault in two contexts is two incidents', () => {
  const cause = finding('CFG-001', 'Deployment/web');
  expect(fold([cause])[0]?.id).not.toBe(fold([cause], [], { context: 'staging' })[0]?.id);
});

test('every finding is in exactly one incident, and the order of arrival is no matter', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd');
  const any = fc
    .record({
      code: fc.constantFrom('AAA-001', 'BBB-001', 'CCC-001'),
      subject: fc.tuple(fc.constantFrom('Deployment', 'Service'), name).map(([kind, n]) => `${kind}/${n}`),
      role: fc.constantFrom('cause' as const, 'symptom' as const),
      severity: fc.constantFrom('low' as const, 'medium' as const, 'high' as const),
      confidence: fc.constantFrom(0.5, 0.9),
    })
    .map(({ code, subject, ...more }) => finding(code, subject, more));
  const findings = fc.uniqueArray(any, { maxLength: 8, selector: (f) => `${f.code}|${f.subject.kind}|${f.subject.name}` });
  const relation = fc.oneof(
    fc.tuple(name, name).map(([a, b]) => `Deployment/${a} calls Service/${b}`),
    fc.tuple(name, name).map(([a, b]) => `Service/${a} selects Deployment/${b}`),
  );
  fc.assert(
    fc.property(findings, fc.array(relation, { maxLength: 8 }), (all, relations) => {
      const incidents = fold(all, relations);
      const seen = incidents.flatMap((i) => [
        `${i.rootCause.code} ${i.rootCause.resource.kind} ${i.rootCause.resource.name}`,
        ...i.symptoms.map((s) => `${s.code} ${s.resource.kind} ${s.resource.name}`),
      ]);
      expect(seen.sort()).toEqual(all.map((f) => `${f.code} ${f.subject.kind} ${f.subject.name}`).sort());
      expect(shape([...all].reverse(), relations)).toEqual(shape(all, relations));
    }),
    { numRuns: 500 },
  );
});

test('500 faults with 2,000 affected pods are folded in a moment', () => {
  const pods = Array.from({ length: 2000 }, (_, i) => at(`Pod/web-${i}`));
  const many = Array.from({ length: 500 }, (_, i) => finding('CFG-001', `Deployment/app-${i}`));
  const begun = process.threadCpuUsage();
  const incidents = fold([finding('NOD-001', 'Node/n1', { affects: pods }), symptom('POD-004', 'Deployment/app-1'), ...many]);
  expect(incidents).toHaveLength(501);
  const { user, system } = process.threadCpuUsage(begun);
  expect((user + system) / 1000).toBeLessThan(1000);
});

const change = (about: ResourceRef, minutesBefore: number, more: Partial<Change> = {}): Change => ({
  id: `${refKey(about)}-${minutesBefore}`,
  context: 'prod',
  at: new Date(NOW - minutesBefore * 60_000).toISOString(),
  seenAt: new Date(NOW).toISOString(),
  resource: about,
  type: 'changed',
  by: { manager: 'kubectl' },
  fields: [],
  beforeKnown: true,
  summary: `${about.kind} ${about.name} changed ${minutesBefore} minutes before`,
  count: 1,
  ...more,
});

test('what changed about the cause, and about what it refers to, is evidence; what it was created by and what others did is not', () => {
  const changes = [
    change(at('Deployment/web'), 3),
    change(at('ConfigMap/app'), 50),
    change(at('Deployment/web'), 70, { type: 'created' }),
    change(at('Deployment/other'), 1),
    change(at('Deployment/web'), 60 * 25),
  ];
  const [incident] = fold([finding('CFG-001', 'Deployment/web')], SHOP, { changes });
  expect(incident?.evidence.filter((e) => e.kind === 'change').map((e) => [e.text, e.source])).toEqual([
    ['Deployment web changed 3 minutes before', 'kubectl'],
    ['ConfigMap app changed 50 minutes before', 'kubectl'],
  ]);
});

test('of two causes as near as each other the one that was changed lately explains the symptom', () => {
  const findings = [
    finding('CFG-001', 'ConfigMap/one', affects('Pod/web-1')),
    finding('CFG-002', 'ConfigMap/two', affects('Pod/web-1')),
    symptom('POD-009', 'Pod/web-1'),
  ];
  const shaped = (changes: readonly Change[]) =>
    fold(findings, [], { changes }).map((i) => `${i.rootCause.resource.name} ${i.symptoms.length}`);
  expect(shaped([change(at('ConfigMap/two'), 10)]).sort()).toEqual(['one 0', 'two 1']);
  expect(shaped([change(at('ConfigMap/one'), 10)]).sort()).toEqual(['one 1', 'two 0']);
});

test('one thing that is absent is one incident, however many name it; a name misspelt in several objects is a fault of each', () => {
  const lacks = (subject: string, params: Finding['params']) =>
    finding('CFG-001', subject, { params: { kind: 'Secret', wanted: 'key', ...params } });
  expect(shape([lacks('Deployment/web', {}), lacks('StatefulSet/db', {}), lacks('CronJob/nightly', {})])).toEqual([
    'CFG-001 <- CFG-001, CFG-001',
  ]);
  expect(shape([lacks('Deployment/web', { meant: 'keys' }), lacks('StatefulSet/db', { meant: 'keys' })])).toEqual([
    'CFG-001 <-',
    'CFG-001 <-',
  ]);
  expect(shape([lacks('Deployment/web', {}), lacks('Deployment/pay/web', {}), lacks('StatefulSet/db', { wanted: 'other' })])).toHaveLength(
    3,
  );
});

test('a call that failed, as the log of the caller says, leads to what is wrong behind the Service', () => {
  const findings = [finding('PRB-001', 'Deployment/web', affects('Pod/web-1')), symptom('POD-003', 'Deployment/front')];
  const told = (failed: boolean) =>
    foldIncidents({
      context: 'prod',
      findings,
      relations: SHOP.map(edge).map((r) => (r.type === 'calls' && failed ? { ...r, failed } : r)),
      advice: new Map(),
      previous: [],
      now: NOW,
    }).length;
  expect([told(true), told(false)]).toEqual([1, 2]);
});
