import { expect, test } from 'vitest';
import { defineAgent, defineCheck } from './agent.ts';
import { diagnose } from './diagnose.ts';
import { NOW, at, deployed, storeOf } from './samples.ts';

const check = (code: string, run: Parameters<typeof defineCheck<'Pod' | 'Deployment' | 'ReplicaSet'>>[0]['run']) =>
  defineCheck({
    code,
    title: '',
    severity: 'high',
    role: 'cause',
    kinds: ['Pod', 'Deployment', 'ReplicaSet'],
    hypothesis: `hypothesis of ${code}`,
    doc: '',
    run,
  });
const passes = (code: string, ref: string) =>
  check(code, (ctx) => {
    ctx.passed(at(ref), `fine with ${code}`);
    return [];
  });
const finds = check('TST-004', (ctx) => {
  ctx.passed(at('Deployment/web'), 'fine here, and not there');
  return [{ subject: at('Deployment/web'), affects: [], message: 'wrong', evidence: [] }];
});
const agent = defineAgent({
  id: 'tester',
  title: '',
  description: '',
  icon: '',
  checks: [passes('TST-001', 'Deployment/web'), passes('TST-002', 'Pod/web-1-0'), passes('TST-003', 'Deployment/other'), finds],
  remedies: [],
});
const about = (...keys: string[]) => {
  const store = storeOf(deployed('web'));
  const { report } = diagnose({
    agent,
    store,
    facts: new Map(),
    now: NOW,
    version: 1,
    ...(keys.length === 0 ? {} : { about: new Set(keys) }),
  });
  return report.ruledOut;
};

test('of an object that is asked about, what was looked for in it, its workload and its pods is told; of others nothing', () => {
  const expected = [
    { hypothesis: 'hypothesis of TST-001', because: 'fine with TST-001 (TST-001)' },
    { hypothesis: 'hypothesis of TST-002', because: 'fine with TST-002 (TST-002)' },
  ];
  expect(about('Deployment/shop/web')).toEqual(expected);
  expect(about('Pod/shop/web-1-0')).toHaveLength(2);
  expect(about('Deployment/shop/absent')).toEqual([]);
  expect(about()).toEqual([]);
});
