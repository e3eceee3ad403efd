import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Agent } from '../../agents/core/agent.ts';
import { type Running, startApp } from '../../agents/host/wiring.ts';

/** A data directory that is gone after the test. */
export function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'quarterdeck-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** The real app over the demo fleet: real threads, real SQLite, real HTTP; closed after the test. */
export async function demoApp(options: { dataDir?: string; agents?: { list: readonly Agent[]; registry: string } } = {}): Promise<Running> {
  const dataDir = options.dataDir ?? folder();
  const started = await startApp({
    dataDir,
    demo: true,
    env: {},
    home: dataDir,
    log: () => undefined,
    ...(options.agents === undefined ? {} : { agents: options.agents }),
  });
  if (!started.ok) throw new Error(started.failure.message);
  onTestFinished(() => started.value.close());
  return started.value;
}

export const TEMPEST = 'demo-tempest';

/** What is wrong in the stormy cluster of the demo: code and object. */
export const FAULTS = [
  'CFG-001 Deployment/shop/checkout',
  'IMG-002 Deployment/shop/catalog',
  'POD-004 Deployment/office/labels',
  'SCH-001 Deployment/freight/tracking',
  'SVC-001 Service/shop/cart',
];
