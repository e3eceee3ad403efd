import { type ActionSpec, type ContextName, type Outcome, type Plan, type PlanState, refKey, refWords } from '../../contract/index.ts';
import { actionKind } from '../actions/index.ts';
import type { AccessReview, Rehearser } from '../ports.ts';

export interface PreflightInput {
  readonly context: ContextName;
  readonly specs: readonly ActionSpec[];
  readonly rehearser: Pick<Rehearser, 'access'>;
  /** Other plans that are not settled; which of them are in the way is found here. */
  readonly others: readonly Plan[];
}

/** A plan on its way changes its targets now: nothing else may. */
const MOVING: ReadonlySet<PlanState> = new Set(['acting', 'verifying', 'rollingBack']);

/** The plan that changes one of these targets at this moment, in words, or undefined. */
export function inTheWay(context: ContextName, specs: readonly ActionSpec[], others: readonly Plan[]): string | undefined {
  const found = sharing(context, specs, others).find(({ plan }) => MOVING.has(plan.state));
  return found === undefined ? undefined : `${found.plan.id} (${found.plan.title}) is changing ${found.target} now`;
}

function sharing(context: ContextName, specs: readonly ActionSpec[], others: readonly Plan[]) {
  const targets = new Map(specs.map((spec) => [refKey(spec.target), refWords(spec.target)]));
  return others.flatMap((plan) => {
    const target = plan.actions.map((a) => targets.get(refKey(a.target))).find((words) => words !== undefined);
    return plan.context === context && target !== undefined ? [{ plan, target }] : [];
  });
}

/** `patch deployments.apps in shop`, `patch nodes`: a right as RBAC rules name it. */
export function rightWords({ verb, group, resource, subresource, namespace }: AccessReview): string {
  const what = `${resource}${subresource === undefined ? '' : `/${subresource}`}${group === '' ? '' : `.${group}`}`;
  return `${verb} ${what}${namespace === undefined ? '' : ` in ${namespace}`}`;
}

/**
 * May we, and is nobody else at it? All access reviews at once, each right asked for once. Fails with `forbidden`, naming every missing
 * right, with `conflict`, or with the failure of the cluster: no answer is no. The value: what a person deciding should know.
 */
export async function preflight({
  context,
  specs,
  rehearser,
  others,
}: PreflightInput): Promise<Outcome<{ readonly notices: readonly string[] }>> {
  const blocked = inTheWay(context, specs, others);
  if (blocked !== undefined)
    return {
      ok: false,
      failure: { code: 'conflict', message: `Another plan is on its way: ${blocked}.`, hint: 'Wait until it is settled.' },
    };
  const reviews = new Map(specs.flatMap((spec) => actionKind(spec).needs(spec)).map((r) => [JSON.stringify(r), r]));
  const answers = await Promise.all(
    [...reviews.values()].map(async (review) => ({ review, answer: await rehearser.access(context, review) })),
  );
  const missing: string[] = [];
  for (const { review, answer } of answers) {
    if (!answer.ok) return answer;
    if (!answer.value.allowed) missing.push(`${rightWords(review)}${answer.value.reason === '' ? '' : ` (${answer.value.reason})`}`);
  }
  if (missing.length > 0)
    return {
      ok: false,
      failure: {
        code: 'forbidden',
        message: `The user of context ${context} needs ${[...new Set(missing)].join(' and ')}.`,
        hint: 'Have a Role with these rights bound to that user, or use a context that has them.',
      },
    };
  const notices = sharing(context, specs, others)
    .filter(({ plan }) => plan.state === 'awaitingApproval')
    .map(
      ({ plan, target }) =>
        `${plan.id} (${plan.title}) waits for ${target} too; whichever is carried out first makes the other out of date`,
    );
  return { ok: true, value: { notices } };
}
