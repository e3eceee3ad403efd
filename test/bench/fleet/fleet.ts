import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FleetCounts, FleetStart, FromFleet, ToFleet } from './server.ts';

/** A running fleet server and a kubeconfig with a context for each of its clusters: `c0`, `c1`, … */
export interface Fleet {
  readonly url: string;
  readonly kubeconfig: string;
  /** Since the last time asked. */
  counts(): Promise<FleetCounts>;
  /** Resolves when all changes were sent. */
  churn(perSecond: number, seconds: number, turns?: number): Promise<number>;
  busy(times: number): void;
  close(): Promise<void>;
}

export async function startFleet(start: FleetStart): Promise<Fleet> {
  const child = fork(join(import.meta.dirname, 'server.ts'), [JSON.stringify(start)], { execArgv: ['--max-old-space-size=4096'] });
  const ready = await heard(child, 'ready');
  const dir = mkdtempSync(join(tmpdir(), 'quarterdeck-bench-'));
  const kubeconfig = join(dir, 'config');
  const names = Array.from({ length: start.clusters }, (_, n) => n);
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      'current-context': 'c0',
      clusters: names.map((n) => ({
        name: `c${n}`,
        cluster: { server: `${ready.url}/c/${n}`, 'certificate-authority-data': Buffer.from(ready.ca).toString('base64') },
      })),
      users: [{ name: 'bench', user: { token: 'bench' } }],
      contexts: names.map((n) => ({ name: `c${n}`, context: { cluster: `c${n}`, user: 'bench' } })),
    }),
  );
  const say = (message: ToFleet) => void child.send(message);
  return {
    url: ready.url,
    kubeconfig,
    counts: () => {
      const answer = heard(child, 'counts');
      say({ type: 'counts' });
      return answer;
    },
    churn: async (perSecond, seconds, turns) => {
      const done = heard(child, 'churned');
      say({ type: 'churn', perSecond, seconds, ...(turns === undefined ? {} : { turns }) });
      return (await done).changes;
    },
    busy: (times) => say({ type: 'busy', times }),
    close: async () => {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.disconnect();
      await gone;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function heard<T extends FromFleet['type']>(child: ChildProcess, type: T): Promise<Extract<FromFleet, { type: T }>> {
  return new Promise((resolve, reject) => {
    const listen = (message: FromFleet): void => {
      if (message.type !== type) return;
      child.off('message', listen);
      resolve(message as Extract<FromFleet, { type: T }>);
    };
    child.on('message', listen);
    child.once('exit', (code) => reject(new Error(`the fleet server ended with ${code}`)));
  });
}
