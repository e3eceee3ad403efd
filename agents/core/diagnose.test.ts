import { expect, test } from 'vitest';
import { type Fact, type Probe, ReportSchema, probeKey } from '../contract/index.ts';
import { type FindingDraft, defineAgent, defineCheck, defineRemedy } from './agent.ts';
import { diagnose } from './diagnose.ts';
import { NOW, at, deployed, sample, storeOf } from './samples.ts';

type Run = Parameters<typeof defineCheck<'Pod' | 'Deployment' | 'ReplicaSet'>>[0]['run'];
const check = (code: string, run: Run, more: object = {}) =>
  defineCheck({
    code,
    title: `title of ${code}`,
    severity: 'high',
    role: 'cause',
    kinds: ['Pod', 'Deployment', 'ReplicaSet'],
    hypothesis: `hypothesis of ${code}`,
    doc: '',
    run,
    ...more,
  });
const draft = (subject: string, more: Partial<FindingDraft> = {}): FindingDraft => ({
  subject: at(subject),
  affects: [],
  message: `${subject} is wrong`,
  evidence: [],
  ...more,
});
const agent = (checks: ReturnType<typeof check>[], remedies: ReturnType<typeof defineRemedy>[] = []) =>
  defineAgent({ id: 'tester', title: '', description: '', icon: '', checks, remedies });
const logs: Probe = { type: 'podLogs', namespace: 'shop', pod: 'web-1-0', container: 'main', previous: true, tailLines: 50, restart: 1 };
const run = (a: ReturnType<typeof agent>, store = storeOf(deployed('web')), facts: ReadonlyMap<string, Fact> = new Map()) =>
  diagnose({ agent: a, store, facts, now: NOW, version: 3 });

test('a finding is the draft with what its check says about itself, and the report is one of the contract', () => {
  const { report, failures } = run(agent([check('POD-001', () => [draft('Deployment/web')])]));
  expect(failures).toEqual([]);
  expect(report.findings).toEqual([
    {
      code: 'POD-001',
      title: 'title of POD-001',
      result: 'fail',
      role: 'cause',
      severity: 'high',
      subject: at('Deployment/web'),
      affects: [],
      message: 'Deployment/web is wrong',
      evidence: [],
      ruledOut: [],
      confidence: 0.9,
      params: {},
      source: 'tester',
    },
  ]);
  expect(ReportSchema.parse(report)).toEqual(report);
  expect([report.version, report.objects, report.settled]).toEqual([3, 3, true]);
});

test('a draft may be milder than its check, and a mild finding warns', () => {
  const { report } = run(agent([check('POD-001', () => [draft('Deployment/web', { severity: 'low', role: 'symptom' })])]));
  expect(report.findings[0]).toMatchObject({ severity: 'low', role: 'symptom', result: 'warn' });
});

test('a check that throws costs its own answer only, and the diagnosis says so', () => {
  const broken = check('POD-002', () => {
    throw new Error('boom');
  });
  const { report, failures } = run(agent([broken, check('POD-001', () => [draft('Deployment/web')])]));
  expect(report.findings.map((f) => f.code)).toEqual(['POD-001']);
  expect(failures).toEqual([{ code: 'POD-002', message: 'boom' }]);
  expect(report.incomplete).toEqual([{ what: 'check POD-002: title of POD-002', because: 'the check failed: boom' }]);
});

test('a finding the contract does not know is the failure of its check', () => {
  const { report, failures } = run(agent([check('POD-001', () => [draft('Deployment/web', { confidence: 7 })])]));
  expect(report.findings).toEqual([]);
  expect(failures[0]?.message).toMatch(/^it returned no valid finding: confidence: /);
});

test('the same said twice is one finding that affects both', () => {
  const twice = check('POD-001', () => ['a', 'b'].map((pod) => draft('Deployment/web', { affects: [at(`Pod/${pod}`)] })));
  const { report } = run(agent([twice]));
  expect(report.findings.map((f) => f.affects)).toEqual([[at('Pod/a'), at('Pod/b')]]);
});

test('what is asked and not known is wished for once; with the answer the report is settled', () => {
  const asks = check('LOG-001', (ctx) => {
    const fact = ctx.ask(logs);
    ctx.ask({ ...logs });
    return fact?.ok === true ? [draft('Deployment/web', { message: JSON.stringify(fact.value) })] : [];
  });
  const first = run(agent([asks]));
  expect([first.wishes, first.report.settled, first.report.findings]).toEqual([[logs], false, []]);
  const fact: Fact = { ok: true, value: { lines: ['out of cheese'], truncated: false } };
  const second = run(agent([asks]), undefined, new Map([[probeKey(logs), fact]]));
  expect([second.wishes, second.report.settled]).toEqual([[], true]);
  expect(second.report.findings[0]?.message).toContain('out of cheese');
});

