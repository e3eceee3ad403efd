import { expect, test } from 'vitest';
import { forecastWords, templatesWords, UnusualMoments } from './analyze-words.ts';

const NOW = Date.UTC(2026, 8, 24, 4, 0);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const nothing = { exhaustsAt: null, earliest: null, latest: null, since: null };

test('a forecast says the answer first, then what it stands on', () => {
  const told = { exhaustsAt: NOW + 53 * MINUTE, earliest: NOW + 40 * MINUTE, latest: NOW + 70 * MINUTE, since: NOW - HOUR };
  expect(forecastWords({ ...told, confidence: 0.97, because: 'it rises' }, 512, 2 * HOUR, NOW)).toBe(
    '512 is reached in about 53 minutes, at 2026-09-24 04:53:00 UTC (between 2026-09-24 04:40:00 UTC and 2026-09-24 05:10:00 UTC, 97 % sure).\nIt rises.',
  );
  expect(forecastWords({ ...told, exhaustsAt: NOW, confidence: 1, because: 'it is at 600 of 512 now' }, 512, HOUR, NOW)).toBe(
    '512 is reached already.\nIt is at 600 of 512 now.',
  );
  expect(forecastWords({ ...nothing, confidence: 0.95, because: 'it does not rise' }, 512, 2 * HOUR, NOW)).toBe(
    '512 is not expected to be reached within 2 hours (95 % sure).\nIt does not rise.',
  );
  expect(forecastWords({ ...nothing, confidence: 0, because: 'not enough history' }, 512, 24 * HOUR, NOW)).toBe(
    'It cannot be said whether 512 is reached within 24 hours.\nNot enough history.',
  );
});

test('of a series the unusual moments are said, or that there are none', () => {
  const moments = new UnusualMoments();
  moments.take({ at: NOW, value: 1 }, { low: 0, high: 2, score: 0.1, trait: 'point' });
  expect(moments.words()).toBe('Nothing unusual in 1 point from 2026-09-24 04:00:00 UTC to 2026-09-24 04:00:00 UTC.');
  moments.take({ at: NOW + MINUTE, value: 9.12345 }, { low: 0, high: 2, score: 0.7, trait: 'level' });
  expect(moments.words().split('\n').slice(-1)).toEqual(['2026-09-24 04:01:00 UTC   9.123   0 to 2     0.70    another level']);
});

test('of a log the errors that began in it come first', () => {
  const template = (text: string, count: number, first: number, last: number) => ({ id: text, text, count, first, last });
  const words = templatesWords([template('INFO fine', 80, 1, 100), template('ERROR no space left', 20, 70, 99)], 100);
  expect(words.split('\n').slice(0, 4)).toEqual([
    'New in this file: 20 errors from line 70 to 99, none before.',
    '  ERROR no space left',
    '',
    '2 templates in 100 lines.',
  ]);
});
