import { type Plan, RISKS, type Risk } from '../contract/index.ts';

/** What can still be chosen, before what cannot. */
const CHOOSABLE = new Set<Plan['state']>(['preflight', 'dryRunning', 'awaitingApproval']);

const level = (risk: Risk) => RISKS.indexOf(risk);
const canBeTakenBack = ({ actions }: Pick<Plan, 'actions'>) => actions.every((action) => action.inverse !== null);

/**
 * The plans of one incident, the one to prefer first: what can be chosen, then the least risk, then what can be taken back, then what has
 * helped before (an incident has the same id each time the same fault comes, so its settled plans are among these). Between equals a
 * model's order stands where one was asked about just these; else that in which they were proposed, which is the remedies' own: the
 * precise change before the broad one. Where several can be chosen each says why it stands where it does.
 */
export function rankPlans(plans: readonly Plan[]): Plan[] {
  const helped = outcomes(plans);
  const ranked = plans
    .map((plan, order) => ({ plan, order, place: placeByModel(plan, plans, helped) }))
    .sort(
      (a, b) =>
        betterFirst(a.plan, b.plan, helped) || a.place - b.place || a.plan.createdAt.localeCompare(b.plan.createdAt) || a.order - b.order,
    )
    .map(({ plan }) => plan);
  const of = ranked.filter((plan) => CHOOSABLE.has(plan.state)).length;
  return ranked.map((plan, i) => {
    const before = ranked[i - 1];
    const after = ranked[i + 1];
    if (of < 2 || i >= of) return plan;
    const because = i === 0 ? preferred(plan, after ?? plan, plans, helped) : behind(plan, before ?? plan, plans, helped);
    return { ...plan, rank: { place: i + 1, of, because } };
  });
}

/** The plans of an incident that still say something, the one to prefer first: not those that a newer one took the place of. */
export function plansOf(incident: string, plans: readonly Plan[]): Plan[] {
  return rankPlans(plans.filter((p) => p.incidentId === incident && p.state !== 'abandoned' && p.state !== 'expired'));
}

/** The same by our own ranking alone: what is approved without somebody's look at it does not go by a model's word. */
export const plansOfByRule = (incident: string, plans: readonly Plan[]): Plan[] =>
  plansOf(
    incident,
    plans.map(({ ordered: _ordered, ...plan }) => plan),
  );

/** The plans in front that are as good as each other; fewer than two where one is the best. */
export function equalsInFront(plans: readonly Plan[]): Plan[] {
  const helped = outcomes(plans);
  const [first, ...rest] = rankPlans(plans).filter((p) => CHOOSABLE.has(p.state));
  return first === undefined ? [] : [first, ...rest.filter((p) => betterFirst(first, p, helped) === 0)];
}

type Outcomes = ReadonlyMap<string, number>;

/** Negative: the first is better; 0: neither is. */
function betterFirst(a: Plan, b: Plan, helped: Outcomes): number {
  return (
    Number(CHOOSABLE.has(b.state)) - Number(CHOOSABLE.has(a.state)) ||
    level(a.risk) - level(b.risk) ||
    Number(canBeTakenBack(b)) - Number(canBeTakenBack(a)) ||
    (helped.get(b.remedy) ?? 0) - (helped.get(a.remedy) ?? 0)
  );
}

/** A model's place counts only where it was asked about all that are as good as each other now; 0 where it was not. */
function placeByModel(plan: Plan, plans: readonly Plan[], helped: Outcomes): number {
  const { ordered } = plan;
  if (ordered === undefined || !CHOOSABLE.has(plan.state)) return 0;
  const equals = plans.filter((p) => betterFirst(plan, p, helped) === 0);
  return equals.every((p) => ordered.among.includes(p.id) && p.ordered?.by === ordered.by) ? ordered.place : 0;
}

/** Whose order it is that two plans stand in; undefined where it is ours. */
function orderedBy(first: Plan, second: Plan, plans: readonly Plan[], helped: Outcomes): string | undefined {
  const [place, after] = [placeByModel(first, plans, helped), placeByModel(second, plans, helped)];
  return place > 0 && place < after ? first.ordered?.by : undefined;
}

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

function preferred(plan: Plan, next: Plan, plans: readonly Plan[], helped: Outcomes): string {
  if (level(plan.risk) < level(next.risk)) return `its risk is the least: ${plan.risk}, the next one's is ${next.risk}`;
  if (canBeTakenBack(plan) && !canBeTakenBack(next)) return 'it can be taken back, the next one cannot';
  const known = learned(plan, next, helped);
  if (known === 'helped') return 'as safe as the next one, and it has helped against this fault before';
  if (known === 'failed') return 'as safe as the next one, which has not helped against this fault before';
  const model = orderedBy(plan, next, plans, helped);
  return model === undefined
    ? 'as safe as the next one, and closest to what is wrong'
    : `as safe as the next one, and ${model} puts it first`;
}

function behind(plan: Plan, before: Plan, plans: readonly Plan[], helped: Outcomes): string {
  if (level(plan.risk) > level(before.risk)) return `its risk is ${plan.risk}, more than ${before.risk}`;
  if (!canBeTakenBack(plan) && canBeTakenBack(before)) return 'it cannot be taken back';
  const known = learned(before, plan, helped);
  if (known === 'helped') return 'as safe as the one before it, which has helped against this fault before';
  if (known === 'failed') return 'as safe as the one before it, but it has not helped against this fault before';
  const model = orderedBy(before, plan, plans, helped);
  return model === undefined
    ? 'as safe as the one before it, which is closer to what is wrong'
    : `as safe as the one before it, which ${model} puts first`;
}
