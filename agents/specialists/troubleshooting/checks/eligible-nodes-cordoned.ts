import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { count, nodeNames, schedulerSaid, smallestChange } from '../scheduling-evidence.ts';
import { SCHEDULING_KINDS } from '../scheduling-kinds.ts';
import { stuckAt } from '../scheduling.ts';

export const eligibleNodesCordoned = defineCheck({
  code: 'SCH-004',
  title: 'Every node it could run on is cordoned',
  severity: 'high',
  role: 'cause',
  kinds: SCHEDULING_KINDS,
  hypothesis: 'the nodes it could run on are cordoned',
  doc: `A cordoned node (spec.unschedulable) takes no new pods. This check blames a cordon only when the pods would fit on the cordoned
nodes in every other respect and on no other node. Workloads that wait for the same nodes are one finding.`,
  run: ({ view }) => {
    const found = new Map<string, FindingDraft>();
    for (const stuck of stuckAt(view, 'cordon')) {
      const nodes = stuck.blame.candidates;
      const [node] = nodes;
      if (node === undefined) continue;
      const key = nodes.map((n) => n.metadata.name).join();
      const affects = [...(found.get(key)?.affects ?? []), ...stuck.pods.map(refOf)];
      found.set(key, {
        subject: refOf(node),
        field: 'spec.unschedulable',
        affects,
        message:
          nodes.length === 1
            ? `${count(affects.length, 'pod')} cannot be placed: the only node that would do, ${node.metadata.name}, is cordoned${smallestChange(stuck)}`
            : `${count(affects.length, 'pod')} cannot be placed: all nodes that would do are cordoned (${nodeNames(nodes)})${smallestChange(stuck)}`,
        evidence: [
          ...nodes.slice(0, 5).map((n) => ({
            kind: 'field' as const,
            resource: refOf(n),
            source: 'spec.unschedulable',
            text: `${n.metadata.name} is cordoned (spec.unschedulable: true)`,
          })),
          ...schedulerSaid(stuck),
        ],
        confidence: 0.95,
      });
    }
    return [...found.values()];
  },
});
