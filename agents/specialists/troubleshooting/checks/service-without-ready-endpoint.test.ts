import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { diagnose } from '../../../core/diagnose.ts';
import { storeFromYaml } from '../../testing/load.ts';
import { told } from '../../testing/told.ts';
import { serviceWithoutReadyEndpoint } from './service-without-ready-endpoint.ts';

const agent = { id: 'test', title: '', description: '', icon: '', checks: [serviceWithoutReadyEndpoint], remedies: [] };

function read(fixture: string) {
  const store = storeFromYaml(readFileSync(new URL(`../fixtures/${fixture}.yaml`, import.meta.url), 'utf8'));
  return diagnose({ agent, store, facts: new Map(), now: Date.parse('2026-03-01T12:01:00Z'), version: 1 }).report;
}

test('tells of a Service nobody answers for, not of pods that start', () => {
  const report = read('service-endpoints');
  expect(told(report, 'symptom')).toEqual([
    'SVC-010 Service/shop/down - affects down-0, down-1: none of the 2 pods behind the Service is ready (Deployment down), so nobody answers',
  ]);
});
