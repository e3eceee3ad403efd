import { type KubeObject, refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { matchesSelector } from '../../../core/selectors.ts';
import { isReady } from '../../../core/unexplained.ts';
import { WORKLOAD_KINDS, workloads } from '../../../core/workloads.ts';
import { fieldEvidence } from '../containers.ts';
import { names } from '../scheduling-evidence.ts';

/** Pods that get ready in a moment hold nothing up. Milliseconds. */
const GRACE_MS = 30_000;

/** Somebody wants pods off it, or it wants them off itself. */
const mustBeLeft = ({ spec, status }: KubeObject<'Node'>): string | undefined =>
  spec.unschedulable === true
    ? 'cordoned'
    : status.conditions.find((c) => c.status === 'True' && /^(?:Memory|Disk|PID)Pressure$/.test(c.type))?.type;

export const disruptionBudgetHeldByUnhealthy = defineCheck({
  code: 'PDB-003',
  title: 'Pods that are not healthy use up a disruption budget while a node is to be drained',
  severity: 'medium',
  role: 'symptom',
  kinds: ['PodDisruptionBudget', 'Node', ...WORKLOAD_KINDS],
  hypothesis: 'unhealthy pods use up its disruption budget',
  doc: `Some pods of the budget are not healthy, so that none of the others may be evicted, while one of them is on a node that is cordoned or under
pressure: draining that node waits. With unhealthyPodEvictionPolicy IfHealthyBudget (the default) even the pods that run without being ready cannot be
evicted. What ails the pods is the cause.`,
  run: ({ view, now }) => {
    const leaving = new Map(view.list('Node').flatMap((n) => (mustBeLeft(n) === undefined ? [] : [[n.metadata.name, mustBeLeft(n)]])));
    if (leaving.size === 0) return [];
    return view.list('PodDisruptionBudget').flatMap((pdb): FindingDraft[] => {
      const { currentHealthy = 0, desiredHealthy = 0, expectedPods = 0, disruptionsAllowed = 0 } = pdb.status;
      if (disruptionsAllowed > 0 || expectedPods === 0 || currentHealthy >= expectedPods) return [];
      const pods = workloads(view, pdb.metadata.namespace ?? '')
        .flatMap((w) => w.pods)
        .filter((p) => matchesSelector(pdb.spec.selector, p.metadata.labels) && p.metadata.deletionTimestamp == null);
      const held = pods.filter((p) => p.status.phase === 'Running' && leaving.has(p.spec.nodeName ?? ''));
      const ill = pods.filter((p) => !isReady(p) && p.status.phase !== 'Succeeded');
      if (held.length === 0 || ill.every((p) => now - Date.parse(p.metadata.creationTimestamp ?? '') < GRACE_MS)) return [];
      const nodes = [...new Set(held.flatMap((p) => p.spec.nodeName ?? []))];
      const ref = refOf(pdb);
      return [
        {
          subject: ref,
          field: 'status.disruptionsAllowed',
          affects: [...new Set([...ill, ...held])].map(refOf),
          message: `${currentHealthy} of ${expectedPods} pods are healthy and the budget wants ${desiredHealthy}, so none may be evicted, and ${names(nodes.map((n) => `node ${n} (${leaving.get(n) ?? ''})`))} cannot be drained`,
          evidence: [
            fieldEvidence(ref, 'status.disruptionsAllowed', `0: ${currentHealthy} healthy, ${desiredHealthy} wanted`),
            ...ill.slice(0, 3).map((p) => fieldEvidence(refOf(p), 'status.phase', `${p.status.reason ?? p.status.phase ?? ''}, not ready`)),
          ],
          confidence: 0.6,
        },
      ];
    });
  },
});
