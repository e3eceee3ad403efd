import type { Plan } from '../../agents/contract/index.ts';
import { useClient } from '../state/bridge-context.ts';
import { useOrder } from '../state/order.ts';
import { linkTo } from '../state/route.ts';
import { Problem } from '../ui/problem.tsx';
import { LeftBehind } from './left-behind.tsx';
import { STEPS, endWords, stepsOf } from './steps.ts';

/** The road of a plan that was decided: five steps with their live state, and how it ended. */
export function RoadSteps({ plan }: { plan: Plan }) {
  const client = useClient();
  const order = useOrder();
  if (plan.state === 'awaitingApproval' || plan.state === 'preflight' || plan.state === 'dryRunning') return null;
  const states = stepsOf(plan.state);
  const undo = (untouched = false) =>
    order.give(async () => {
      const proposed = await client.plans.undo({ id: plan.id, untouched });
      window.location.hash = linkTo('approvals', proposed.id);
    });
  const drifted = order.failure?.code === 'plan-drifted';
  return (
    <div className="road">
      {states !== undefined && (
        <ol aria-label="The road of this plan">
          {STEPS.map((step, i) => (
            <li key={step} className={`step ${states[i] ?? 'ahead'}`} aria-current={states[i] === 'now' ? 'step' : undefined}>
              {step}
            </li>
          ))}
        </ol>
      )}
      <p className={`end ${plan.state === 'done' ? 'tone-well' : ''}`} role="status">
        {endWords(plan)}
      </p>
      {order.failure !== undefined && !drifted && <Problem failure={order.failure} />}
      {drifted && <LeftBehind plan={plan} busy={order.running} takeBack={() => undo(true)} lookAgain={() => undo()} />}
      {!drifted && plan.state === 'done' && plan.actions.every((a) => a.inverse !== null) && (
        <button type="button" disabled={order.running} onClick={() => undo()}>
          Propose to take it back
        </button>
      )}
    </div>
  );
}
