import { expect, test } from 'vitest';
import type { Dismissal, Finding, HostEvent, Incident, Relation, Report } from '../../contract/index.ts';
import { looksOf } from '../../core/dismissal.ts';
import { at, finding } from '../../core/samples.ts';
import { TurnedClock } from '../doubles/turned-clock.ts';
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

const dismissalOf = (incident: Incident): Dismissal => ({
  ...{ id: 'dis-1', context: incident.context, scope: 'incident', incident: incident.id, title: incident.title },
  ...{ code: incident.rootCause.code, resource: incident.rootCause.resource, reason: 'known', by: 'kim' },
  ...{ at: '2026-01-05T09:00:00.000Z', until: null, seen: { [incident.id]: looksOf(incident) } },
});

function watched() {
  const clock = new TurnedClock();
  const said: HostEvent[] = [];
  const record = (events: readonly HostEvent[]) => Promise.resolve(void said.push(...events));
  const refused = (error: unknown) => {
    throw error;
  };
  const book = new IncidentBook(clock, { record, refused, resolved: () => undefined, changed: () => undefined });
  const opened = () => said.flatMap((e) => (e.type === 'incident.opened' ? [e.incident.rootCause.code] : []));
  return { clock, book, said, opened };
}

test('what was a symptom a moment ago is no incident of its own when its cause goes; it becomes one where it stays', async () => {
  const { clock, book, opened } = watched();
  const cause = finding('SCL-001', 'Deployment/web', { affects: [at('Service/web'), at('Deployment/front')] });
  const crash = finding('POD-003', 'Deployment/front', { confidence: 0.6 });
  book.take('troubleshooting', report(cause, crash));
  expect(opened()).toEqual(['SCL-001']);
  book.take('troubleshooting', report(crash));
  expect(book.work('prod')).toEqual([]);
  await clock.turn(60_000);
  book.take('troubleshooting', report(crash, finding('IMG-001', 'Deployment/other')));
  expect(opened()).toEqual(['SCL-001', 'IMG-001']);
  await clock.turn(40_000);
  expect(opened()).toEqual(['SCL-001', 'IMG-001', 'POD-003']);
  book.close();
});

test('what a cause held up is its aftermath also where it shows only after the cause is gone; elsewhere it is said at once', async () => {
  const { clock, book, opened } = watched();
  const cause = finding('NET-001', 'NetworkPolicy/gate', { affects: [at('Deployment/front')] });
  const crash = finding('POD-003', 'Deployment/front', { confidence: 0.6 });
  book.take('troubleshooting', report(cause));
  book.take('troubleshooting', report());
  book.take('troubleshooting', report(crash, finding('POD-003', 'Deployment/other', { confidence: 0.6 })));
  expect(opened()).toEqual(['NET-001', 'POD-003']);
  expect(book.open().map((i) => i.rootCause.resource.name)).not.toContain('front');
  await clock.turn(100_000);
  expect(book.open().map((i) => i.rootCause.resource.name)).toContain('front');
  book.close();
});

test('what is wrong beside a lesser thing that is still there is no aftermath of it', () => {
  const { book, opened } = watched();
  const remark = finding('RES-001', 'ConfigMap/settings', { severity: 'low', affects: [at('Deployment/front')] });
  book.take('troubleshooting', report(remark));
  book.take('troubleshooting', report(remark, finding('POD-003', 'Deployment/front', { severity: 'high', confidence: 0.6 })));
  expect(opened()).toEqual(['RES-001', 'POD-003']);
  book.close();
});

test('a sure cause is said at once, whatever it was before', () => {
  const { book, opened } = watched();
  const cause = finding('SCL-001', 'Deployment/web', { affects: [at('Service/web'), at('Deployment/front')] });
  const sure = finding('POD-002', 'Deployment/front', { confidence: 0.93 });
  book.take('troubleshooting', report(cause));
  book.take('troubleshooting', report(sure));
  expect(opened()).toEqual(['SCL-001', 'POD-002']);
  book.close();
});

test('a symptom waits a little for its cause; alone it is said after that', async () => {
  const { clock, book, opened } = watched();
  const symptom = finding('SVC-010', 'Service/web', { role: 'symptom', confidence: 0.6 });
  const other = finding('SVC-010', 'Service/other', { role: 'symptom', confidence: 0.6 });
  book.take('troubleshooting', report(symptom, other));
  expect(opened()).toEqual([]);
  await clock.turn(2_000);
  book.take('troubleshooting', report(symptom, other, finding('PRB-001', 'Deployment/web', { affects: [at('Service/web')] })));
  expect(opened()).toEqual(['PRB-001']);
  await clock.turn(10_000);
  expect(opened()).toEqual(['PRB-001', 'SVC-010']);
  book.close();
});

