import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { outrankedBy, ownersOf } from '../held-places.ts';
import { count, names, schedulerSaid } from '../scheduling-evidence.ts';
import { SCHEDULING_KINDS } from '../scheduling-kinds.ts';
import { stuckWorkloads } from '../scheduling.ts';

export const gaveWayToPriority = defineCheck({
  code: 'SCH-015',
  title: 'It had to make room for pods of a higher priority',
  severity: 'high',
  role: 'cause',
  kinds: SCHEDULING_KINDS,
  hypothesis: 'pods of a higher priority took its place',
  doc: `The scheduler evicts pods of a lower priority where one of a higher priority finds no place (preemption), and the controller makes
new ones, which wait. This check finds pods of a higher priority that came after the workload, and without which its waiting pods, made
just after, would fit. The evicted pods themselves are gone.`,
  run: ({ view }) =>
    stuckWorkloads(view).flatMap((stuck): FindingDraft[] => {
      const taken = outrankedBy(stuck, view);
      if (taken === undefined) return [];
      const { workload, pods, spec } = stuck;
      const { node, by } = taken;
      const classOf = (p: { priority?: number | undefined; priorityClassName?: string | undefined }) =>
        `priority ${p.priority ?? 0}${p.priorityClassName === undefined ? '' : `, class ${p.priorityClassName}`}`;
      const evicted = workload.pods.filter((p) =>
        p.status.conditions.some((c) => c.type === 'DisruptionTarget' && c.reason === 'PreemptionByScheduler'),
      );
      return [
        {
          subject: workload.ref,
          field: `${workload.specPath}.priorityClassName`,
          affects: pods.map(refOf),
          message: `${count(pods.length, 'pod')} cannot be placed: ${names(ownersOf(by, view))} (${classOf(by[0]?.spec ?? {})}) took its place on ${node.metadata.name}, and it has only ${classOf(spec)}; no other node would do`,
          evidence: [
            ...by.slice(0, 5).map((p) => ({
              kind: 'field' as const,
              resource: refOf(p),
              source: 'spec.priority',
              text: `pod ${p.metadata.namespace ?? ''}/${p.metadata.name} on ${node.metadata.name}: ${classOf(p.spec)}, since ${p.metadata.creationTimestamp ?? ''}`,
            })),
            ...evicted.slice(0, 3).map((p) => ({
              kind: 'field' as const,
              resource: refOf(p),
              source: 'status.conditions[DisruptionTarget]',
              text: p.status.conditions.find((c) => c.type === 'DisruptionTarget')?.message ?? 'PreemptionByScheduler',
            })),
            ...schedulerSaid(stuck),
          ],
          confidence: evicted.length > 0 ? 0.95 : 0.85,
        },
      ];
    }),
});
