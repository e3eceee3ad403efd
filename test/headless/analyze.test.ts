import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** `quarterdeck analyze` as people run it, in a process of its own. */

const MAIN = join(import.meta.dirname, '..', '..', 'agents', 'host', 'cli', 'main.ts');
let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'quarterdeck-analyze-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly out: readonly unknown[];
  readonly err: string;
}

function analyze(args: readonly string[], content: string | Buffer): Promise<Ended> {
  const file = join(dir, 'file');
  writeFileSync(file, content);
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [MAIN, 'analyze', args[0] ?? '', file, ...args.slice(1)], { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => (out += String(chunk)));
    child.stderr.on('data', (chunk) => (err += String(chunk)));
    child.on('close', (code) => {
      const lines = out.split('\n').filter((line) => line !== '');
      resolve({ code, out: lines.map((line): unknown => JSON.parse(line)), err: err.replaceAll(file, 'FILE') });
    });
  });
}

test('anomalies: a line a point, bad rows said with their line and left out', async () => {
  const rows = ['timestamp,value', '1700000000,1', '1700000060,NaN', '1700000120,2', 'x', '1700000060,3'];
  const { code, out, err } = await analyze(['anomalies'], rows.join('\n'));
  expect([code, out]).toEqual([
    0,
    ['2023-11-14T22:13:20.000Z', '2023-11-14T22:15:20.000Z', '2023-11-14T22:14:20.000Z'].map((at, i) => ({
      at,
      value: i + 1,
      low: expect.any(Number) as number,
      high: expect.any(Number) as number,
      score: 0,
      trait: 'point',
    })),
  ]);
  expect(err).toBe(
    'FILE, line 3: has the value "NaN", which is no number; the row is left out.\n' +
      'FILE, line 5: is not a timestamp, a comma and a value; the row is left out.\n' +
      'FILE, line 6: not later than the row before it; it is judged where it stands.\n',
  );
});

test('a file without one good row is refused in words', async () => {
  const { code, out, err } = await analyze(['anomalies'], Buffer.from([0, 1, 2, 255, 10, 0]));
  expect([code, out]).toEqual([2, []]);
  expect(err).toMatch(/FILE holds no row that could be read\.\nA row is a timestamp/);
});

test('forecast: one object; a limit is needed', async () => {
  const rows = Array.from({ length: 301 }, (_, i) => `${1_700_000_000 + 60 * i},${100 + 2 * i + (i % 3)}`).join('\n');
  const [told, refused] = [await analyze(['forecast', '--limit', '900', '--horizon', '2h'], rows), await analyze(['forecast'], rows)];
  const [answer] = told.out as [{ exhaustsAt: string }];
  // 900 is reached 400 minutes after the first row.
  expect(Math.abs(Date.parse(answer.exhaustsAt) - (1_700_000_000 + 400 * 60) * 1000)).toBeLessThan(3 * 60_000);
  expect([refused.code, refused.err]).toEqual([2, 'There is no limit to reach.\nGive one in the unit of the values: --limit 536870912\n']);
});

test('forecast: too little, reached already, falling, and hours apart are told for what they are', async () => {
  const rows = (count: number, every: number, value: (i: number) => number) =>
    Array.from({ length: count }, (_, i) => `${1_700_000_000 + every * i},${value(i)}`).join('\n');
  const forecast = async (content: string, ...args: string[]) => {
    const { code, out } = await analyze(['forecast', ...args], content);
    return [code, out[0]];
  };
  expect(
    await forecast(
      rows(5, 60, (i) => i),
      '--limit',
      '100',
    ),
  ).toEqual([
    0,
    {
      exhaustsAt: null,
      earliest: null,
      latest: null,
      confidence: 0,
      because: expect.stringMatching(
        /^not enough history: \d+ more minutes(?:; if it goes on as it does, it is reached in about \d+ minutes)?$/,
      ) as string,
    },
  ]);
  expect(
    await forecast(
      rows(60, 60, (i) => 200 + i),
      '--limit',
      '100',
    ),
  ).toMatchObject([0, { exhaustsAt: '2023-11-14T23:12:20.000Z', confidence: 1 }]);
  expect(
    await forecast(
      rows(300, 60, (i) => 900 - i + (i % 3)),
      '--limit',
      '1000',
    ),
  ).toMatchObject([0, { exhaustsAt: null, because: expect.stringContaining('does not rise') as string }]);
  const [, hourly] = (await forecast(
    rows(200, 3600, (i) => 100 + i + (i % 3)),
    '--limit',
    '320',
    '--horizon',
    '2d',
  )) as [number, { exhaustsAt: string }];
  // 320 is reached about 219 hours after the first row.
  expect(Math.abs(Date.parse(hourly.exhaustsAt) - (1_700_000_000 + 219 * 3600) * 1000)).toBeLessThan(3 * 3_600_000);
});

test('what it cannot do is said: another word, a length that is none, a limit that is no number', async () => {
  const ends = await Promise.all([
    analyze(['weather'], '1,2'),
    analyze(['forecast', '--limit', '9', '--horizon', 'soon'], '1,2'),
    analyze(['forecast', '--limit', 'much'], '1,2'),
  ]);
  expect(ends.map(({ code, err }) => [code, err.split('\n')[0]])).toEqual([
    [2, 'There is no analyze weather.'],
    [2, 'soon is no length of time.'],
    [2, 'There is no limit to reach.'],
  ]);
});

test('logs: a template for each line, then the templates; binary and a line of 10 MB are lines too', async () => {
  const lines = ['disk 1 is full', `start ${'x'.repeat(10 * 1024 * 1024)}`, '\u0000\u0001\ufffd', 'disk 2 is full'];
  const { code, out } = await analyze(['logs'], Buffer.from(lines.join('\n')));
  const [a, b, c, d, ...templates] = out as { template?: string; id?: string; text?: string; count?: number }[];
  expect([code, a?.template === d?.template, new Set([a?.template, b?.template, c?.template]).size]).toEqual([0, true, 3]);
  expect(templates.map((t) => t.count)).toEqual([2, 1, 1]);
  expect(templates[0]).toEqual({ id: a?.template, text: 'disk <*> is full', count: 2 });
});

test('-o wide: what was found in words', async () => {
  const file = join(dir, 'words');
  const words = async (...args: readonly string[]) =>
    (await promisify(execFile)(process.execPath, [MAIN, 'analyze', ...args, file, '-o', 'wide'])).stdout.split('\n');
  writeFileSync(
    file,
    Array.from({ length: 60 }, (_, i) => `cpu{pod="a"} ${i === 50 ? 90 : 10 + (i % 3)} ${1_700_000_000 + 60 * i}\n`).join(''),
  );
  expect((await words('anomalies')).filter((line) => line.includes('stands out'))).toEqual([
    expect.stringContaining('2023-11-14 23:03:20 UTC   90 '),
  ]);
  expect((await words('forecast', '--limit', '100'))[0]).toMatch(/^100 is not expected to be reached within 2 hours/);
  writeFileSync(file, 'INFO a fine line\nINFO a fine line\n');
  expect((await words('logs'))[0]).toBe('1 template in 2 lines.');
});
