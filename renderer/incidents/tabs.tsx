import { Tabs } from 'radix-ui';
import type { IncidentWithPlans } from '../../agents/contract/index.ts';
import { PlanCard } from '../approvals/plan-card.tsx';
import { linkTo, useRoute } from '../state/route.ts';
import { Age } from '../ui/age.tsx';
import { Resource } from '../ui/resource.tsx';
import { Similar } from './similar.tsx';
import { Timeline } from './moments.tsx';

const TABS = ['evidence', 'timeline', 'ruled-out', 'plans', 'similar'] as const;
type Tab = (typeof TABS)[number];

/** What the incident rests on, one thing at a time. Which one is part of the address. */
export function IncidentTabs({ incident }: { incident: IncidentWithPlans }) {
  const { query } = useRoute();
  const asked = query.get('tab');
  const tab = TABS.find((t) => t === asked) ?? 'evidence';
  const words: Readonly<Record<Tab, string>> = {
    evidence: `Evidence ${incident.evidence.length}`,
    timeline: 'Timeline',
    'ruled-out': `Ruled out ${incident.ruledOut.length}`,
    plans: `Plans ${incident.plans.length}`,
    similar: 'Similar',
  };
  return (
    <Tabs.Root value={tab} onValueChange={(t) => window.location.replace(linkTo('incidents', incident.id, { tab: t }))}>
      <Tabs.List className="tabs" aria-label="About this incident">
        {TABS.map((t) => (
          <Tabs.Trigger key={t} value={t} className="tab">
            {words[t]}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      <Tabs.Content value="evidence">
        <Evidence incident={incident} />
      </Tabs.Content>
      <Tabs.Content value="timeline">
        <Timeline incident={incident} />
      </Tabs.Content>
      <Tabs.Content value="ruled-out">
        <RuledOut incident={incident} />
      </Tabs.Content>
      <Tabs.Content value="plans">
        <Plans incident={incident} />
      </Tabs.Content>
      <Tabs.Content value="similar">
        <Similar incident={incident} />
      </Tabs.Content>
    </Tabs.Root>
  );
}

function Evidence({ incident }: { incident: IncidentWithPlans }) {
  return (
    <ul className="evidence">
      {incident.evidence.map((e, i) => (
        // Evidence has no identity of its own and is only ever replaced as a whole.
        <li key={i}>
          <span className="role">{e.kind}</span>
          <div>
            <Resource of={e.resource} />
            {e.source !== undefined && <code>{e.source}</code>}
            <pre>{e.text}</pre>
          </div>
          {e.at !== undefined && <Age at={e.at} suffix=" ago" />}
        </li>
      ))}
    </ul>
  );
}

function RuledOut({ incident }: { incident: IncidentWithPlans }) {
  if (incident.ruledOut.length === 0) return <p className="hint">No other cause was looked at: this one needs no comparison.</p>;
  return (
    <ul className="ruled-out">
      {incident.ruledOut.map((r) => (
        <li key={`${r.hypothesis} ${r.because}`}>
          <span>{r.hypothesis}</span>
          <span className="hint">{r.because}</span>
        </li>
      ))}
    </ul>
  );
}

function Plans({ incident: { plans, advice } }: { incident: IncidentWithPlans }) {
  const ranked = plans.toSorted((a, b) => (a.rank?.place ?? 0) - (b.rank?.place ?? 0));
  return (
    <>
      {plans.length === 0 && <p className="hint">{advice ?? 'No plan is proposed: what would help cannot be read from the cluster.'}</p>}
      {plans.length > 0 && advice !== undefined && <p className="hint mb-3">{advice}</p>}
      <div className={ranked.length > 1 ? 'plans-beside' : ''}>
        {ranked.map((plan) => (
          <PlanCard key={plan.id} plan={plan} keys={false} />
        ))}
      </div>
    </>
  );
}
