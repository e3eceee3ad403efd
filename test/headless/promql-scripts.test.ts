import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { playScript } from '../../agents/core/promql/script.ts';

/**
 * The scripts Prometheus tests its own engine with, from its Go module. All cases are played; what asks for or reads what is outside the
 * subset (docs/promql.md) is counted apart, and told by what it is, never by its name.
 */

const MODULE = 'github.com/prometheus/prometheus@v0.305.0';

test('every public script of Prometheus whose cases are of the subset passes', () => {
  const said = execFileSync('go', ['mod', 'download', '-json', MODULE], { cwd: '/', encoding: 'utf8' });
  const folder = join((JSON.parse(said) as { Dir: string }).Dir, 'promql/promqltest/testdata');
  const files = readdirSync(folder).filter((f) => f.endsWith('.test'));
  const rows = files.map((file) => {
    const results = playScript(readFileSync(join(folder, file), 'utf8'));
    const count = (verdict: string) => results.filter((r) => r.verdict === verdict).length;
    const failed = results.filter((r) => r.verdict === 'failed').map((r) => `${file}:${r.line} ${r.query}: ${r.because}`);
    return { file, passed: count('passed'), outside: count('outside'), failed };
  });
  const total = (pick: (row: (typeof rows)[number]) => number) => rows.reduce((sum, row) => sum + pick(row), 0);
  process.stdout.write(
    [
      'script                      passed  outside  failed',
      ...rows.map(
        (r) => `${r.file.padEnd(28)}${String(r.passed).padStart(6)}${String(r.outside).padStart(9)}${String(r.failed.length).padStart(8)}`,
      ),
      `${'all'.padEnd(28)}${String(total((r) => r.passed)).padStart(6)}${String(total((r) => r.outside)).padStart(9)}${String(total((r) => r.failed.length)).padStart(8)}`,
      '',
    ].join('\n'),
  );
  expect(rows.flatMap((r) => r.failed)).toEqual([]);
  // Nothing was told to be outside that is not: the engine's own parts are nearly all within.
  expect(total((r) => r.passed)).toBeGreaterThan(800);
});
