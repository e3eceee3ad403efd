import { expect, test } from 'vitest';
import { type LogEvent, WorkloadLogs } from './workload-logs.ts';

/** One workload's logs, as they come from its pods. */

const START = Date.UTC(2026, 0, 5, 9);
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

function workload(logs = new WorkloadLogs()) {
  let now = START;
  const say = (line: string, more: Partial<LogEvent> = {}) =>
    logs.take({ at: now, pod: 'web-1', container: 'app', revision: '1', age: 10 * MINUTE, leaving: false, line, trace: [], ...more });
  return {
    logs,
    say,
    /** For so long, `each` is said every second; the pods of `revisions` are read meanwhile. */
    pass: (seconds: number, revisions: readonly string[], each: (second: number) => void) => {
      const told: string[] = [];
      for (let second = 0; second < seconds; second++) {
        each(second);
        for (const revision of revisions) logs.covered(revision, now, now + SECOND);
        now += SECOND;
        if (second % 2 === 1) told.push(...logs.judge(now).map((p) => `${p.news?.kind}: ${p.text}`));
      }
      return told;
    },
    roll: (revision: string) => logs.rolledOut(revision, now),
    patterns: () => logs.patterns(now, 5),
    now: () => now,
  };
}

const ORDINARY = ['order 17 taken', 'cache refreshed in 12 ms'];

test('an error that no earlier revision logged is told once for all replicas, when it goes on after the start', () => {
  const { pass, say, roll, patterns } = workload();
  roll('1');
  expect(pass(60, ['1'], (s) => say(`${ORDINARY[s % 2]}`))).toEqual([]);
  roll('2');
  const told = pass(60, ['2', '2'], (s) => {
    for (const pod of ['web-2', 'web-3']) say(`ERROR pool exhausted: ${s} of 10 in use`, { revision: '2', pod, age: s * SECOND });
  });
  expect(told).toEqual(['new: ERROR pool exhausted: <*> of <*> in use']);
  const [found] = patterns().filter((p) => p.news !== null);
  expect(found).toMatchObject({
    level: 'error',
    pods: 2,
    sinceRevision: '2',
    count: 120,
    news: { kind: 'new', revision: '2', before: 0, active: true },
  });
  expect(found?.news?.now).toBeCloseTo(60, 0);
});

test('what a start says, what an ending says, and what was said before in other words, is no news', () => {
  const { pass, say, roll } = workload();
  roll('1');
  pass(120, ['1'], (s) => say(s % 9 === 0 ? 'ERROR request of tenant alpha was refused by the quota service' : 'order 1 taken'));
  roll('2');
  const told = pass(120, ['2'], (s) => {
    const age = s * SECOND;
    if (s < 20) say('ERROR database is not there yet', { revision: '2', age });
    if (s % 9 === 0) say('ERROR request of tenant omega was refused by the quota service', { revision: '2', age });
    if (s < 40) say('ERROR connection closed while it was answered', { revision: '1', leaving: true });
    say('order 1 taken', { revision: '2', age });
  });
  expect(told).toEqual([]);
});

test('where nothing was read of an earlier revision nothing is new', () => {
  const { pass, say, roll } = workload();
  roll('2');
  expect(pass(120, ['2'], () => say('ERROR pool exhausted', { revision: '2' }))).toEqual([]);
});

test('an error that each pod logs much more often since a rollout is told; as often with twice as many pods is not', () => {
  const before = (run: ReturnType<typeof workload>) => {
    run.roll('1');
    run.pass(600, ['1'], (s) => run.say(s % 30 === 0 ? 'ERROR upstream timed out' : 'order 1 taken'));
    run.roll('2');
  };
  const more = workload();
  before(more);
  expect(more.pass(120, ['2'], (s) => more.say(s % 3 === 0 ? 'ERROR upstream timed out' : 'order 1 taken', { revision: '2' }))).toEqual([
    'more: ERROR upstream timed out',
  ]);
  const same = workload();
  before(same);
  expect(
    same.pass(300, ['2', '2'], (s) => {
      if (s % 15 === 0) same.say('ERROR upstream timed out', { revision: '2' });
    }),
  ).toEqual([]);
});

test('a burst is told against the hour before it, and not while a rollout runs', () => {
  const { pass, say, roll, now, logs } = workload();
  roll('1');
  expect(pass(20 * 60, ['1'], (s) => say(s % 20 === 0 ? 'ERROR upstream timed out' : 'order 1 taken'))).toEqual([]);
  const told = pass(120, ['1'], () => say('ERROR upstream timed out'));
  expect(told).toEqual(['burst: ERROR upstream timed out']);
  pass(10 * 60, ['1'], (s) => say(s % 20 === 0 ? 'ERROR upstream timed out' : 'order 1 taken'));
  expect(logs.patterns(now(), 1).find((p) => p.level === 'error')?.news).toMatchObject({ kind: 'burst', active: false });
  roll('2');
  expect(pass(60, ['2'], () => say('ERROR upstream timed out', { revision: '2', age: 0 }))).toEqual([]);
});

