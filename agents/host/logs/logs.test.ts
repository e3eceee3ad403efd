import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { HostEvent, Incident, LogPattern } from '../../contract/index.ts';
import { HostEventSchema, LogPatternSchema } from '../../contract/index.ts';
import type { ClusterNotice } from '../ports/notices.ts';
import { Logs } from './logs.ts';
import type { WantedLogs } from './watch-list.ts';

const AT = '2026-01-05T09:00:00.000Z';
const pattern = (more: Partial<LogPattern>): LogPattern => ({
  ...{
    id: 't-1',
    namespace: 'shop',
    workload: 'Deployment/web',
    text: 'ERROR pool exhausted',
    level: 'error' as const,
    count: 12,
    perMinute: 6,
  },
  ...{ firstSeen: AT, lastSeen: AT, sinceRevision: '2', revisions: [], pods: 2, news: null },
  sample: { pod: 'web-1', container: 'app', at: AT, line: 'ERROR pool exhausted', trace: [] },
  minutes: { start: AT, counts: [12] },
  ...more,
});
const NEWS = {
  ...{ kind: 'new' as const, active: true, since: AT, toldAt: AT, revision: '2', rolledOutAt: AT, before: 0, now: 6, because: '12 lines' },
};

function logs(patterns: readonly LogPattern[] = [], incidents: readonly Incident[] = []) {
  const dataDir = mkdtempSync(join(tmpdir(), 'quarterdeck-logs-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true }));
  const events: HostEvent[] = [];
  const woken: string[] = [];
  const wanted: WantedLogs[] = [];
  const forgot: string[] = [];
  let hear: (notice: ClusterNotice) => void = () => undefined;
  const parts: ConstructorParameters<typeof Logs>[0] = {
    dataDir,
    kube: {
      logPatterns: () => Promise.resolve({ ok: true, value: { patterns: [...patterns], workloads: 1 } }),
      logWatching: () => Promise.reject(new Error('nobody asks')),
      forgetLogs: () => Promise.resolve(void forgot.push('follower')),
      wantLogs: (w) => void wanted.push(w),
      onNotice: (listener) => ((hear = listener), () => undefined),
    },
    metrics: { begin: () => Promise.resolve(), begun: true, forgetLogs: () => Promise.resolve(forgot.push('store')) },
    append: (event) => Promise.resolve(void events.push(event)),
    wake: (context) => void woken.push(context),
    maintenance: () => undefined,
    incidents: () => incidents,
  };
  const made = new Logs(parts);
  /** Whom a later life of the app wants at its start. */
  const again = () => {
    wanted.length = 0;
    new Logs(parts).close();
    return wanted.at(-1) ?? {};
  };
  return { logs: made, events, woken, wanted, forgot, dataDir, again, hear: (notice: ClusterNotice) => hear(notice) };
}

test('what has become news is one entry of the log, and agents look again', () => {
  const { events, woken, hear } = logs();
  const told = pattern({ news: NEWS });
  expect(LogPatternSchema.parse(told)).toEqual(told);
  hear({ type: 'logNews', context: 'one', patterns: [told] });
  expect(woken).toEqual(['one']);
  expect(events.map((e) => HostEventSchema.parse(e))).toEqual([
    {
      type: 'logs.patternAppeared',
      context: 'one',
      resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' },
      pattern: 't-1',
      text: 'ERROR pool exhausted',
      news: 'new',
      because: '12 lines',
      since: AT,
      revision: '2',
      lines: 12,
      pods: 2,
      sample: 'ERROR pool exhausted',
    },
  ]);
});

test('patterns are found by words, level and news, and come news first, errors then, the most frequent of each first', async () => {
  const { logs: it } = logs([
    pattern({ id: 'a', level: 'other', text: 'order taken', sample: { ...pattern({}).sample, line: 'order taken by Alice' }, count: 900 }),
    pattern({ id: 'b', count: 1 }),
    pattern({ id: 'c', count: 5 }),
    pattern({ id: 'd', news: NEWS }),
    pattern({ id: 'e', news: { ...NEWS, active: false } }),
  ]);
  const ids = async (query: object) => {
    const answer = await it.patterns('one', { news: false, minutes: 60, limit: 10, ...query });
    return answer.ok ? [answer.value.patterns.map((p) => p.id).join(''), answer.value.truncated] : answer;
  };
  expect(await ids({})).toEqual(['decba', false]);
  expect(await ids({ limit: 2 })).toEqual(['de', true]);
  expect(await ids({ search: 'ALICE order' })).toEqual(['a', false]);
  expect(await ids({ level: 'error', search: 'pool' })).toEqual(['decb', false]);
  expect((await it.news('one')).patterns.map((p) => p.id)).toEqual(['d']);
});

test('whom people chose is followed also after a restart, before who has an incident', () => {
  const resource = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart' };
  const incident = { context: 'one', rootCause: { resource }, affects: [{ ...resource, name: 'web' }] } as unknown as Incident;
  const { logs: it, wanted } = logs([], [incident]);
  const last = () => new Map(wanted.at(-1)?.['one']);
  expect([...last()]).toEqual([
    ['shop/Deployment/web', 'incident'],
    ['shop/Deployment/cart', 'incident'],
  ]);
  expect(it.watch('one', { namespace: 'shop', workload: 'Deployment/web' }, true)).toEqual([
    { namespace: 'shop', workload: 'Deployment/web' },
  ]);
  expect(last().get('shop/Deployment/web')).toBe('chosen');
  expect(it.watch('one', { namespace: 'shop', workload: 'Deployment/web' }, false)).toEqual([]);
  expect(last().get('shop/Deployment/web')).toBe('incident');
});

test('the store forgets before who follows does, or what is forgotten would be read from it again', async () => {
  const { logs: it, forgot } = logs();
  expect(await it.forget('one')).toBe(1);
  expect(forgot).toEqual(['store', 'follower']);
});

test('what people chose is known to a later life of the app; a file that cannot be understood chooses nobody and is written anew', () => {
  const { logs: it, dataDir, again } = logs();
  it.watch('one', { namespace: 'shop', workload: 'Deployment/web' }, true);
  it.watch('two', { namespace: 'shop', workload: 'Deployment/cart' }, true);
  expect(again()).toEqual({ one: [['shop/Deployment/web', 'chosen']], two: [['shop/Deployment/cart', 'chosen']] });
  it.watch('one', { namespace: 'shop', workload: 'Deployment/web' }, false);
  expect(again()).toEqual({ two: [['shop/Deployment/cart', 'chosen']] });
  writeFileSync(join(dataDir, 'followed-logs.json'), '{"two":[{"namespace":"shop"}]}');
  expect(again()).toEqual({});
  it.watch('one', { namespace: 'shop', workload: 'Deployment/web' }, true);
  expect(again()).toEqual({ one: [['shop/Deployment/web', 'chosen']] });
});
