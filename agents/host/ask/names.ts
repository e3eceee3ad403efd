import type { ContextName, Kind } from '../../contract/index.ts';
import type { NamedObject } from '../../core/ask/mentions.ts';
import { openRow } from '../../core/row.ts';
import type { Kube } from '../ports/kube.ts';

/** Kinds whose objects people call by name. */
const CALLED: readonly Kind[] = [
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'Service',
  'Ingress',
  'PersistentVolumeClaim',
  'ConfigMap',
  'Secret',
  'HorizontalPodAutoscaler',
  'Node',
  'Namespace',
];
const MOST = 5_000;

/** Names in a cluster that a question may mean, from what is watched; pods go by the names of those who made them. */
export async function namesIn(kube: Pick<Kube, 'rows'>, context: ContextName): Promise<NamedObject[]> {
  const query = { namespaces: [], search: '', sort: { by: 'name', descending: false }, after: undefined, limit: MOST } as const;
  const answers = await Promise.all(
    CALLED.map(async (kind) => (await kube.rows(context, { ...query, kind }))?.rows.map((row) => openRow(kind, row)) ?? []),
  );
  return answers.flat().map(({ kind, namespace, name }) => ({ kind, namespace: namespace ?? undefined, name }));
}