test('a probe that was forbidden is named as incomplete; one that found nothing is an answer', () => {
  const asks = check('LOG-001', (ctx) => {
    ctx.ask(logs);
    return [];
  });
  const failed = (code: 'forbidden' | 'not-found'): ReadonlyMap<string, Fact> =>
    new Map([[probeKey(logs), { ok: false, failure: { code, message: 'needs get pods/log' } }]]);
  expect(run(agent([asks]), undefined, failed('forbidden')).report.incomplete).toEqual([
    { what: 'pods/log in shop', because: 'forbidden: needs get pods/log' },
  ]);
  expect(run(agent([asks]), undefined, failed('not-found')).report.incomplete).toEqual([]);
});

test('what the agent could not read is incomplete in the words of the API, once; kinds of others are not its matter', () => {
  const store = storeOf();
  const because = 'forbidden: needs list pods';
  store.setGaps([
    { kind: 'Pod', namespace: 'shop', because },
    { kind: 'Pod', namespace: 'shop', because },
    { kind: 'ReplicaSet', because },
    { kind: 'Secret', because },
  ]);
  const says = check('POD-001', (ctx) => {
    ctx.missing('pods in shop', because);
    return [];
  });
  expect(run(agent([says]), store).report.incomplete).toEqual([
    { what: 'pods in shop', because },
    { what: 'replicasets', because },
  ]);
});

test('hypotheses that passed on the subject or on what it affects are ruled out, but not one that holds nearby', () => {
  const passes = (code: string, ref: string) =>
    check(code, (ctx) => {
      ctx.passed(at(ref), 'it is fine');
      return [];
    });
  const half = check('POD-005', (ctx) => {
    ctx.passed(at('Pod/web-1-0'), 'this one is fine');
    return [draft('Pod/web-1-1')];
  });
  const found = check('POD-001', () => [draft('Deployment/web', { affects: [at('Pod/web-1-0'), at('Pod/web-1-1')] })]);
  const { report } = run(
    agent([passes('POD-002', 'Deployment/web'), passes('POD-003', 'Pod/web-1-0'), passes('POD-004', 'Pod/other'), half, found]),
  );
  expect(report.findings.find((f) => f.code === 'POD-001')?.ruledOut).toEqual([
    { hypothesis: 'hypothesis of POD-002', because: 'it is fine (POD-002)' },
    { hypothesis: 'hypothesis of POD-003', because: 'it is fine (POD-003)' },
  ]);
});

test('remedies answer findings of their codes by fingerprint; one that fails costs its own plan only', () => {
  const plan = {
    remedy: 'restart',
    title: 'Restart web',
    because: 'it helps',
    actions: [{ type: 'restart-rollout' as const, target: at('Deployment/web') }],
    verify: ['POD-001'],
    stableForSeconds: 10,
    atLeastRisk: 'low' as const,
  };
  const remedy = (name: string, codes: string[], answer: Parameters<typeof defineRemedy>[0]['run']) =>
    defineRemedy({ name, codes, kinds: ['Deployment'], doc: '', run: answer });
  const { report, failures } = run(
    agent(
      [check('POD-001', () => [draft('Deployment/web')])],
      [
        remedy('restart', ['POD-001'], () => ({ plans: [plan], advice: 'look at it' })),
        remedy('broken', ['POD-001'], () => {
          throw new Error('boom');
        }),
        remedy('empty', ['POD-001'], () => ({ plans: [{ ...plan, actions: [] }] })),
        remedy('other', ['POD-002'], () => ({ advice: 'never' })),
      ],
    ),
  );
  const fingerprint = 'POD-001|Deployment/shop/web|';
  const reach = { restarts: 1, ready: 1, dependents: [], more: 0, budgets: [] };
  expect(report.drafts).toEqual([{ fingerprint, draft: { ...plan, reach } }]);
  expect(report.advice).toEqual([{ fingerprint, text: 'look at it' }]);
  expect(failures.map((f) => f.message.split(':')[0])).toEqual(['remedy broken', 'remedy empty']);
});

test('the same input gives the same report', () => {
  const a = agent([check('POD-001', ({ view }) => view.list('Pod').map((p) => draft(`Pod/${p.metadata.name}`)))]);
  const objects = [...deployed('web', { replicas: 3 }), sample('Pod', 'bare', { spec: {} })];
  const [one, two] = [run(a, storeOf(objects)), run(a, storeOf([...objects].reverse()))];
  expect(one.report).toEqual(two.report);
});
