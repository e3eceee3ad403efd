import { expect, test } from 'vitest';
import type { Finding, HostEvent, Relation, Report } from '../contract/index.ts';
import { at, finding } from '../core/samples.ts';
import { TurnedClock } from './doubles/turned-clock.ts';
import { IncidentBook } from './incidents.ts';

const calls: Relation = { from: at('Deployment/front'), type: 'calls', to: at('Service/web') };
const selects: Relation = { from: at('Service/web'), type: 'selects', to: at('Deployment/web') };
const report = (...findings: Finding[]): Report => ({
  context: 'prod',
  version: 1,
  findings,
  relations: [calls, selects],
  drafts: [],
  advice: [],
  unexplained: [],
  incomplete: [],
  ruledOut: [],
  settled: true,
  objects: 1,
  tookMs: 1,
});

test('what was a symptom a moment ago is no incident of its own when its cause goes; it becomes one where it stays', async () => {
  const clock = new TurnedClock();
  const said: string[] = [];
  const record = (events: readonly HostEvent[]) => {
    for (const e of events) if (e.type === 'incident.opened') said.push(e.incident.rootCause.code);
    return Promise.resolve();
  };
  const book = new IncidentBook(clock, { record, resolved: () => undefined, changed: () => undefined });
  const cause = finding('SCL-001', 'Deployment/web', { affects: [at('Service/web'), at('Deployment/front')] });
  const crash = finding('POD-003', 'Deployment/front', { confidence: 0.6 });
  book.take('troubleshooting', report(cause, crash));
  expect(said).toEqual(['SCL-001']);
  book.take('troubleshooting', report(crash));
  expect(book.work('prod')).toEqual([]);
  await clock.turn(60_000);
  book.take('troubleshooting', report(crash, finding('IMG-001', 'Deployment/other')));
  expect(said).toEqual(['SCL-001', 'IMG-001']);
  await clock.turn(40_000);
  expect(said).toEqual(['SCL-001', 'IMG-001', 'POD-003']);
  book.close();
});

test('a sure cause is said at once, whatever it was before', () => {
  const said: string[] = [];
  const record = (events: readonly HostEvent[]) => {
    for (const e of events) if (e.type === 'incident.opened') said.push(e.incident.rootCause.code);
    return Promise.resolve();
  };
  const book = new IncidentBook(new TurnedClock(), { record, resolved: () => undefined, changed: () => undefined });
  const cause = finding('SCL-001', 'Deployment/web', { affects: [at('Service/web'), at('Deployment/front')] });
  const sure = finding('POD-002', 'Deployment/front', { confidence: 0.93, role: 'symptom' });
  book.take('troubleshooting', report(cause, sure));
  book.take('troubleshooting', report(sure));
  expect(said).toEqual(['SCL-001', 'POD-002']);
  book.close();
});
