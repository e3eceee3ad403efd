import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

test('logs: a template for each line, then the templates; binary and a line of 10 MB are lines too', async () => {
  const lines = ['disk 1 is full', `start ${'x'.repeat(10 * 1024 * 1024)}`, '\u0000\u0001\ufffd', 'disk 2 is full'];
  const { code, out } = await analyze(['logs'], Buffer.from(lines.join('\n')));
  const [a, b, c, d, ...templates] = out as { template?: string; id?: string; text?: string; count?: number }[];
  expect([code, a?.template === d?.template, new Set([a?.template, b?.template, c?.template]).size]).toEqual([0, true, 3]);
  expect(templates.map((t) => t.count)).toEqual([2, 1, 1]);
  expect(templates[0]).toEqual({ id: a?.template, text: 'disk <*> is full', count: 2 });
});