test('news is over when the revision is', () => {
  const { pass, say, roll, patterns } = workload();
  roll('1');
  pass(60, ['1'], () => say('order 1 taken'));
  roll('2');
  pass(60, ['2'], () => say('ERROR pool exhausted', { revision: '2' }));
  expect(patterns().find((p) => p.news !== null)?.news).toMatchObject({ active: true });
  roll('3');
  expect(pass(4, ['3'], () => say('order 1 taken', { revision: '3' }))).toEqual([]);
  expect(patterns().find((p) => p.news !== null)?.news).toMatchObject({ active: false });
});

test('a pattern stays the same one while it becomes more general, and what was stored goes on after a restart', () => {
  const first = workload();
  first.roll('1');
  const users = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank'];
  first.pass(2, ['1'], () => first.say('ERROR session of alice lost its lock'));
  const [{ id } = { id: '' }] = first.patterns();
  first.pass(users.length, ['1'], (s) => first.say(`ERROR session of ${users[s]} lost its lock`));
  expect(first.patterns().map((p) => [p.id, p.text, p.count])).toEqual([[id, 'ERROR session of <*> lost its lock', 8]]);
  first.logs.read.set('pod app', '2026-01-05T09:00:07.000000000');

  const again = new WorkloadLogs();
  again.restore(first.logs.changed());
  expect(again.read.get('pod app')).toBe('2026-01-05T09:00:07.000000000');
  const second = workload(again);
  second.say('ERROR session of zoe lost its lock', { at: first.now() });
  expect(again.patterns(first.now(), 5).map((p) => [p.id, p.text, p.count])).toEqual([[id, 'ERROR session of <*> lost its lock', 9]]);
  // Only what has changed since is stored again.
  again.changed();
  expect(again.changed()).toEqual([]);
});

test('lines under one head are told apart by what was thrown and where, not by line numbers', () => {
  const { say, patterns, pass } = workload();
  const trace = (what: string, where: string, line: number) => [
    `${what}: no`,
    `\tat ${where}(Cart.java:${line})`,
    '\tat java.lang.Thread.run(Thread.java:833)',
  ];
  pass(10, ['1'], (s) => {
    say('ERROR request failed', { trace: trace('java.io.IOException', 'app.Cart.load', 10 + s) });
    say('ERROR request failed', { trace: trace('java.io.IOException', 'app.Cart.save', 10) });
    say('ERROR request failed', { trace: trace('app.Refused', 'app.Cart.load', 10) });
  });
  expect(
    patterns()
      .map((p) => [p.text, p.count])
      .sort(),
  ).toEqual([
    ['ERROR request failed ⏎ app.Refused at app.Cart.load', 10],
    ['ERROR request failed ⏎ java.io.IOException at app.Cart.load', 10],
    ['ERROR request failed ⏎ java.io.IOException at app.Cart.save', 10],
  ]);
});

test('no credential is in a pattern, a sample or what is stored', () => {
  const { say, patterns, pass, logs } = workload();
  pass(3, ['1'], () => {
    say('ERROR login failed for sa with password: correct-horse-battery');
    say('ERROR cannot reach postgres://sa:sesame@db:5432/shop', { trace: ['X: y', '  at call (token=verysecretvalue)'] });
    say('{"level":"error","msg":"denied","authorization":"Bearer abcdefghijkl"}');
  });
  const all = JSON.stringify([patterns(), logs.changed()]);
  for (const secret of ['correct-horse', 'sesame', 'verysecret', 'abcdefghijkl']) expect(all).not.toContain(secret);
});

test('endless forms stay within bounds, errors keep their room, and no line is lost', () => {
  const { say, patterns, logs, pass } = workload();
  const letters = (n: number) => [...String(n)].map((c) => 'abcdefghij'[Number(c)]).join('');
  pass(400, ['1'], (s) => {
    for (let i = 0; i < 50; i++) say(`${letters(s * 50 + i)} ${letters(s * 31 + i)} said ${letters(i * 7)} to ${letters(s * 13 + i)}`);
  });
  pass(1, ['1'], () => say('ERROR the one that matters'));
  expect(logs.size).toBeLessThanOrEqual(510);
  const all = patterns();
  expect(all.reduce((sum, p) => sum + p.count, 0)).toBe(20_001);
  expect(all.find((p) => p.level === 'error')?.text).toBe('ERROR the one that matters');
});
