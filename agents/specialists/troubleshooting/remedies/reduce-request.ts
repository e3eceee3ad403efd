import type { JsonPatchOp } from '../../../contract/index.ts';
import { type Remedy, defineRemedy } from '../../../core/agent.ts';
import { field, pointer } from '../../../core/paths.ts';
import { type Reduction, reductionsThatFit } from '../fit.ts';
import { formatAmount } from '../pod-requests.ts';
import { SCHEDULING_KINDS } from '../scheduling-kinds.ts';
import { stuckWorkloads } from '../scheduling.ts';
import { replaceByHand, templateChange } from '../template-change.ts';
import { type Workload, workloadAt } from '../../../core/workloads.ts';

/** The operations that write lower requests; a request that followed from the limit is written for the first time. */
export function reductionOps(workload: Workload, reductions: readonly Reduction[]): JsonPatchOp[] {
  return reductions.flatMap((r): JsonPatchOp[] => {
    const { spec } = workload.template;
    const container = [...spec.containers, ...spec.initContainers].find((c) => c.name === r.container);
    const requests = `${r.path}.resources.requests`;
    const at = pointer(field(requests, r.resource));
    const written = container?.resources.requests[r.resource];
    if (written !== undefined)
      return [
        { op: 'test', path: at, value: written },
        { op: 'replace', path: at, value: r.to },
      ];
    return Object.keys(container?.resources.requests ?? {}).length > 0
      ? [{ op: 'add', path: at, value: r.to }]
      : [{ op: 'add', path: pointer(requests), value: { [r.resource]: r.to } }];
  });
}

export function reductionWords(reductions: readonly Reduction[]): string {
  return reductions.map((r) => `${r.resource} of container ${r.container} from ${formatAmount(r.resource, r.from)} to ${r.to}`).join(', ');
}

export const reduceRequest: Remedy = defineRemedy({
  name: 'reduce-request',
  codes: ['SCH-005', 'SCH-006'],
  kinds: SCHEDULING_KINDS,
  doc: `Lowers the request of the heaviest container to the largest with which all pods that are wanted fit on the nodes they may run
on, or to what was probably meant where the unit was slipped (500 for 500m). Limits stay: a request is never raised above one.`,
  run: ({ finding, view }) => {
    const workload = workloadAt(view, finding.subject);
    const stuck = stuckWorkloads(view).find(
      (s) => s.workload === workload && (s.blame?.stage === 'allocatable' || s.blame?.stage === 'free'),
    );
    if (workload === undefined || stuck === undefined) return undefined;
    // What is raised on the way in is not lowered in the template.
    if (typeof finding.params['supply'] === 'string') return { advice: finding.params['supply'] };
    const reductions = reductionsThatFit(stuck, view);
    const advice = `Add a node large enough, free room on the nodes by lowering what others ask for, or lower ${finding.field ?? 'the request'}.`;
    if (reductions === undefined) return { advice };
    const change = reductionWords(reductions);
    const actions = templateChange(workload, reductionOps(workload, reductions), stuck.pods);
    if (actions === undefined) return { advice: replaceByHand(workload, `lower the request of ${change}`) };
    const slip = reductions.find((r) => r.slip);
    return {
      plans: [
        {
          remedy: 'reduce-request',
          title: `Lower the request: ${change}`,
          because:
            slip === undefined
              ? `${finding.message}. This is the largest request with which the pods fit; what the program needs is not known, so watch its use`
              : `${finding.message}. ${slip.to} was probably meant, and fits`,
          actions: [...actions],
          verify: [finding.code],
          stableForSeconds: 10,
          atLeastRisk: 'medium',
        },
      ],
      advice,
    };
  },
});
