import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Envelope, FixReport } from '../../agents/contract/index.ts';
import { folder } from './fleet.ts';

const bin = join(import.meta.dirname, '..', '..', 'agents', 'host', 'cli', 'quarterdeck.mjs');

/** The command as somebody types it, on the demo fleet. */
function quarterdeck(dataDir: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [bin, ...args, '--demo', '--data-dir', dataDir], {
    encoding: 'utf8',
    env: { ...process.env, HOME: dataDir, KUBECONFIG: '' },
  });
}

test('fix --yes repairs what a plan can, verified, and says so in the log; above --max-risk it touches nothing', () => {
  const dataDir = folder();
  const timid = quarterdeck(dataDir, 'fix', '--yes', '-n', 'freight', '--max-risk', 'low', '-o', 'json');
  expect((JSON.parse(timid.stdout) as FixReport).plans).toMatchObject([
    { decision: 'skipped', outcome: null, reason: 'its risk is medium, more than low' },
  ]);
  expect(timid.status).toBe(4);

  const bold = quarterdeck(dataDir, 'fix', '--yes', '-n', 'freight', '-o', 'json');
  expect((JSON.parse(bold.stdout) as FixReport).plans).toMatchObject([
    { decision: 'approved', outcome: 'done', verified: true, actions: [{ type: 'patch' }] },
  ]);
  expect(bold.status).toBe(0);

  const events = quarterdeck(dataDir, 'events', '-o', 'json')
    .stdout.trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as Envelope).event.type);
  expect(events.filter((type) => type === 'action.started')).toHaveLength(1);
  expect(events.indexOf('plan.verified')).toBeGreaterThan(events.indexOf('action.succeeded'));

  // What was done can be proven afterwards: the log holds, its state follows from it, and an exported copy is checked by itself.
  const audit = quarterdeck(dataDir, 'audit', 'verify', '-o', 'json');
  expect(JSON.parse(audit.stdout)).toMatchObject({
    log: { intact: true, unvouched: [], problem: null },
    replay: { same: true, difference: null },
  });
  const exported = join(dataDir, 'export.jsonl');
  expect(quarterdeck(dataDir, 'audit', 'export', '--out', exported, '-q').status).toBe(0);
  expect(quarterdeck(dataDir, 'audit', 'export', '--out', exported).stderr).toContain('exists already');
  expect(quarterdeck(dataDir, 'audit', 'verify', exported).status).toBe(0);
  writeFileSync(exported, readFileSync(exported, 'utf8').replace('"decision":"approved"', '"decision":"rejected"'));
  const forged = quarterdeck(dataDir, 'audit', 'verify', exported);
  expect(forged.stdout).toMatch(/^Entry \d+ of .* is not what was written/);
  expect(forged.status).toBe(1);
  const first = JSON.parse(quarterdeck(dataDir, 'audit', 'export', '--format', 'cloudevents').stdout.split('\n')[0] ?? '') as object;
  expect(first).toMatchObject({ specversion: '1.0', id: '1', type: 'dev.quarterdeck.app.started', data: { seq: 1 } });
});

test('words that are no KIND/NAME end with 2 and a sentence that says what was expected', () => {
  const told = quarterdeck(folder(), 'diagnose', 'demo-harbor');
  expect(told.status).toBe(2);
  expect(told.stderr).toContain('expected KIND/NAME, for example deployment/checkout');
});
