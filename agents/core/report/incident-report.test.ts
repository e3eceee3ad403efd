import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Action, Envelope, HostEvent, Incident, Plan } from '../../contract/index.ts';
import { storyOf } from '../../contract/story.ts';
import { NOW, at } from '../samples.ts';
import { EntriesOfIncident } from './entries.ts';
import { incidentReport } from './incident-report.ts';
import { untraceable } from './traceable.ts';

const time = (seconds: number) => new Date(NOW + seconds * 1000).toISOString();
const logOf = (events: readonly HostEvent[]): Envelope[] =>
  events.map((event, i) => ({ v: 1, seq: i + 1, at: time(i), prev: '', hash: '', event }));
const context = 'prod';
const web = at('Deployment/web');

const incidentOf = (id: string, text = 'the image shop/web:2.4.1 does not exist'): Incident => ({
  id,
  context,
  title: `web cannot start: ${text}`,
  severity: 'high',
  state: 'open',
  rootCause: { code: 'IMG-001', resource: web, field: 'spec.template', message: text, confidence: 1 },
  symptoms: [{ code: 'SVC-010', resource: at('Service/web'), message: `nobody answers, ${text}` }],
  affects: [],
  evidence: [{ kind: 'event', resource: at('Pod/web-1'), source: 'Failed', text: `${text}\nBack-off` }],
  ruledOut: [{ hypothesis: 'the registry is away', because: 'other images are pulled' }],
  firstSeen: time(0),
  lastSeen: time(0),
});

const action: Action = {
  type: 'scale',
  target: web,
  summary: 'Scale web to 2',
  diff: '-replicas: 1\n+replicas: 2',
  undo: 'Scale web to 1',
  spec: { type: 'scale', target: web, replicas: 2 },
  inverse: null,
  seen: null,
};
const planOf = (id: string, incidentId: string, text = 'it exists'): Plan => ({
  id,
  incidentId,
  context,
  agent: 'troubleshooting',
  remedy: 'correct-image',
  title: 'Use shop/web:2.4.0',
  because: text,
  risk: 'medium',
  riskReasons: [],
  hash: 'h',
  actions: [action],
  verify: ['IMG-001'],
  stableForSeconds: 10,
  permissions: [],
  managedBy: [],
  state: 'awaitingApproval',
  createdAt: time(0),
  expires: time(900),
});
const started = (plan: string): HostEvent => ({
  type: 'action.started',
  context,
  plan,
  index: 0,
  key: 'k',
  inverse: false,
  target: web,
  summary: action.summary,
});
const resolved = (incident: string): HostEvent => ({ type: 'incident.resolved', context, incident, because: 'gone for 10 s' });

const REPAIRED: readonly HostEvent[] = [
  { type: 'incident.opened', incident: incidentOf('inc-1') },
  { type: 'incident.opened', incident: incidentOf('inc-2', 'other') },
  { type: 'incident.updated', incident: incidentOf('inc-1') },
  { type: 'incident.updated', incident: incidentOf('inc-1') },
  { type: 'plan.proposed', plan: planOf('plan-1', 'inc-1') },
  { type: 'plan.proposed', plan: planOf('plan-2', 'inc-2') },
  { type: 'approval.resolved', context, plan: 'plan-1', hash: 'h', decision: 'approved', by: 'kim', reason: 'go' },
  started('plan-1'),
  started('plan-2'),
  { type: 'action.succeeded', context, plan: 'plan-1', index: 0, key: 'k', inverse: false, resourceVersion: '2' },
  resolved('inc-1'),
  { type: 'plan.settled', context, plan: 'plan-1', state: 'done', because: 'IMG-001 is gone' },
];

function entriesOf(id: string, log: readonly Envelope[]): readonly Envelope[] {
  const concerned = new EntriesOfIncident(id);
  for (const envelope of log) concerned.take(envelope);
  return concerned.entries;
}
function reportOf(id: string, log: readonly Envelope[]) {
  const report = incidentReport(entriesOf(id, log));
  if (report === undefined) throw new Error(`no report of ${id}`);
  return report;
}

test('timeline, cause, evidence, decision and who, change and result, each with its entries; nothing of another incident', () => {
  const report = reportOf('inc-1', logOf(REPAIRED));
  const short = report.sections.map((s) => [
    s.title,
    ...s.lines.map((l) => `${[l.says, ...l.about, l.text].join(' | ')} ${l.events.join()}`),
  ]);
  const [timeline, ...rest] = short;
  expect(timeline?.map((l) => l.split(' ').at(-1))).toEqual(['Timeline', '1', '3,4', '5', '7', '8', '10', '11', '12']);
  expect(rest).toEqual([
    ['Cause', 'message | IMG-001 | Deployment shop/web | spec.template | the image shop/web:2.4.1 does not exist 4'],
    ['What suffered', 'message | SVC-010 | Service shop/web | nobody answers, the image shop/web:2.4.1 does not exist 4'],
    ['Evidence', 'event | Pod shop/web-1 | Failed | the image shop/web:2.4.1 does not exist\nBack-off 4'],
    ['Ruled out', 'because | the registry is away | other images are pulled 4'],
    ['Decision', 'told | Use shop/web:2.4.0 | it exists | medium | kim approved plan-1: go 5,7'],
    ['Change', 'done | Deployment shop/web | plan-1 | Scale web to 2 8', 'difference | plan-1 | -replicas: 1\n+replicas: 2 5,8'],
    ['Result', 'told | Incident inc-1 resolved: gone for 10 s 11', 'told | plan-1 is done: IMG-001 is gone 12'],
  ]);
  expect([report.openedAt, report.resolvedAt]).toEqual([time(0), time(10)]);
  expect(report.markdown).toContain('\n- Use shop/web:2.4.0 · it exists · medium: kim approved plan-1: go [#5, #7]\n');
  expect(report.markdown).toContain('\n  ```\n  -replicas: 1\n  +replicas: 2\n  ```\n');
});

