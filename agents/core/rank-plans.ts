import { type Plan, RISKS, type Risk } from '../contract/index.ts';

/** What can still be chosen, before what cannot. */
const CHOOSABLE = new Set<Plan['state']>(['preflight', 'dryRunning', 'awaitingApproval']);

const level = (risk: Risk) => RISKS.indexOf(risk);
const canBeTakenBack = ({ actions }: Pick<Plan, 'actions'>) => actions.every((action) => action.inverse !== null);

/**
 * The plans of one incident, the one to prefer first: what can be chosen, then the least risk, then what can be taken back, then what has
 * helped before (an incident has the same id each time the same fault comes, so its settled plans are among these); between equals the order in which they were proposed stands, which is the remedies' own: the precise change before the broad one. Where several
 * can be chosen each says why it stands where it does.
 */
export function rankPlans(plans: readonly Plan[]): Plan[] {
  const helped = outcomes(plans);
  const ranked = plans
    .map((plan, order) => ({ plan, order }))
    .sort(
      (a, b) =>
        Number(CHOOSABLE.has(b.plan.state)) - Number(CHOOSABLE.has(a.plan.state)) ||
        level(a.plan.risk) - level(b.plan.risk) ||
        Number(canBeTakenBack(b.plan)) - Number(canBeTakenBack(a.plan)) ||
        (helped.get(b.plan.remedy) ?? 0) - (helped.get(a.plan.remedy) ?? 0) ||
        a.plan.createdAt.localeCompare(b.plan.createdAt) ||
        a.order - b.order,
    )
    .map(({ plan }) => plan);
  const of = ranked.filter((plan) => CHOOSABLE.has(plan.state)).length;
  return ranked.map((plan, i) => {
    const before = ranked[i - 1];
    const after = ranked[i + 1];
    if (of < 2 || i >= of) return plan;
    const because = i === 0 ? preferred(plan, after ?? plan, helped) : behind(plan, before ?? plan, helped);
    return { ...plan, rank: { place: i + 1, of, because } };
  });
}

/** The plans of an incident that still say something, the one to prefer first: not those that a newer one took the place of. */
export function plansOf(incident: string, plans: readonly Plan[]): Plan[] {
  return rankPlans(plans.filter((p) => p.incidentId === incident && p.state !== 'abandoned' && p.state !== 'expired'));
}

type Outcomes = ReadonlyMap<string, number>;

/**
 * By remedy: how often its plans helped, less how often they did not. One that a person took back has not
 * helped; one that failed before it changed anything says nothing.
 */
function outcomes(plans: readonly Plan[]): Outcomes {
  const undone = new Set(plans.flatMap((p) => (p.undoes !== undefined && p.state === 'done' ? [p.undoes] : [])));
  const sums = new Map<string, number>();
  for (const { id, remedy, state, undoes } of plans) {
    if (undoes !== undefined) continue;
    const worth = state === 'done' && !undone.has(id) ? 1 : state === 'rolledBack' || undone.has(id) ? -1 : 0;
    sums.set(remedy, (sums.get(remedy) ?? 0) + worth);
  }
  return sums;
}

/** What experience says where it sets two plans apart. */
function learned(better: Plan, worse: Plan, helped: Outcomes): 'helped' | 'failed' | undefined {
  const [good, bad] = [helped.get(better.remedy) ?? 0, helped.get(worse.remedy) ?? 0];
  return good <= bad ? undefined : good > 0 ? 'helped' : 'failed';
}

function preferred(plan: Plan, next: Plan, helped: Outcomes): string {
  if (level(plan.risk) < level(next.risk)) return `its risk is the least: ${plan.risk}, the next one's is ${next.risk}`;
  if (canBeTakenBack(plan) && !canBeTakenBack(next)) return 'it can be taken back, the next one cannot';
  const known = learned(plan, next, helped);
  if (known === 'helped') return 'as safe as the next one, and it has helped against this fault before';
  if (known === 'failed') return 'as safe as the next one, which has not helped against this fault before';
  return 'as safe as the next one, and closest to what is wrong';
}

function behind(plan: Plan, before: Plan, helped: Outcomes): string {
  if (level(plan.risk) > level(before.risk)) return `its risk is ${plan.risk}, more than ${before.risk}`;
  if (!canBeTakenBack(plan) && canBeTakenBack(before)) return 'it cannot be taken back';
  const known = learned(before, plan, helped);
  if (known === 'helped') return 'as safe as the one before it, which has helped against this fault before';
  if (known === 'failed') return 'as safe as the one before it, but it has not helped against this fault before';
  return 'as safe as the one before it, which is closer to what is wrong';
}
