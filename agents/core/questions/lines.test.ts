import { expect, test } from 'vitest';
import type { Envelope, HostEvent } from '../../contract/index.ts';
import { logLines } from './log-lines.ts';
import { summarise } from './summarise.ts';
import { peopleIn, timelineLines } from './timeline-lines.ts';

const entries = (...events: readonly object[]): Envelope[] =>
  events.map((event, i) => ({
    v: 1,
    seq: 10 + i,
    at: `2026-04-01T08:${String(i).padStart(2, '0')}:30.000Z`,
    prev: '',
    hash: '',
    event: event as HostEvent,
  }));
const resource = { apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: 'cart' };
const incident = { id: 'inc-1', context: 'prod', title: 'Service cart sends to port 8081' };
const told = entries(
  { type: 'incident.opened', incident },
  { type: 'incident.updated', incident },
  { type: 'plan.proposed', plan: { id: 'plan-1', agent: 'troubleshooting', title: 'Set the port to 8080', risk: 'low' } },
  { type: 'approval.resolved', plan: 'plan-1', decision: 'approved', by: 'kim', context: 'prod', hash: '' },
  {
    type: 'action.started',
    plan: 'plan-1',
    inverse: false,
    summary: 'Patch Service cart',
    target: resource,
    index: 0,
    key: 'k',
    context: 'prod',
  },
  { type: 'plan.settled', plan: 'plan-1', state: 'done', because: 'SVC-001 is gone', context: 'prod' },
  { type: 'incident.resolved', incident: 'inc-1', because: 'it is not found any more', context: 'prod' },
);

test('a timeline is told with its times and entries; a manager reads what became of it, not how', () => {
  expect(timelineLines(told, 'operator').map((l) => l.seq)).toEqual([10, 12, 13, 14, 15, 16]);
  const manager = timelineLines(told, 'manager');
  expect(manager.map((l) => [l.seq, l.required, l.text])).toEqual([
    [10, true, '2026-04-01 08:00 Incident inc-1 opened in prod: Service cart sends to port 8081'],
    [13, false, '2026-04-01 08:03 kim approved plan-1'],
    [15, false, '2026-04-01 08:05 plan-1 is done: SVC-001 is gone'],
    [16, true, '2026-04-01 08:06 Incident inc-1 resolved: it is not found any more'],
  ]);
  expect(peopleIn(told)).toEqual(['kim']);
});

test('of a long timeline the beginning, the end and what says most are kept, in their order', () => {
  const more = entries(
    { type: 'incident.opened', incident },
    ...Array.from({ length: 30 }, () => told[2]?.event ?? {}),
    told[3]?.event ?? {},
  );
  const lines = timelineLines(more, 'operator');
  expect(lines.length).toBeLessThanOrEqual(13);
  expect([lines[0]?.seq, lines.at(-1)?.seq]).toEqual([10, 41]);
  expect(lines.map((l) => l.seq)).toEqual([...lines.map((l) => l.seq)].sort((a, b) => a - b));
});

test('a summary of a timeline keeps its order, its times and its end', () => {
  const lines = timelineLines(told, 'manager');
  const asked = summarise({ what: 'timeline', about: 'inc-1', lines, reader: 'manager', names: ['cart'] });
  const [opened = '', approved = '', , resolved = ''] = lines.map((l) => l.text.replace(/\.$/, ''));
  const shown = (text: string) => asked.read({ text }).ok;
  expect(shown(`First: ${opened}. After that: ${approved}. At the end: ${resolved}.`)).toBe(true);
  expect(shown(`First: ${opened}. After that: ${approved}.`)).toBe(false);
  expect(shown(`First: ${opened}. Then: ${resolved}. Before: ${approved}.`)).toBe(false);
  expect(shown(`First: ${opened}. After that: ${approved.replace('08:03', '08:05')}. At the end: ${resolved}.`)).toBe(false);
  expect(asked.template).toContain(`It began so: ${opened}. Then: ${approved}.`);
});

const log = [
  ...Array.from(
    { length: 40 },
    (_, i) => `2026-04-01T08:00:${String(i).padStart(2, '0')}Z INFO request ${String(i)} served in ${String(i + 3)} ms`,
  ),
  '2026-04-01T08:01:00Z WARN pool has 0 free connections',
  '2026-04-01T08:01:01Z ERROR cannot reach db.shop.svc:5432: connection refused',
  '2026-04-01T08:01:02Z ERROR cannot reach db.shop.svc:5432: connection refused',
  'panic: runtime error: invalid memory address',
  'goroutine 1 [running]:',
  'main.main()',
  '\t/src/main.go:12 +0x1d',
];

test('a log is told by kinds of lines, the gravest first, each as it stands and how often; a stack trace is part of its line', () => {
  const { lines, kinds } = logLines(log, 'operator');
  expect(lines.map((l) => l.text)).toEqual([
    'panic: runtime error: invalid memory address (once)',
    '2026-04-01T08:01:01Z ERROR cannot reach db.shop.svc:5432: connection refused (2 times)',
    '2026-04-01T08:01:00Z WARN pool has 0 free connections (once)',
    '2026-04-01T08:00:00Z INFO request 0 served in 3 ms (40 times)',
  ]);
  expect([kinds, lines.filter((l) => l.required).length]).toEqual([4, 1]);
  expect(logLines(log, 'manager').lines).toHaveLength(3);
  expect(logLines(['', '   '], 'operator')).toEqual({ kinds: 0, lines: [] });
});

test('credentials in a log are masked before anybody sees them', () => {
  const { lines } = logLines(['ERROR login failed with password=hunter2secret'], 'operator');
  const asked = summarise({ what: 'log', about: null, lines, reader: 'operator', names: [] });
  expect(JSON.stringify(asked)).not.toContain('hunter2secret');
  expect(asked.template).toContain('[masked]');
});
