import { openPlan } from '../state/here.ts';
import { usePage } from '../state/page.ts';
import { linkTo } from '../state/route.ts';
import { Icon } from '../ui/icons.tsx';

/** What the painted reach of a plan means, in words, and the way back to the decision. */
export function ReachBar({ plan: id }: { plan: string }) {
  const plan = usePage((s) => s.plans.find((p) => p.id === id));
  if (plan === undefined)
    return (
      <p className="map-reach" role="status">
        That plan is not known any more. <a href={linkTo('fleet')}>Back to the fleet</a>
      </p>
    );
  const { reach } = plan;
  const held = reach?.budgets.filter((b) => b.allows === 0 && reach.restarts > 0) ?? [];
  const dependents = reach === undefined ? 0 : reach.dependents.length + reach.more;
  const said = [
    `${plan.actions.length} ${plan.actions.length === 1 ? 'target' : 'targets'} outlined`,
    dependents === 0
      ? 'nothing that depends on them is known'
      : `${dependents} that ${dependents === 1 ? 'depends' : 'depend'} on them shaded`,
    ...(reach === undefined || reach.restarts === 0
      ? ['no pod restarts']
      : [`${reach.restarts} ${reach.restarts === 1 ? 'pod restarts' : 'pods restart'}`]),
    ...(held.length === 0 ? [] : [`crossed: ${held.map((b) => b.resource.name).join(', ')} allows no disruption now`]),
  ];
  return (
    <p className="map-reach" role="status">
      <span>
        <strong>{plan.title}</strong>: {said.join('; ')}.
      </span>
      {plan.state === 'awaitingApproval' && (
        <button type="button" onClick={() => openPlan(plan.id)}>
          Decide
        </button>
      )}
      <a href={linkTo('fleet')} aria-label="Show no plan" title="Show no plan">
        <Icon name="close" size={16} />
      </a>
    </p>
  );
}
