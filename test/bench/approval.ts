import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Plan } from '../../agents/contract/index.ts';
import { startApiServer } from '../../agents/host/doubles/api-server/server.ts';
import { kubeconfigOf } from '../../agents/host/doubles/kubeconfig.ts';
import { serve } from '../../agents/host/serve.ts';
import { idleCluster } from './idle-cluster.ts';
import { table } from './table.ts';

const WARM_UP = 3;

const ranked = (values: readonly number[], share: number): string => {
  const sorted = [...values].sort((a, b) => a - b);
  return `${(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN).toFixed(1)} ms`;
};

/** From a person's yes, as the page sends it, to the first request at the API server, and to the change itself, over HTTP on loopback. */
export async function benchApproval(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'quarterdeck-bench-'));
  const objects = idleCluster().map((o) =>
    o.kind === 'Service' ? { ...o, spec: { ...(o['spec'] as object), selector: { app: `${o.metadata.name}x` } } } : o,
  );
  const server = await startApiServer({ objects });
  const served = await serve({
    dataDir: join(dir, 'data'),
    kubeconfigPaths: [kubeconfigOf(dir, 'idle', server.url, { token: 'none' })],
    demo: false,
    env: {},
    log: () => undefined,
  });
  if (!served.ok) throw new Error(served.failure.message);
  const { url, token, close } = served.value;
  const call = async (method: string, path: string, body?: object): Promise<unknown> => {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    return answer.json();
  };
  try {
    await call('POST', '/diagnosis', { context: 'idle' });
    const { plans } = (await call('GET', '/plans?state=waiting')) as { plans: Plan[] };
    const [first, changed]: [number[], number[]] = [[], []];
    for (const [i, plan] of plans.entries()) {
      const before = server.requests.length;
      const begun = performance.now();
      await call('POST', `/plans/${plan.id}/decide`, { hash: plan.hash, decision: 'approved', by: 'bench' });
      const { kind, name } = plan.actions[0]?.target ?? { kind: '', name: '' };
      const isWrite = (r: { method: string; path: string; dryRun: boolean }) =>
        r.method === 'PATCH' && !r.dryRun && r.path.endsWith(`/${name}`);
      const arrived = () => server.requests.slice(before).find(isWrite);
      for (const deadline = begun + 5_000; arrived() === undefined && performance.now() < deadline;)
        await new Promise((go) => setImmediate(go));
      const next = server.requests.slice(before).find((r) => r.path.includes(`${kind.toLowerCase()}s`));
      if (i < WARM_UP) continue;
      first.push((next?.at ?? NaN) - begun);
      changed.push((arrived()?.at ?? NaN) - begun);
    }
    process.stdout.write(
      `\na yes, ${first.length} plans one after the other\n${table(
        ['from the click to', 'median', '95 of 100', 'at most'],
        [
          ['the first request about the object at the API server', ranked(first, 0.5), ranked(first, 0.95), '100 ms'],
          ['the change itself, after rehearsal and drift check', ranked(changed, 0.5), ranked(changed, 0.95), ''],
        ],
      )}\n`,
    );
  } finally {
    await close();
    await server.close();
    rmSync(dir, { recursive: true, force: true });
  }
}
