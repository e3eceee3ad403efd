import { type KubeObject, refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { WORKLOAD_KINDS } from '../../../core/workloads.ts';
import { isOwned, isSpokenOf, isSystemNamespace, namedByWorkloads, seesAllUsers } from '../named-by-workloads.ts';
import { count, names } from '../scheduling-evidence.ts';

/** What is about to be used is often made first. Milliseconds. */
const GRACE_MS = 600_000;
/** A name that stands in so many namespaces, and in half of all, is put there by a controller. */
const MANY = 3;
/** Leader election keeps its lock here. */
const LOCK = 'control-plane.alpha.kubernetes.io/leader';

type ConfigMap = KubeObject<'ConfigMap'>;

export const configMapUnused = defineCheck({
  code: 'CFM-001',
  title: 'A ConfigMap that no workload names',
  severity: 'info',
  role: 'cause',
  kinds: [...WORKLOAD_KINDS, 'ConfigMap'],
  hypothesis: 'nothing uses it',
  doc: `Settings that no workload of their namespace names, neither as volume nor as variables nor by name in an argument, and that nothing
owns. Nothing is wrong with that; it is said to who asks what could be tidied. A program that reads it through the API cannot be seen, so
it is never certain.`,
  run: ({ view, now }) => {
    const used = namedByWorkloads(view);
    const everywhere = publishedEverywhere(view.list('ConfigMap'));
    return view.list('ConfigMap').flatMap((map): FindingDraft[] => {
      const { name, namespace = '', annotations, creationTimestamp } = map.metadata;
      if (isSystemNamespace(namespace) || isOwned(map) || annotations[LOCK] !== undefined || everywhere.has(name)) return [];
      if (now - Date.parse(creationTimestamp ?? '') < GRACE_MS || used.has(`ConfigMap/${namespace}/${name}`)) return [];
      if (!seesAllUsers(view, namespace) || isSpokenOf(view, namespace, name)) return [];
      const keys = [...map.data, ...map.binaryData];
      const what = keys.length === 0 ? 'it is empty' : `it has ${count(keys.length, 'key')}: ${names(keys.map((k) => k.name))}`;
      return [
        {
          subject: refOf(map),
          affects: [],
          message: `no workload in namespace ${namespace} names it; ${what}. A program that reads it through the API would not be seen`,
          evidence: [
            {
              kind: 'field',
              resource: refOf(map),
              source: 'metadata.creationTimestamp',
              text: `made ${creationTimestamp ?? 'at an unknown time'}`,
            },
          ],
          confidence: 0.4,
        },
      ];
    });
  },
});

/** Names that are in most namespaces, like the certificate of the cluster. */
function publishedEverywhere(all: readonly ConfigMap[]): ReadonlySet<string> {
  const namespaces = new Set(all.map((m) => m.metadata.namespace));
  const counts = new Map<string, number>([['kube-root-ca.crt', Infinity]]);
  for (const { metadata } of all) counts.set(metadata.name, (counts.get(metadata.name) ?? 0) + 1);
  return new Set([...counts].filter(([, n]) => n >= MANY && n * 2 >= namespaces.size).map(([name]) => name));
}