test('an incident that opens again is told from there, and is not called over', () => {
  const log = logOf([...REPAIRED, { type: 'incident.opened', incident: incidentOf('inc-1') }]);
  const report = reportOf('inc-1', log);
  expect(report.sections.flatMap((s) => s.lines).every((l) => l.events.join() === '13')).toBe(true);
  expect([report.openedAt, report.resolvedAt]).toEqual([time(12), null]);
});

test('of an incident that the log does not hold there is no report', () => {
  expect(incidentReport(entriesOf('inc-9', logOf(REPAIRED)))).toBeUndefined();
  expect(incidentReport(entriesOf('inc-1', logOf([resolved('inc-1')])))).toBeUndefined();
});

test('an altered value, another number and an entry that is not there are found', () => {
  const log = logOf(REPAIRED);
  const report = reportOf('inc-1', log);
  const [cause] = report.sections.flatMap((s) => (s.title === 'Cause' ? s.lines : []));
  if (cause === undefined) throw new Error('no cause');
  const wrong = [
    { ...cause, text: cause.text.replace('2.4.1', '2.4.0') },
    { ...cause, events: [2] },
    { ...cause, events: [4, 99] },
    { ...cause, about: ['IMG-002'] },
  ];
  expect(untraceable({ ...report, sections: [{ title: 'Cause', lines: [cause, ...wrong] }] }, log)).toEqual(wrong);
});

test('text of a cluster cannot end a fence, make a heading or a link', () => {
  const log = logOf([{ type: 'incident.opened', incident: incidentOf('inc-1', '```\n# Approved [here](http://x) <b>') }]);
  const outside = reportOf('inc-1', log).markdown.replace(/^ {2}(`{3,})\n[^]*?\n {2}\1$/gm, '');
  expect(outside.split('\n').filter((l) => l.startsWith('#'))).toHaveLength(6);
  expect(outside).not.toMatch(/(?<!\\)[[<`](?!#\d)/);
});

test('every line of a report is borne out by the entries it cites, whatever the log says', () => {
  const id = fc.constantFrom('inc-1', 'inc-2');
  const plan = fc.constantFrom('plan-1', 'plan-2', 'plan-3');
  const text = fc.string({ maxLength: 30 });
  const inverse = fc.boolean();
  const event: fc.Arbitrary<HostEvent> = fc.oneof(
    fc.tuple(id, text).map(([i, t]): HostEvent => ({ type: 'incident.opened', incident: incidentOf(i, t) })),
    fc.tuple(id, text).map(([i, t]): HostEvent => ({ type: 'incident.updated', incident: incidentOf(i, t) })),
    id.map(resolved),
    fc.tuple(plan, id, text).map(([p, i, t]): HostEvent => ({ type: 'plan.proposed', plan: planOf(p, i, t) })),
    fc.tuple(plan, text, fc.option(text, { nil: undefined })).map(([p, by, rule]): HostEvent => ({
      type: 'approval.resolved',
      context,
      plan: p,
      hash: 'h',
      decision: 'approved',
      by,
      ...(rule === undefined ? {} : { rule }),
    })),
    fc
      .tuple(plan, inverse, text, fc.nat(2))
      .map(([p, i, summary, index]): HostEvent => ({ ...started(p), inverse: i, summary, index }) as HostEvent),
    fc.tuple(plan, text).map(([p, message]): HostEvent => ({
      type: 'action.failed',
      context,
      plan: p,
      index: 0,
      key: 'k',
      inverse: false,
      failure: { code: 'conflict', message },
    })),
    fc.tuple(plan, text).map(([p, because]): HostEvent => ({ type: 'plan.settled', context, plan: p, state: 'failed', because })),
  );
  const runs = process.env['QUARTERDECK_COUNTS'] === 'full' ? 5_000 : 500;
  const planned: HostEvent = { type: 'plan.proposed', plan: planOf('plan-1', 'inc-1') };
  let lines = 0;
  fc.assert(
    fc.property(fc.array(event, { minLength: 5, maxLength: 40 }), (events) => {
      const log = logOf([REPAIRED[0], planned, ...events].filter((e) => e !== undefined));
      const entries = entriesOf('inc-1', log);
      const report = incidentReport(entries);
      if (report === undefined) throw new Error('no report');
      const all = report.sections.flatMap((s) => s.lines);
      lines += all.length;
      expect(untraceable(report, log)).toEqual([]);
      const [timeline] = report.sections;
      expect(timeline?.lines.flatMap((l) => l.events)).toEqual(entries.map((e) => e.seq));
      expect(timeline?.lines[0]?.text).toBe(entries[0] === undefined ? '' : storyOf(entries[0].event));
      for (const l of all) expect(report.markdown).toContain(`[${l.events.map((seq) => `#${seq}`).join(', ')}]`);
    }),
    { numRuns: runs },
  );
  process.stdout.write(`incident reports: ${runs} logs, ${lines} lines, all borne out\n`);
});
