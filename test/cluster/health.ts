import { Resolver } from 'node:dns/promises';
import { Api, type Obj } from './api.ts';
import { hasBaseline } from './baseline.ts';
import type { Instance } from './instance.ts';
import { NODE } from './pki.ts';

/** How one knows that a cluster is well. */

export const allRun = (programs: Readonly<Record<string, boolean>>) =>
  Object.keys(programs).length > 0 && Object.values(programs).every(Boolean);

export async function nodeReady(instance: Instance): Promise<boolean> {
  let api: Api | undefined;
  try {
    api = new Api(instance);
    const { status, body } = await api.call('GET', `/api/v1/nodes/${NODE}`);
    const conditions = (body['status'] as { conditions?: { type: string; status: string }[] } | undefined)?.conditions ?? [];
    return status === 200 && conditions.some((c) => c.type === 'Ready' && c.status === 'True');
  } catch {
    return false;
  } finally {
    api?.close();
  }
}

/** A real answer for the API's own name, from CoreDNS. */
export async function dnsAnswers(api: Api): Promise<boolean> {
  const pods = await api.list<Obj & { status?: { podIP?: string } }>('/api/v1/namespaces/kube-system/pods?labelSelector=k8s-app%3Dcoredns');
  const servers = pods.flatMap((p) => p.status?.podIP ?? []);
  if (servers.length === 0) return false;
  const resolver = new Resolver({ timeout: 500, tries: 1 });
  resolver.setServers(servers);
  return resolver.resolve4('kubernetes.default.svc.cluster.local').then(
    (found) => found[0] === '10.96.0.1',
    () => false,
  );
}

/** Started to the end, not by an `up` that was killed half-way. The record of the start is written last; older versions wrote none. */
export async function isWhole(instance: Instance): Promise<boolean> {
  if (hasBaseline(instance, 0)) return true;
  const api = new Api(instance);
  return dnsAnswers(api)
    .catch(() => false)
    .finally(() => api.close());
}
