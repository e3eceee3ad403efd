import { type Plan, RISKS, type Risk } from '../contract/index.ts';

/** What can still be chosen, before what cannot. */
const CHOOSABLE = new Set<Plan['state']>(['preflight', 'dryRunning', 'awaitingApproval']);

const level = (risk: Risk) => RISKS.indexOf(risk);
const canBeTakenBack = ({ actions }: Pick<Plan, 'actions'>) => actions.every((action) => action.inverse !== null);

/**
 * The plans of one incident, the one to prefer first: what can be chosen, then the least risk, then what can be taken back; between equals
 * the order in which they were proposed stands, which is the remedies' own: the precise change before the broad one. Where several
 * can be chosen each says why it stands where it does.
 */
export function rankPlans(plans: readonly Plan[]): Plan[] {
  const ranked = plans
    .map((plan, order) => ({ plan, order }))
    .sort(
      (a, b) =>
        Number(CHOOSABLE.has(b.plan.state)) - Number(CHOOSABLE.has(a.plan.state)) ||
        level(a.plan.risk) - level(b.plan.risk) ||
        Number(canBeTakenBack(b.plan)) - Number(canBeTakenBack(a.plan)) ||
        a.plan.createdAt.localeCompare(b.plan.createdAt) ||
        a.order - b.order,
    )
    .map(({ plan }) => plan);
  const of = ranked.filter((plan) => CHOOSABLE.has(plan.state)).length;
  return ranked.map((plan, i) => {
    const before = ranked[i - 1];
    const after = ranked[i + 1];
    if (of < 2 || i >= of) return plan;
    const because = i === 0 ? preferred(plan, after ?? plan) : behind(plan, before ?? plan);
    return { ...plan, rank: { place: i + 1, of, because } };
  });
}

function preferred(plan: Plan, next: Plan): string {
  if (level(plan.risk) < level(next.risk)) return `its risk is the least: ${plan.risk}, the next one's is ${next.risk}`;
  if (canBeTakenBack(plan) && !canBeTakenBack(next)) return 'it can be taken back, the next one cannot';
  return 'as safe as the next one, and closest to what is wrong';
}

function behind(plan: Plan, before: Plan): string {
  if (level(plan.risk) > level(before.risk)) return `its risk is ${plan.risk}, more than ${before.risk}`;
  if (!canBeTakenBack(plan) && canBeTakenBack(before)) return 'it cannot be taken back';
  return 'as safe as the one before it, which is closer to what is wrong';
}
