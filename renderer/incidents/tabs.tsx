import { Tabs } from 'radix-ui';
import { useEffect, useState } from 'react';
import type { Change, IncidentWithPlans } from '../../agents/contract/index.ts';
import { PlanCard } from '../approvals/plan-card.tsx';
import { failureOf } from '../bridge/bridge.ts';
import { useClient } from '../state/bridge-context.ts';
import { usePage } from '../state/page.ts';
import { linkTo, useRoute } from '../state/route.ts';
import { Age } from '../ui/age.tsx';
import { Resource } from '../ui/resource.tsx';
import { SeverityMark } from '../ui/severity.tsx';
import { momentsOf } from './timeline.ts';

const TABS = ['evidence', 'timeline', 'ruled-out', 'plans', 'similar'] as const;
type Tab = (typeof TABS)[number];
/** How far back before it was first seen a change may have led to it, milliseconds. */
const BEFORE_MS = 24 * 3_600_000;

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

function Timeline({ incident }: { incident: IncidentWithPlans }) {
  const client = useClient();
  const feed = usePage((s) => s.feed);
  const [changes, setChanges] = useState<readonly Change[]>([]);
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const { context, firstSeen, lastSeen } = incident;
  useEffect(() => {
    const since = new Date(Date.parse(firstSeen) - BEFORE_MS).toISOString();
    const asked = new AbortController();
    client.changes.list({ context, since, limit: 1_000 }, { signal: asked.signal }).then(
      (answer) => setChanges(answer.changes),
      (error: unknown) => asked.signal.aborted || setFailure(failureOf(error).message),
    );
    return () => asked.abort();
  }, [client, context, firstSeen, lastSeen]);
  const moments = momentsOf(incident, changes, feed);
  return (
    <>
      {failure !== undefined && <p className="hint">What changed in the cluster could not be read: {failure}</p>}
      <ol className="moments" aria-label="What happened, newest first">
        {moments.map((m, i) => (
          // Several things may happen in the same millisecond and say the same.
          <li key={`${m.at} ${i}`} className={`moment ${m.kind}${m.near ? ' near' : ''}`}>
            <time dateTime={m.at} title={new Date(m.at).toLocaleString()}>
              {new Date(m.at).toLocaleTimeString()}
            </time>
            <span className="role">{m.kind === 'seen' ? 'log' : m.kind}</span>
            <span className="min-w-0 wrap-anywhere">
              {m.words} {m.by !== undefined && <span className="hint">({m.by})</span>}
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}

function Similar({ incident }: { incident: IncidentWithPlans }) {
  const client = useClient();
  const [known, setKnown] = useState<readonly IncidentWithPlans[] | undefined>(undefined);
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const { code } = incident.rootCause;
  useEffect(() => {
    client.incidents.list({ state: 'all' }).then(
      ({ incidents }) => setKnown(incidents),
      (error: unknown) => setFailure(failureOf(error).message),
    );
  }, [client]);
  if (failure !== undefined) return <p className="hint">What was seen before could not be read: {failure}</p>;
  if (known === undefined) return <p className="hint">Looking…</p>;
  const others = known.filter((i) => i.id !== incident.id && i.rootCause.code === code);
  if (others.length === 0) return <p className="hint">{code} is not known from anywhere else.</p>;
  return (
    <ul className="evidence">
      {others.map((i) => (
        <li key={i.id}>
          <SeverityMark severity={i.severity} word={false} />
          <div>
            <a href={linkTo('incidents', i.id)}>{i.title}</a>
            <p className="row-meta">
              {i.context} · {i.dismissed === undefined ? i.state : 'accepted'}
              {i.plans.some((p) => p.state === 'done') && ' · a plan for it was carried out and verified'}
            </p>
          </div>
          <Age at={i.firstSeen} suffix=" ago" />
        </li>
      ))}
    </ul>
  );
}
