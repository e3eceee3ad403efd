import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ALL_KINDS, KINDS } from '../../agents/contract/index.ts';
import type { ClusterClient } from './cluster-client.ts';

/** Accounts that may read less than everything, made for one run. */

/** `view`: the ClusterRole of that name, and what belongs to the cluster; no Secrets. `no-logs`: every kind, and no pod's log. */
export type Rights = 'all' | 'view' | 'no-logs';
export const RIGHTS: readonly Rights[] = ['all', 'view', 'no-logs'];

const NAMESPACE = 'qd-cases-accounts';

const READ = ['get', 'list', 'watch'];

function rulesOf(rights: Rights): object[] {
  const kinds = ALL_KINDS.filter((kind) => rights === 'no-logs' || !KINDS[kind].namespaced);
  const rules = kinds.map((kind) => {
    const { apiVersion, resource } = KINDS[kind];
    return { apiGroups: [apiVersion.includes('/') ? apiVersion.split('/')[0] : ''], resources: [resource], verbs: READ };
  });
  return [...rules, { apiGroups: ['', 'events.k8s.io'], resources: ['events'], verbs: READ }];
}

/** A kubeconfig with a token of such an account, and what takes the account back. */
export async function accountOf(
  rights: Exclude<Rights, 'all'>,
  client: ClusterClient,
  run: string,
): Promise<{ readonly kubeconfig: string; readonly context: string; close(): Promise<void> }> {
  const name = `qd-case-${rights}-${run}`;
  const subjects = [{ kind: 'ServiceAccount', name, namespace: NAMESPACE }];
  const rbac = 'rbac.authorization.k8s.io';
  const binding = (bound: string, role: string) => ({
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: bound },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: role },
    subjects,
  });
  await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } }, NAMESPACE);
  await client.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } }, NAMESPACE);
  await client.apply({ apiVersion: `${rbac}/v1`, kind: 'ClusterRole', metadata: { name }, rules: rulesOf(rights) }, NAMESPACE);
  await client.apply(binding(name, name), NAMESPACE);
  if (rights === 'view') await client.apply(binding(`${name}-view`, 'view'), NAMESPACE);
  const asked = await client.call('POST', `/api/v1/namespaces/${NAMESPACE}/serviceaccounts/${name}/token`, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds: 7200 },
  });
  const { token } = asked?.['status'] as { token: string };
  const kubeconfig = join(mkdtempSync(join(tmpdir(), 'quarterdeck-cases-')), 'kubeconfig');
  writeFileSync(kubeconfig, JSON.stringify(client.kubeconfigWith(name, { token })), { mode: 0o600 });
  return {
    kubeconfig,
    context: name,
    close: async () => {
      await client.delete('ClusterRoleBinding', `${name}-view`);
      await client.delete('ClusterRoleBinding', name);
      await client.delete('ClusterRole', name);
      await client.delete('ServiceAccount', name, NAMESPACE);
    },
  };
}
