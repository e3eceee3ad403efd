import { expect, test } from 'vitest';
import { clockWords, countWords, isLive, localTimes, stateWords } from './cluster-words.ts';

const asOf = '2026-11-23T14:05:00.000Z';

test('each state begins with its own word, and no two read alike', () => {
  const states = ['unknown', 'connecting', 'connected', 'stale', 'offline', 'unauthorised'] as const;
  const words = states.map((state) => stateWords({ state, stale: [], asOf }));
  expect(words.map((w) => w.split(':')[0])).toEqual(states);
  expect(new Set(words).size).toBe(states.length);
  expect(states.filter(isLive)).toEqual(['connected', 'stale']);
});

test('what is stale is named, and a long list is cut with its number', () => {
  expect(stateWords({ state: 'stale', stale: ['Pod'], asOf })).toBe('stale: Pod is not watched for now');
  const many = ['Pod', 'Node', 'Service', 'Secret', 'Job'];
  expect(stateWords({ state: 'stale', stale: many, asOf })).toBe('stale: Pod, Node, Service and 2 more are not watched for now');
});

test('never read and read before are two things', () => {
  expect(stateWords({ state: 'unknown', stale: [], asOf: null })).toBe('unknown: never read');
  expect(stateWords({ state: 'unknown', stale: [], asOf })).toBe('unknown: not watched now');
});

test('counts name what people ask for first, and say nothing where nothing is known', () => {
  expect(countWords({ objects: 7, counts: { Pod: 4, Secret: 2, Node: 1, Deployment: 0 } })).toBe('7: 1 node, 4 pods');
  expect(countWords({ objects: null, counts: {} })).toBe('–');
});

test('a time of today is a time, one of another day has its day, one of another year its year', () => {
  const now = new Date(2026, 10, 23, 17, 0).getTime();
  expect(clockWords(new Date(2026, 10, 23, 14, 5).getTime(), now, 'en-GB')).toBe('14:05');
  expect(clockWords(new Date(2026, 10, 22, 14, 5).getTime(), now, 'en-GB')).toMatch(/^22 Nov.*14:05$/);
  expect(clockWords(new Date(2025, 10, 22, 14, 5).getTime(), now, 'en-GB')).toContain('2025');
});

test('times within words are said as the clock of the reader says them, each of them; other numbers stay', () => {
  const now = new Date(2026, 10, 23, 17, 0).getTime();
  const at = (hour: number) => new Date(2026, 10, 23, hour, 5).toISOString();
  expect(localTimes(`web 2026-11 was changed at ${at(14)}, and failed at ${at(15)}`, now, 'en-GB')).toBe(
    'web 2026-11 was changed at 14:05, and failed at 15:05',
  );
});
