import { Suspense, lazy, useState } from 'react';
import type { IncidentWithPlans, Plan } from '../../agents/contract/index.ts';
import { RoadSteps } from '../approvals/road-steps.tsx';
import { localTimes } from '../state/cluster-words.ts';
import { useIsCurrent } from '../state/current.ts';
import { openPlan } from '../state/here.ts';
import { linkTo } from '../state/route.ts';
import { Age, AsOf } from '../ui/age.tsx';
import { CopyButton } from '../ui/copy.tsx';
import { RiskMark } from '../ui/risk.tsx';
import { SeverityMark } from '../ui/severity.tsx';
import { Accept, Accepted } from './accept.tsx';
import { Chain } from './chain.tsx';
import { Explain } from './explain.tsx';
import { InMaintenance } from './in-maintenance.tsx';
import { markdownOf } from './markdown.ts';
import { IncidentTabs } from './tabs.tsx';

const RunbookOfIncident = lazy(() => import('../runbooks/runbook-of-incident.tsx').then((m) => ({ default: m.RunbookOfIncident })));
const PagesToRead = lazy(() => import('../runbooks/pages-to-read.tsx').then((m) => ({ default: m.PagesToRead })));

/** One incident: the cause, what people noticed, what may be done, and what it rests on. */
export function IncidentPage({ incident }: { incident: IncidentWithPlans }) {
  const live = useIsCurrent(incident.context);
  const [accepting, setAccepting] = useState(false);
  const { rootCause, plans, dismissed } = incident;
  return (
    <article className="detail" aria-labelledby="incident-title">
      <header>
        <p className="meta">
          <SeverityMark severity={incident.severity} /> <span className="name">{incident.context}</span> <span>{rootCause.code}</span>{' '}
          <span>
            first seen <Age at={incident.firstSeen} suffix=" ago" />
          </span>
          {incident.state === 'resolved' && <span className="mark">resolved</span>}
          {!live && (
            <span className="not-live-words">
              <AsOf at={incident.lastSeen} />: the cluster is not watched now
            </span>
          )}
          <span className="incident-buttons">
            <CopyButton text={() => markdownOf(incident)} words="Copy as Markdown" />
            {dismissed === undefined && incident.state === 'open' && !accepting && (
              <button type="button" onClick={() => setAccepting(true)}>
                Accept…
              </button>
            )}
          </span>
        </p>
        <h2 id="incident-title" dir="auto" title={incident.title}>
          {localTimes(incident.title, Date.now())}
        </h2>
      </header>
      <Accepted incident={incident} />
      <InMaintenance incident={incident} />
      {accepting && dismissed === undefined && <Accept incident={incident} away={() => setAccepting(false)} />}
      <Chain incident={incident} />
      <Explain key={incident.id} incident={incident.id} />
      <WhatMayBeDone plans={plans} advice={incident.advice} id={incident.id} />
      <Suspense fallback={null}>
        <div>
          <RunbookOfIncident key={incident.id} incident={incident} />
          <PagesToRead key={incident.id} incident={incident.id} />
        </div>
      </Suspense>
      <IncidentTabs incident={incident} />
    </article>
  );
}

const UNDER_WAY: ReadonlySet<Plan['state']> = new Set<Plan['state']>(['acting', 'verifying', 'rollingBack']);

/** The one line that matters most: what is under way, else what waits, else how the last plan ended, else what a person must supply. */
function WhatMayBeDone({ plans, advice, id }: { plans: readonly Plan[]; advice: string | undefined; id: string }) {
  const moving = plans.find((p) => UNDER_WAY.has(p.state));
  const waits = plans.filter((p) => p.state === 'awaitingApproval').sort((a, b) => (a.rank?.place ?? 0) - (b.rank?.place ?? 0));
  const [best] = waits;
  const ended = plans.filter((p) => p.settledAt !== undefined).sort((a, b) => (b.settledAt ?? '').localeCompare(a.settledAt ?? ''))[0];
  if (moving !== undefined)
    return (
      <section className="doing" aria-label="What is being done">
        <p>{moving.title}</p>
        <RoadSteps plan={moving} />
      </section>
    );
  if (best !== undefined)
    return (
      <section className="doing" aria-label="What may be done">
        <p className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <RiskMark risk={best.risk} prefix="risk " />
          <span className="min-w-48 flex-1 wrap-anywhere">{best.title}</span>
          {waits.length > 1 && <a href={linkTo('incidents', id, { tab: 'plans' })}>and {waits.length - 1} more</a>}
          <button type="button" className="primary" onClick={() => openPlan(best.id)}>
            Look at the plan
          </button>
        </p>
      </section>
    );
  if (ended !== undefined)
    return (
      <section className="doing" aria-label="What was done">
        <p className="wrap-anywhere">
          {ended.title}. <a href={linkTo('approvals', ended.id)}>Open it</a>
        </p>
        <RoadSteps plan={ended} />
      </section>
    );
  return <p className="hint">{advice ?? 'No plan is proposed: what would help cannot be read from the cluster.'}</p>;
}
