import type { IncidentWithPlans, Plan } from '../../agents/contract/index.ts';
import type { FaultCase, Repair } from './case.ts';
import type { Played, Stage } from './played.ts';

const PLAN_MS = 20_000;
const SETTLE_S = 180;
const DRIFTS = 4;
/** What a verified plan came to is seen by then. */
const AFTER_MS = 10_000;

const typesOf = (plan: Plan): string => plan.actions.map((a) => a.type).join();

/** Approves the plan that the case expects, and looks whether it is right, and stays so. */
export async function repair(
  wanted: Repair,
  c: FaultCase,
  stage: Stage,
  namespace: string,
  isIt: (i: IncidentWithPlans) => boolean,
  failures: string[],
): Promise<Pick<Played, 'plan' | 'repaired' | 'verifiedSeconds'>> {
  // An object that changes by itself makes a plan void between the look and the word; a person looks again then.
  for (let tries = 0; tries < DRIFTS; tries++) {
    const outcome = await attempt(wanted, c, stage, namespace, isIt, failures);
    if (outcome !== 'drifted') return outcome;
  }
  failures.push('each plan was void when it was approved');
  return { repaired: false };
}

async function attempt(
  wanted: Repair,
  c: FaultCase,
  { watcher, product, stableMs }: Stage,
  namespace: string,
  isIt: (i: IncidentWithPlans) => boolean,
  failures: string[],
): Promise<Pick<Played, 'plan' | 'repaired' | 'verifiedSeconds'> | 'drifted'> {
  let plans: readonly Plan[] = [];
  const fitting = () =>
    plans.find((p) => p.state === 'awaitingApproval' && (wanted.actions === 'any' || typesOf(p) === wanted.actions.join()));
  const deadline = Date.now() + PLAN_MS;
  while (fitting() === undefined && Date.now() < deadline) {
    plans = (await product.incidents(namespace)).find(isIt)?.plans ?? [];
    if (fitting() === undefined) await new Promise((go) => setTimeout(go, 300));
  }
  const plan = fitting();
  if (plan === undefined) {
    const seen = plans.map((p) => `${typesOf(p)} ${p.state}${p.reason === undefined ? '' : `: ${p.reason}`}`);
    failures.push(`no plan ${String(wanted.actions)} to approve; there were: ${seen.join(' | ') || 'none'}`);
    return { repaired: false };
  }
  const risks = ['low', 'medium', 'high', 'destructive'];
  if (risks.indexOf(plan.risk) > risks.indexOf(wanted.maxRisk))
    failures.push(`the plan's risk is ${plan.risk}, more than ${wanted.maxRisk}`);
  const begun = Date.now();
  try {
    await product.approve(plan);
  } catch (error) {
    if (error instanceof Error && error.message.includes('plan-drifted')) return 'drifted';
    throw error;
  }
  const end = await product.settled(plan, SETTLE_S);
  const verifiedSeconds = (Date.now() - begun) / 1000;
  const said = { plan: `${typesOf(plan)} (${plan.risk})`, verifiedSeconds };
  if (end.state !== 'done') {
    failures.push(`the plan ended ${end.state}: ${end.reason ?? end.failure?.message ?? ''}`);
    return { ...said, repaired: false };
  }
  const good = await watcher.until(namespace, wanted.after, AFTER_MS);
  const stable = good !== undefined && (await watcher.holds(namespace, wanted.after, stableMs));
  if (!stable)
    failures.push(good === undefined ? `${c.id} is not as it should be after the repair` : `the repair did not last ${stableMs / 1000} s`);
  return { ...said, repaired: stable };
}

/** Whether a plan of these actions comes to wait for approval. */
export async function proposed(
  actions: readonly string[],
  { product }: Stage,
  namespace: string,
  isIt: (i: IncidentWithPlans) => boolean,
): Promise<boolean> {
  for (const deadline = Date.now() + PLAN_MS; Date.now() < deadline; await new Promise((go) => setTimeout(go, 300))) {
    const plans = (await product.incidents(namespace)).find(isIt)?.plans ?? [];
    if (plans.some((p) => p.state === 'awaitingApproval' && typesOf(p) === actions.join())) return true;
  }
  return false;
}
