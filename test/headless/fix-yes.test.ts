import { spawnSync } from 'node:child_process';
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
});

test('words that are no KIND/NAME end with 2 and a sentence that says what was expected', () => {
  const told = quarterdeck(folder(), 'diagnose', 'demo-harbor');
  expect(told.status).toBe(2);
  expect(told.stderr).toContain('expected KIND/NAME, for example deployment/checkout');
});
