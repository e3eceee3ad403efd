import { expect, test } from 'vitest';
import type { Envelope, HostEvent } from '../../agents/contract/index.ts';
import { type Line, grouped, liner, siftLines } from './lines.ts';

const logged = (seq: number, event: HostEvent): Envelope => ({ v: 1, seq, at: `2026-11-23T14:00:0${seq}.000Z`, prev: '', hash: '', event });
const none = { agent: undefined, context: undefined, severity: undefined, kind: undefined };

const read = liner({ incidents: [], plans: [] });
const entries = [
  logged(4, { type: 'incident.resolved', context: 'prod', incident: 'inc-1', because: 'gone' }),
  logged(3, { type: 'cluster.disconnected', context: 'dev' }),
  logged(2, { type: 'agent.paused', agent: 'troubleshooting', by: 'me' }),
  logged(1, { type: 'incident.dismissed', context: 'prod', incident: 'inc-1', dismissal: dismissal() }),
];
const lines = read(entries);

function dismissal() {
  const resource = { apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: 'cart' };
  const at = '2026-11-23T14:00:00.000Z';
  return {
    id: 'd',
    context: 'prod',
    scope: 'incident' as const,
    incident: 'inc-1',
    title: '',
    code: 'SVC-001',
    resource,
    reason: 'known',
    by: 'me',
    at,
    until: null,
    seen: {},
  };
}

const brief = ({ seq, kind, context, incident, source }: Line) => [seq, kind, context, incident, source];

test('what was read before is the same line, what is new is read', () => {
  const more = read([logged(5, { type: 'app.stopped' }), ...entries]);
  expect(more.slice(1).every((line, i) => line === lines[i])).toBe(true);
  expect(more[0]?.seq).toBe(5);
});

test('each line leads to what it tells of', () => {
  expect(lines.map(brief)).toEqual([
    [4, 'incidents', 'prod', 'inc-1', '#/incidents/inc-1'],
    [3, 'clusters', 'dev', undefined, '#/fleet'],
    [2, 'agents', undefined, undefined, '#/agents/troubleshooting'],
    [1, 'incidents', 'prod', 'inc-1', '#/incidents/inc-1'],
  ]);
});

test('lines are sifted by what they are about', () => {
  const seqs = (by: Partial<typeof none>) => siftLines(lines, { ...none, ...by } as Parameters<typeof siftLines>[1]).map((l) => l.seq);
  expect(seqs({})).toEqual([4, 3, 2, 1]);
  expect(siftLines(lines, { ...none, context: 'prod' }).map((l) => l.seq)).toEqual([4, 1]);
  expect(siftLines(lines, { ...none, kind: 'agents', agent: 'troubleshooting' }).map((l) => l.seq)).toEqual([2]);
  expect(siftLines(lines, { ...none, severity: 'high' })).toEqual([]);
});

test('a group stands where its newest line is, and no line is lost or told twice', () => {
  const shown = grouped(lines);
  expect(shown.map((s) => ('line' in s ? s.line.seq : [s.heading, s.lines]))).toEqual([['inc-1', 2], 4, 1, [undefined, 2], 3, 2]);
});
