import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { keepPlace, readPlace } from './window-place.ts';

const dir = mkdtempSync(join(tmpdir(), 'quarterdeck-window-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const file = join(dir, 'window.json');
const LAPTOP = { x: 0, y: 0, width: 1440, height: 900 };
const BESIDE = { x: 1440, y: -200, width: 2560, height: 1440 };
const usual = { width: 1360, height: 880, maximized: false };

test('a window comes back where it was', () => {
  const place = { x: 1600, y: 100, width: 1000, height: 700, maximized: false };
  keepPlace(file, place);
  expect(readPlace(file, [LAPTOP, BESIDE])).toEqual(place);
});

test('whose screen is gone, it keeps its size and the system places it', () => {
  expect(readPlace(file, [LAPTOP])).toEqual({ width: 1000, height: 700, maximized: false });
});

test('a title bar above or beside every screen cannot be taken hold of', () => {
  for (const place of [
    { x: 100, y: -300 },
    { x: -950, y: 10 },
    { x: 1400, y: 10 },
    { x: 100, y: 890 },
  ]) {
    keepPlace(file, { ...place, width: 1000, height: 700, maximized: true });
    expect(readPlace(file, [LAPTOP]), JSON.stringify(place)).toEqual({ width: 1000, height: 700, maximized: true });
  }
});

test.each(['', 'null', '[]', '{"width":"wide","height":1}', '{"width":1e99,"height":700}', '{"width":900'])(
  'of a file that says %s nothing is taken',
  (text) => {
    writeFileSync(file, text);
    expect(readPlace(file, [LAPTOP])).toEqual(usual);
  },
);

test('no file, and a folder that is not there', () => {
  expect(readPlace(join(dir, 'none', 'window.json'), [LAPTOP])).toEqual(usual);
  expect(() => keepPlace(join(dir, 'none', 'window.json'), usual)).not.toThrow();
});
