import { type Outcome, type Plan, type PlanDraft, refWords } from '../../contract/index.ts';
import { isSettled } from '../../core/remediation.machine.ts';
import { find } from '../actions/json-patch.ts';
import { failed } from '../actions/target.ts';
import type { Rehearser } from '../ports.ts';

/**
 * The draft that takes a done plan back: its inverses in reverse order, guarded by tests of what the plan left behind. Or the plan that
 * does so already and is not settled. Fails where nothing can be taken back, or where it was.
 */
export async function takingBack(
  plan: Plan,
  all: readonly Plan[],
  reader: Pick<Rehearser, 'read'>,
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
  const actions = plan.actions.toReversed().flatMap((a) => a.inverse ?? []);
  if (actions.length === 0) return failed({ code: 'plan-refused', message: plan.actions.map((a) => `${a.summary}: ${a.undo}.`).join(' ') });
  // A scaling carries no test of the count it replaces; the count must be the one the plan left.
  for (const { spec } of plan.actions) {
    if (spec.type !== 'scale') continue;
    const live = await reader.read(plan.context, spec.target);
    if (!live.ok) return live;
    const replicas = find(live.value, '/spec/replicas') ?? 1;
    if (replicas !== spec.replicas)
      return failed({
        code: 'plan-drifted',
        message: `${refWords(spec.target)} has ${String(replicas)} replicas now, the plan had set ${spec.replicas}.`,
        hint: 'Somebody has scaled it since; decide what it should be.',
      });
  }
  return {
    ok: true,
    value: {
      draft: {
        remedy: 'undo',
        title: `Take back: ${plan.title}`,
        because: `It puts back what ${plan.id} changed${plan.settledAt === undefined ? '' : ` (done ${plan.settledAt})`}: ${plan.actions.map((a) => a.undo).join('; ')}.`,
        actions,
        // The state before the plan is the one with the incident: there is no code that could be gone.
        verify: [],
        stableForSeconds: 1,
        atLeastRisk: 'low',
      },
    },
  };
}
