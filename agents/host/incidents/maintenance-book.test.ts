import { expect, test } from 'vitest';
import type { Finding, HostEvent, Maintenance, Report } from '../../contract/index.ts';
import { at, finding } from '../../core/samples.ts';
import { AGENTS } from '../../specialists/index.ts';
import { Announcements } from '../crew/announcements.ts';
import { TurnedClock } from '../doubles/turned-clock.ts';
import { IncidentBook } from './incidents.ts';
import { MaintenanceBook } from './maintenance-book.ts';

/** Maintenance, the incidents and the announcements found in it, on a clock that is turned. */

const MINUTE = 60_000;
const report = (...findings: Finding[]): Report => ({
  ...{ context: 'prod', version: 1, findings, relations: [], drafts: [], advice: [], unexplained: [] },
  ...{ incomplete: [], ruledOut: [], settled: true, objects: 1, tookMs: 1 },
});

function watched(given: (now: number) => Partial<Maintenance>) {
  const clock = new TurnedClock();
  const events: HostEvent[] = [];
  const woken: string[] = [];
  const over: string[] = [];
  const iso = (ms: number) => new Date(ms).toISOString();
  const known: Maintenance = {
    ...{ id: 'mnt-1', context: 'prod', scope: {}, reason: 'new disks', by: 'kim' },
    ...{ from: iso(clock.now()), until: iso(clock.now() + 30 * MINUTE), at: iso(clock.now()) },
    ...given(clock.now()),
  };
  const maintenance = new MaintenanceBook(
    {
      clock,
      over: ({ id }) => over.push(id),
      turned: (contexts) => {
        for (const context of contexts) {
          book.maintenanceTurned(context);
          announcements.again(context);
        }
      },
    },
    [known],
  );
  const book: IncidentBook = new IncidentBook(
    clock,
    {
      record: (said) => Promise.resolve(void events.push(...said)),
      refused: () => undefined,
      resolved: () => undefined,
      changed: () => undefined,
    },
    [],
    [],
    (...found) => maintenance.of(...found),
  );
  const announcements: Announcements = new Announcements({
    append: (event) => Promise.resolve(void events.push(event)),
    tell: (_, types) => woken.push([...types].join(' ')),
    maintenance: (context, resource) => maintenance.of(context, resource),
  });
  const incidents = () =>
    events.flatMap((e) =>
      e.type === 'incident.opened' || e.type === 'incident.updated' ? [[e.type, e.incident.maintenance?.reason ?? 'told'] as const] : [],
    );
  return { clock, events, woken, over, maintenance, book, announcements, incidents };
}

const fault = finding('CFG-001', 'Deployment/web');

test('an incident found in maintenance is marked, and told when it is over by itself', async () => {
  const { clock, over, book, maintenance, incidents } = watched(() => ({}));
  book.take('troubleshooting', report(fault));
  expect(incidents()).toEqual([['incident.opened', 'new disks']]);
  await clock.turn(31 * MINUTE);
  expect(incidents().slice(1)).toEqual([['incident.updated', 'told']]);
  expect([over, maintenance.all(), book.open()[0]?.maintenance]).toEqual([['mnt-1'], [], undefined]);
  book.close();
  maintenance.close();
});

test('hours that come again mark and tell at their minute; what was told before is marked when they begin', async () => {
  // The clock begins at nine.
  const { clock, book, maintenance, incidents, over } = watched(() => ({
    until: null,
    window: { from: '09:05', to: '09:10', timezone: 'UTC' },
  }));
  book.take('troubleshooting', report(fault));
  await clock.turn(6 * MINUTE);
  await clock.turn(6 * MINUTE);
  expect(incidents()).toEqual([
    ['incident.opened', 'told'],
    ['incident.updated', 'new disks'],
    ['incident.updated', 'told'],
  ]);
  expect([over, maintenance.all().length]).toEqual([[], 1]);
  book.close();
  maintenance.close();
});

test('what ended while nobody was there is over at the start', async () => {
  const { clock, over, maintenance } = watched((now) => ({ until: new Date(now - MINUTE).toISOString() }));
  await clock.turn(1);
  expect([over, maintenance.all()]).toEqual([['mnt-1'], []]);
});

test('an announcement in maintenance is in the log and wakes nobody; still so afterwards, it is told', async () => {
  const agent = AGENTS.find((a) => a.checks.some((c) => c.announces === 'anomaly.detected'));
  const code = agent?.checks.find((c) => c.announces === 'anomaly.detected')?.code;
  if (agent === undefined || code === undefined) throw new Error('no agent announces anomalies');
  const { clock, events, woken, announcements, maintenance } = watched(() => ({ scope: { namespace: 'shop' } }));
  announcements.take(agent, report(finding(code, 'Deployment/web'), finding(code, 'Deployment/office/mail')));
  const said = () => events.flatMap((e) => (e.type === 'anomaly.detected' ? [`${e.resource.name} ${e.maintenance ?? 'told'}`] : []));
  expect([said(), woken, announcements.of('prod').map((a) => a.resource)]).toEqual([
    ['web mnt-1', 'mail told'],
    ['anomaly.detected'],
    [at('Deployment/office/mail')],
  ]);
  await clock.turn(31 * MINUTE);
  expect([said().slice(2), woken.length, announcements.of('prod').length]).toEqual([['web told'], 2, 2]);
  maintenance.close();
});

test('what came and went in maintenance was told to nobody, and wakes nobody when it goes', () => {
  const agent = AGENTS.find((a) => a.checks.some((c) => c.announces === 'anomaly.detected'));
  const code = agent?.checks.find((c) => c.announces === 'anomaly.detected')?.code;
  if (agent === undefined || code === undefined) throw new Error('no agent announces anomalies');
  const { woken, announcements, maintenance } = watched(() => ({}));
  announcements.take(agent, report(finding(code, 'Deployment/web')));
  announcements.take(agent, report());
  expect([woken, announcements.of('prod')]).toEqual([[], []]);
  maintenance.close();
});
