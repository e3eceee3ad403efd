import type { Outcome, Plan, PlanDraft } from '../../contract/index.ts';
import { isSettled } from '../../core/remediation.machine.ts';
import { failed } from '../actions/target.ts';
import type { Rehearser } from '../ports/writer.ts';
import { changedWords, stepsBack, untouchedSteps } from './left-behind.ts';

/** What was put back must stand so long; a controller that would put it back again does so sooner. */
const STABLE_SECONDS = 5;

/**
 * The draft that takes a done plan back: its inverses in reverse order, guarded by tests of what the plan left behind. Or the plan that
 * does so already and is not settled. Fails where nothing can be taken back, where it was, and where an object is no longer as the plan
 * left it: then the three versions of each such field are in the message. `untouched`: only the fields that are.
 */
export async function takingBack(
  plan: Plan,
  all: readonly Plan[],
  reader: Pick<Rehearser, 'read'>,
  untouched = false,
): Promise<Outcome<{ readonly waiting: Plan } | { readonly draft: PlanDraft }>> {
  if (plan.state !== 'done')
    return failed({ code: 'plan-state', message: `Only a plan that is done can be taken back; ${plan.id} is ${plan.state}.` });
  const undos = all.filter((p) => p.undoes === plan.id);
  const before = undos.find((p) => p.state === 'done');
  if (before !== undefined) return failed({ code: 'plan-state', message: `${plan.id} was taken back already, by ${before.id}.` });
  const waiting = undos.find((p) => !isSettled(p.state));
  if (waiting !== undefined) return { ok: true, value: { waiting } };
  const final = plan.actions.find((a) => a.inverse === null);
  if (final !== undefined) return failed({ code: 'plan-refused', message: `${final.summary}: ${final.undo}.` });
  const steps = await stepsBack(plan, reader);
  if (!steps.ok) return steps;
  if (steps.value.length === 0)
    return failed({ code: 'plan-refused', message: plan.actions.map((a) => `${a.summary}: ${a.undo}.`).join(' ') });
  const fields = steps.value.map((s) => s.field);
  if (!untouched && fields.some((f) => f.state !== 'asLeft'))
    return failed({
      code: 'plan-drifted',
      message: `${plan.title} cannot be taken back as a whole: ${changedWords(fields)}.`,
      hint: fields.some((f) => f.state === 'asLeft')
        ? `Somebody has changed it since; decide what it should be. quarterdeck undo ${plan.id} --untouched takes back the rest.`
        : 'Somebody has changed it since; decide what it should be.',
    });
  const actions = untouched ? untouchedSteps(steps.value) : plan.actions.toReversed().flatMap((a) => a.inverse ?? []);
  if (actions.length === 0)
    return failed({ code: 'plan-drifted', message: `Nothing of ${plan.title} is as it was left: ${changedWords(fields)}.` });
  return {
    ok: true,
    value: {
      draft: {
        remedy: 'undo',
        title: `Take back${untouched ? ' what nobody has touched of' : ''}: ${plan.title}`,
        because: `It puts back what ${plan.id} changed${plan.settledAt === undefined ? '' : ` (done ${plan.settledAt})`}: ${plan.actions.map((a) => a.undo).join('; ')}.`,
        actions,
        // The state before the plan is the one with the incident, so no code can be gone: `putBack` says what is looked at instead.
        verify: [],
        stableForSeconds: STABLE_SECONDS,
        atLeastRisk: 'low',
      },
    },
  };
}
