import type { Plan, PlanDraft } from '../../contract/index.ts';
import { canonical } from '../../core/canonical.ts';
import { sha256 } from '../store/chain.ts';

/** What would run, on which very objects of which cluster, and what would be checked: the thing that is approved. */
export function planHash(plan: Pick<Plan, 'context' | 'actions' | 'verify' | 'stableForSeconds'>, clusterUid: string): string {
  const { context, actions, verify, stableForSeconds } = plan;
  return sha256(
    canonical({
      context,
      clusterUid,
      actions: actions.map(({ spec, seen, diff, within }) => ({ spec, seen, diff, ...(within === undefined ? {} : { within }) })),
      verify,
      stableForSeconds,
    }),
  );
}

/** Whether two proposals for one incident are the same proposal, whatever the objects look like meanwhile. */
export function draftKey(incidentId: string, draft: Pick<PlanDraft, 'remedy' | 'actions' | 'verify'>): string {
  return sha256(canonical({ incidentId, remedy: draft.remedy, actions: draft.actions, verify: draft.verify }));
}

export function draftKeyOf(plan: Plan): string {
  return draftKey(plan.incidentId, { remedy: plan.remedy, actions: plan.actions.map((a) => a.spec), verify: plan.verify });
}
