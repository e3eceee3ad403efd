import type { ContextName, FixReport, Outcome, Plan, Risk } from '../contract/index.ts';
import { withinRisk } from '../core/policy.ts';
import { plansOfByRule } from '../core/rank-plans.ts';
import type { AppParts } from './app-parts.ts';
import { diagnoseContext } from './diagnosis.ts';

export interface FixRequest {
  readonly context?: ContextName | undefined;
  readonly namespaces: readonly string[];
  readonly incident?: string | undefined;
  readonly approve: boolean;
  readonly maxRisk: Risk;
  readonly by: string;
  readonly typedContext?: string | undefined;
}

type Row = FixReport['plans'][number];

/** Longest a plan may take from approval to its end: acting, verifying, and taking it back. */
const SETTLE_MS = 900_000;

/**
 * Proposes plans for what is wrong and, with `approve`, decides on the best plan of each incident as the caller. One plan an incident:
 * the others stay proposals. Each goes the whole road by itself, through the same decision as any other.
 */
export async function runFix(parts: AppParts, request: FixRequest): Promise<Outcome<FixReport>> {
  const diagnosed = await diagnoseContext(parts, { context: request.context, namespaces: request.namespaces, plans: true, fresh: true });
  if (!diagnosed.ok) return diagnosed;
  const incidents = diagnosed.value.incidents.filter((i) => request.incident === undefined || i.id === request.incident);
  if (request.incident !== undefined && incidents.length === 0)
    return {
      ok: false,
      failure: {
        code: 'not-found',
        message: `There is no open incident ${request.incident} in ${diagnosed.value.context}.`,
        hint: 'quarterdeck incidents lists the open ones.',
      },
    };
  const rows: Row[] = [];
  for (const { id, plans } of incidents) {
    let decided = false;
    for (const plan of plansOfByRule(id, plans)) {
      if (plan.state !== 'awaitingApproval') {
        if (plan.state === 'refused') rows.push(row(plan, request.by, 'skipped', 'refused', plan.reason ?? 'refused'));
        continue;
      }
      if (!request.approve || decided)
        rows.push(
          row(plan, request.by, 'skipped', null, decided ? 'another plan for the same incident was chosen' : 'waiting for approval'),
        );
      else if (!withinRisk(plan.risk, request.maxRisk))
        rows.push(row(plan, request.by, 'skipped', null, `its risk is ${plan.risk}, more than ${request.maxRisk}`));
      else {
        decided = true;
        rows.push(await carryOut(parts, plan, request));
      }
    }
  }
  return { ok: true, value: { plans: rows } };
}

async function carryOut({ orchestrator }: AppParts, plan: Plan, { by, typedContext }: FixRequest): Promise<Row> {
  const begun = performance.now();
  const decision = await orchestrator.road.decide({ id: plan.id, hash: plan.hash, decision: 'approved', by, typedContext });
  if (!decision.ok) return row(plan, by, 'skipped', 'refused', decision.failure.message);
  if (decision.value.state === 'awaitingApproval')
    return row(plan, by, 'skipped', null, `approved by ${by}; another person must approve it too`);
  const settled = await orchestrator.road.settled(plan.id, SETTLE_MS);
  const took = Math.round(performance.now() - begun);
  if (!settled.ok) return { ...row(plan, by, 'approved', 'failed', settled.failure.message), durationMs: took };
  const end = settled.value;
  const outcome = end.state === 'done' ? 'done' : end.state === 'rolledBack' ? 'rolledBack' : 'failed';
  return { ...row(end, by, 'approved', outcome, end.reason ?? ''), verified: end.state === 'done', durationMs: took };
}

function row(plan: Plan, by: string, decision: Row['decision'], outcome: Row['outcome'], reason: string): Row {
  return {
    id: plan.id,
    title: plan.title,
    hash: plan.hash,
    decision,
    by,
    outcome,
    reason,
    verified: false,
    actions: plan.actions,
    durationMs: 0,
  };
}
