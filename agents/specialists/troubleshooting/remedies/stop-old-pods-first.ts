import type { JsonPatchOp } from '../../../contract/index.ts';
import { defineRemedy } from '../../../core/agent.ts';
import { WORKLOAD_KINDS, workloadAt } from '../../../core/workloads.ts';

export const stopOldPodsFirst = defineRemedy({
  name: 'stop-old-pods-first',
  codes: ['SCH-011', 'SCH-012', 'VOL-008', 'VOL-009'],
  kinds: WORKLOAD_KINDS,
  doc: `Where a rollout keeps its old pods until a new one is ready, and the new one needs the place of an old one, lets the rollout stop one
old pod first (maxUnavailable 1). Otherwise advice: which of the workloads should have the place is a person's decision.`,
  run: ({ finding, view }) => {
    const workload = workloadAt(view, finding.subject);
    if (workload === undefined) return undefined;
    const name = `${workload.object.kind} ${workload.name}`;
    if (finding.params['rollout'] !== true || workload.object.kind !== 'Deployment')
      return {
        advice:
          finding.code === 'SCH-011'
            ? `Take another host port, or none (a Service reaches pods without one), let ${name} have at most one pod a node, or move what holds the port.`
            : finding.code === 'SCH-012'
              ? `Add nodes, ask for fewer replicas of ${name}, or prefer to be apart (preferredDuringSchedulingIgnoredDuringExecution) instead of requiring it.`
              : `Let one pod use claim ${String(finding.params['claim'])} at a time (fewer replicas, or the pods on one node), or use a claim whose volume offers ReadWriteMany.`,
      };
    const rolling = workload.object.spec.strategy?.rollingUpdate;
    const path = '/spec/strategy/rollingUpdate/maxUnavailable';
    const ops: JsonPatchOp[] =
      rolling?.maxUnavailable === undefined
        ? [
            {
              op: 'add',
              path: '/spec/strategy',
              value: {
                type: 'RollingUpdate',
                rollingUpdate: { maxUnavailable: 1, ...(rolling?.maxSurge === undefined ? {} : { maxSurge: rolling.maxSurge }) },
              },
            },
          ]
        : [
            { op: 'test', path, value: rolling.maxUnavailable },
            { op: 'replace', path, value: 1 },
          ];
    return {
      plans: [
        {
          remedy: 'stop-old-pods-first',
          title: `Let the rollout of ${name} stop one old pod first (maxUnavailable 1)`,
          because: `${finding.message}. While it is replaced, one pod fewer serves`,
          actions: [{ type: 'patch', target: workload.ref, ops }],
          verify: [finding.code],
          stableForSeconds: 10,
          atLeastRisk: 'medium',
        },
      ],
    };
  },
});
