import { stringify } from 'yaml';
import {
  type Action,
  type ActionSpec,
  type ContextName,
  type Outcome,
  type Plan,
  type PlanState,
  refKey,
  refWords,
} from '../../contract/index.ts';
import { ruleFor } from '../../core/access-rules.ts';
import { actionKind } from '../actions/index.ts';
import type { AccessReview, Rehearser } from '../ports/writer.ts';

export interface PreflightInput {
  readonly context: ContextName;
  readonly specs: readonly ActionSpec[];
  readonly rehearser: Pick<Rehearser, 'access' | 'rules'>;
  /** Other plans that are not settled; which of them are in the way is found here. */
  readonly others: readonly Plan[];
}

/** A plan on its way changes its targets now: nothing else may. */
const MOVING: ReadonlySet<PlanState> = new Set(['acting', 'verifying', 'rollingBack']);

/** What is changed, and what controls it where that is known. */
type Touched = Pick<Action, 'target' | 'owners'>;

/** The plan that changes one of these targets, its owner or a part of it at this moment, in words, or undefined. */
export function inTheWay(context: ContextName, actions: readonly Touched[], others: readonly Plan[]): string | undefined {
  const found = sharing(context, actions, others).find(({ plan }) => MOVING.has(plan.state));
  return found === undefined ? undefined : `${found.plan.id} (${found.plan.title}) is changing ${found.target} now`;
}

/** The plans with a target that is one of these, above one or below one; two parts of one owner are not in each other's way. */
function sharing(context: ContextName, actions: readonly Touched[], others: readonly Plan[]) {
  return others.flatMap((plan) => {
    if (plan.context !== context) return [];
    const theirs = plan.actions.find((a) => actions.some((mine) => isOver(mine, a) || isOver(a, mine)));
    if (theirs === undefined) return [];
    const mine = actions.find((a) => isOver(a, theirs) || isOver(theirs, a));
    const related = mine === undefined || refKey(mine.target) === refKey(theirs.target) ? undefined : refWords(mine.target);
    const part = mine !== undefined && isOver(mine, theirs);
    const target = refWords(theirs.target);
    return [
      { plan, target: related === undefined ? target : `${target}, ${part ? `a part of ${related}` : `which ${related} is a part of`},` },
    ];
  });
}

/** Whether the first is the target of the second, or controls it. */
const isOver = (over: Touched, below: Touched): boolean =>
  [below.target, ...(below.owners ?? [])].some((ref) => refKey(ref) === refKey(over.target));

/** `patch deployments.apps in shop`, `patch nodes`: a right as RBAC rules name it. */
export function rightWords({ verb, group, resource, subresource, namespace }: AccessReview): string {
  const what = `${resource}${subresource === undefined ? '' : `/${subresource}`}${group === '' ? '' : `.${group}`}`;
  return `${verb} ${what}${namespace === undefined ? '' : ` in ${namespace}`}`;
}

export interface Cleared {
  readonly notices: readonly string[];
  readonly permissions: Plan['permissions'];
}

/** From so many rights in one namespace on, the list of all that is allowed there costs less than asking for each. */
const CHEAPER_FROM = 3;

type Answered = { readonly review: AccessReview; readonly answer: Outcome<{ readonly allowed: boolean; readonly reason: string }> };

/**
 * Each right asked for once: by the list of what is allowed in its namespace where that is cheaper, by itself where the list does not give
 * it. A list may be incomplete, and says no reason: so no right is denied by it.
 */
async function answersFor(
  context: ContextName,
  reviews: readonly AccessReview[],
  rehearser: PreflightInput['rehearser'],
): Promise<Answered[]> {
  const inNamespace = new Map<string | undefined, AccessReview[]>();
  for (const review of reviews) inNamespace.set(review.namespace, [...(inNamespace.get(review.namespace) ?? []), review]);
  const groups = [...inNamespace].map(async ([namespace, group]): Promise<Answered[]> => {
    const list = namespace === undefined || group.length < CHEAPER_FROM ? undefined : await rehearser.rules(context, namespace);
    return Promise.all(
      group.map(async (review) => {
        const given = list?.ok === true && ruleFor(list.value, review) !== undefined;
        const reason = `by the roles of this user in ${namespace ?? 'the cluster'}`;
        return { review, answer: given ? { ok: true, value: { allowed: true, reason } } : await rehearser.access(context, review) };
      }),
    );
  });
  return (await Promise.all(groups)).flat();
}

/**
 * May we, and is nobody else at it? All rights at once. Fails with `forbidden`, naming every missing
 * right, with `conflict`, or with the failure of the cluster: no answer is no. The value: what a person deciding should know.
 */
export async function preflight({ context, specs, rehearser, others }: PreflightInput): Promise<Outcome<Cleared>> {
  const blocked = inTheWay(context, specs, others);
  if (blocked !== undefined)
    return {
      ok: false,
      failure: { code: 'conflict', message: `Another plan is on its way: ${blocked}.`, hint: 'Wait until it is settled.' },
    };
  const reviews = new Map(specs.flatMap((spec) => actionKind(spec).needs(spec)).map((r) => [JSON.stringify(r), r]));
  const answers = await answersFor(context, [...reviews.values()], rehearser);
  const missing: AccessReview[] = [];
  const reasons: string[] = [];
  const permissions: Plan['permissions'] = [];
  for (const { review, answer } of answers) {
    if (!answer.ok) return answer;
    const { allowed, reason } = answer.value;
    const right = rightWords(review);
    if (!permissions.some((p) => p.right === right)) permissions.push({ right, allowed, because: reason });
    if (allowed) continue;
    missing.push(review);
    reasons.push(`${right}${reason === '' ? '' : ` (${reason})`}`);
  }
  if (missing.length > 0)
    return {
      ok: false,
      failure: {
        code: 'forbidden',
        message: `The user of context ${context} needs ${[...new Set(reasons)].join(' and ')}.`,
        hint: `Have these rules bound to that user, or use a context that has them:\n${leastRules(missing)}`,
      },
    };
  const notices = sharing(context, specs, others)
    .filter(({ plan }) => plan.state === 'awaitingApproval')
    .map(
      ({ plan, target }) =>
        `${plan.id} (${plan.title}) waits for ${target} too; whichever is carried out first makes the other out of date`,
    );
  return { ok: true, value: { notices, permissions } };
}

/** The least rules that give these rights, as they stand in a Role or, without a namespace, a ClusterRole. */
export function leastRules(reviews: readonly AccessReview[]): string {
  const rules = new Map<string, { apiGroups: string[]; resources: string[]; resourceNames?: string[]; verbs: string[] }>();
  for (const { verb, group, resource, subresource, name } of reviews) {
    const what = subresource === undefined ? resource : `${resource}/${subresource}`;
    const key = `${group}|${what}|${name ?? ''}`;
    const known = rules.get(key);
    if (known === undefined)
      rules.set(key, {
        apiGroups: [group],
        resources: [what],
        // A name cannot be given for what does not exist yet.
        ...(name === undefined || name === '' || verb === 'create' ? {} : { resourceNames: [name] }),
        verbs: [verb],
      });
    else if (!known.verbs.includes(verb)) known.verbs.push(verb);
  }
  return stringify({ rules: [...rules.values()] }, { lineWidth: 0 }).trimEnd();
}
