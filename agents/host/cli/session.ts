import type { ContractRouterClient } from '@orpc/contract';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Contract, Outcome } from '../../contract/index.ts';
import { defaultDataDir, demoDataDir, noKubeconfig } from '../data-dir.ts';
import { readRunning } from '../store/lock.ts';
import { Refusal } from './exit.ts';
import type { CommonFlags } from './flags.ts';
import { showSignIns } from './sign-in.ts';

export type Client = ContractRouterClient<Contract>;

/** A verb's access to the core: the app that runs on this data directory, or one of its own for as long as the verb takes. */
export interface Session {
  readonly client: Client;
  /** Whether it talks to an app that goes on without it. */
  readonly remote: boolean;
  close(): Promise<void>;
}

/** Whether nothing but the demo fleet can be meant. */
export const isDemo = (flags: CommonFlags): boolean =>
  flags.demo === true || (flags.kubeconfig === undefined && noKubeconfig({ env: process.env }));

export const dataDirOf = (flags: CommonFlags): string => resolve(flags.dataDir ?? (isDemo(flags) ? demoDataDir() : defaultDataDir()));

/** Runs a verb with a session and closes it, whatever happens. Without a kubeconfig it is refused, unless the verb can do without. */
export async function withSession(
  flags: CommonFlags,
  work: (session: Session) => Promise<number>,
  needsKubeconfig = true,
): Promise<number> {
  const session = await openSession(flags, needsKubeconfig);
  const interrupted = () => void session.close().finally(() => process.exit(130));
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', interrupted);
  const done = new AbortController();
  void showSignIns(session.client, done.signal);
  try {
    return await work(session);
  } finally {
    done.abort();
    process.off('SIGINT', interrupted);
    process.off('SIGTERM', interrupted);
    await session.close();
  }
}

/** Another verb, or an app that begins, has the data directory for a moment: so long is waited for it, milliseconds. */
const PATIENCE_MS = 10_000;
const AGAIN_MS = 150;

async function openSession(flags: CommonFlags, needsKubeconfig: boolean): Promise<Session> {
  const dataDir = dataDirOf(flags);
  const since = performance.now();
  for (let tries = 0; ; tries++) {
    const running = readRunning(dataDir);
    if (running !== undefined) {
      const { attach } = await import('./attach.ts');
      return { client: await attach(running, flags), remote: true, close: () => Promise.resolve() };
    }
    const own = await ownSession(dataDir, flags, needsKubeconfig);
    if (own.ok) return own.value;
    if (own.failure.code !== 'data-dir-locked' || performance.now() - since > PATIENCE_MS) throw new Refusal(own.failure);
    if (tries === 0 && flags.quiet !== true) process.stderr.write(`${own.failure.message} Waiting for it.\n`);
    await pause(AGAIN_MS);
  }
}

async function ownSession(dataDir: string, flags: CommonFlags, needsKubeconfig: boolean): Promise<Outcome<Session>> {
  const { startApp } = await import('../wiring.ts');
  const { stderrLog } = await import('../app-log.ts');
  const kubeconfigPaths = flags.kubeconfig === undefined ? undefined : [flags.kubeconfig];
  if (needsKubeconfig && flags.demo !== true && isDemo(flags))
    throw new Refusal({
      code: 'kubeconfig-missing',
      message: 'No kubeconfig was found: $KUBECONFIG is not set and ~/.kube/config does not exist.',
      hint: 'Pass --kubeconfig, add one with quarterdeck contexts add PATH, or try the demo fleet with --demo.',
    });
  const started = await startApp({ dataDir, demo: flags.demo === true, env: process.env, log: stderrLog(true), kubeconfigPaths });
  if (!started.ok) return started;
  const { app, close } = started.value;
  return { ok: true, value: { client: app.client as Client, remote: false, close } };
}