test('what an agent thought is told where it has news, and once of a context where nothing is wrong', async () => {
  const { clock, book, said } = watched();
  const look = (...findings: Finding[]) => {
    book.take('troubleshooting', report(...findings), { checks: 190, probes: { podLogs: 2 } });
    return thoughts();
  };
  const thoughts = () =>
    said.splice(0).filter((e) => e.type === 'agent.looked' || e.type === 'finding.raised' || e.type === 'finding.cleared');
  const thought = {
    type: 'agent.looked',
    agent: 'troubleshooting',
    context: 'prod',
    objects: 1,
    checks: 190,
    probes: { podLogs: 2 },
    tookMs: 1,
  };
  expect(look()).toEqual([{ ...thought, raised: 0, cleared: 0 }]);
  expect(look()).toEqual([]);
  const wrong = { ...finding('SCL-001', 'Deployment/web'), source: 'troubleshooting' };
  expect(look(wrong)).toEqual([{ ...thought, raised: 1, cleared: 0 }, expect.objectContaining({ type: 'finding.raised' })]);
  expect(look(wrong)).toEqual([]);
  expect(look()).toEqual([]);
  await clock.turn(10_000);
  expect(thoughts()).toEqual([{ ...thought, raised: 0, cleared: 1 }, expect.objectContaining({ type: 'finding.cleared' })]);
  book.close();
});

test('what suffers by turns is told once as more, and as less once that stays so', async () => {
  const { clock, book, said } = watched();
  const cause = finding('SCL-001', 'Deployment/web', { affects: [at('Deployment/front')] });
  const symptom = finding('SVC-010', 'Service/web', { role: 'symptom' });
  const told = () => said.splice(0).flatMap((e) => (e.type.startsWith('incident.') ? [e.type] : []));
  book.take('troubleshooting', report(cause));
  expect(told()).toEqual(['incident.opened']);
  for (let i = 0; i < 10; i++) {
    book.take('troubleshooting', report(cause, symptom));
    await clock.turn(4_000);
    book.take('troubleshooting', report(cause));
    await clock.turn(6_000);
  }
  expect(told()).toEqual(['incident.updated']);
  expect(book.open()[0]?.symptoms).toEqual([]);
  await clock.turn(10_000);
  expect(told()).toEqual(['incident.updated']);
  await clock.turn(60_000);
  expect(told()).toEqual([]);
  book.close();
});

test('what comes and goes with each start of a program is told once, and is gone once it stayed away', async () => {
  const { clock, book, said } = watched();
  const crash = finding('POD-015', 'Deployment/web');
  for (let i = 0; i < 20; i++) {
    book.take('troubleshooting', report(crash));
    await clock.turn(4_000);
    book.take('troubleshooting', report());
    await clock.turn(9_000);
  }
  const told = () => said.splice(0).map((e) => e.type);
  expect(told()).toEqual(['finding.raised', 'incident.opened']);
  await clock.turn(2_000);
  expect(told()).toEqual(['finding.cleared', 'incident.resolved']);
  book.take('troubleshooting', report(crash));
  expect(told()).toEqual(['finding.raised', 'incident.opened']);
  book.close();
});

test('what was just taken into another incident can be accepted as long as it stands there, and that holds when it comes back', async () => {
  const { clock, book, said } = watched();
  const crash = finding('POD-003', 'Deployment/front', { confidence: 0.6 });
  const cause = finding('SCL-001', 'Deployment/web', { affects: [at('Service/web'), at('Deployment/front')] });
  book.take('troubleshooting', report(crash));
  const [alone] = book.open();
  if (alone === undefined) throw new Error('nothing was opened');
  book.take('troubleshooting', report(cause, crash));
  expect(book.open().map((i) => i.rootCause.code)).toEqual(['POD-003', 'SCL-001']);
  await book.dismiss(dismissalOf(alone));
  expect(book.open().map((i) => [i.rootCause.code, i.dismissed?.by])).toEqual([
    ['POD-003', 'kim'],
    ['SCL-001', undefined],
  ]);
  expect(said.at(-1)).toMatchObject({ type: 'incident.updated', incident: { id: alone.id, dismissed: { by: 'kim' } } });
  await clock.turn(11_000);
  expect(book.open().map((i) => i.rootCause.code)).toEqual(['SCL-001']);
  // Longer than what only lingers of it is passed over.
  await clock.turn(100_000);
  book.take('troubleshooting', report(crash));
  expect(book.open().find((i) => i.id === alone.id)?.dismissed?.by).toBe('kim');
  book.close();
});

test('when it is closed, what is still reported opens nothing more', async () => {
  const { clock, book, said } = watched();
  book.take('troubleshooting', { ...report(finding('IMG-001', 'Deployment/web')), settled: false });
  book.close();
  book.take('troubleshooting', { ...report(finding('IMG-001', 'Deployment/web')), settled: false });
  await clock.turn(60_000);
  book.take('troubleshooting', report(finding('IMG-001', 'Deployment/web')));
  expect(said).toEqual([]);
});

test('what the log refuses is said, and the next is heard all the same', async () => {
  const clock = new TurnedClock();
  const refused: unknown[] = [];
  const book = new IncidentBook(clock, {
    record: () => Promise.reject(new Error('disk full')),
    refused: (error) => void refused.push(error),
    resolved: () => undefined,
    changed: () => undefined,
  });
  book.take('troubleshooting', report(finding('IMG-001', 'Deployment/web')));
  book.take('troubleshooting', report());
  await clock.turn(10_000);
  // Opened, no longer found, resolved.
  expect([refused.length, book.open()]).toEqual([3, []]);
  book.close();
});
