import { expect, test } from 'vitest';
import type { Finding, Report } from '../contract/index.ts';
import { informationOf, isInformation } from './information.ts';
import { NOW, at } from './samples.ts';

const finding = (code: string, severity: Finding['severity'], params: Finding['params'] = {}): Finding => ({
  code,
  title: '',
  result: 'warn',
  role: 'cause',
  severity,
  subject: at(`Deployment/${code.toLowerCase()}`),
  affects: [],
  message: `it is ${severity}`,
  evidence: [],
  ruledOut: [],
  confidence: 0.8,
  params,
  source: 'tester',
});
const report = (findings: readonly Finding[]): Report => ({
  context: 'c',
  version: 1,
  findings: [...findings],
  relations: [],
  drafts: [],
  advice: [{ fingerprint: `AAA-002|Deployment/shop/aaa-002|`, text: 'look at it' }],
  unexplained: [],
  incomplete: [],
  ruledOut: [],
  settled: true,
  objects: 1,
  tookMs: 0,
});

test('only what could be tidied is information; what is kept and paid for stands apart', () => {
  const all = [
    finding('AAA-001', 'low'),
    finding('AAA-002', 'info', { kept: true }),
    finding('AAA-003', 'info'),
    finding('AAA-004', 'high'),
  ];
  expect(all.map(isInformation)).toEqual([false, true, true, false]);
  const { kept, more } = informationOf('c', [report(all)], NOW);
  expect(kept.map((i) => [i.rootCause.code, i.severity, i.advice])).toEqual([['AAA-002', 'info', 'look at it']]);
  expect(more.map((i) => i.rootCause.code)).toEqual(['AAA-003']);
});
