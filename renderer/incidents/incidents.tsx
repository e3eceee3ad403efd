import { useState } from 'react';
import type { IncidentWithPlans } from '../../agents/contract/index.ts';
import { isLive, localTimes } from '../state/cluster-words.ts';
import { useIsCurrent } from '../state/current.ts';
import { useShows } from '../state/here.ts';
import { WORST_FIRST, bySeverity, usePage } from '../state/page.ts';
import { linkTo } from '../state/route.ts';
import { Age, AsOf } from '../ui/age.tsx';
import { SeverityMark } from '../ui/severity.tsx';
import { Split } from '../ui/split.tsx';
import { IncidentPage } from './incident-page.tsx';
import { usePastIncident } from './past.ts';
import { OPEN_SIEVE, type Sieve, choices, sift } from './sift.ts';

/** Open incidents, worst first, those that were accepted apart, and the chosen one beside them. */
export function Incidents({ id }: { id: string | undefined }) {
  const open = usePage((s) => s.incidents);
  const accepted = usePage((s) => s.accepted);
  const [sieve, setSieve] = useState<Sieve>(OPEN_SIEVE);
  const sorted = sift(open, sieve).toSorted(bySeverity);
  const apart = sift(accepted, sieve).toSorted(bySeverity);
  const known = id === undefined ? sorted[0] : (open.find((i) => i.id === id) ?? accepted.find((i) => i.id === id));
  const past = usePastIncident(known === undefined ? id : undefined);
  const chosen = known ?? past.incident;
  useShows(chosen?.context);
  if (open.length + accepted.length === 0 && id === undefined) return <NoIncidents />;
  return (
    <Split
      place="incidents"
      open={id !== undefined}
      label="Incidents"
      list={
        <>
          <Sieves incidents={[...open, ...accepted]} sieve={sieve} set={setSieve} />
          {sorted.length === 0 && (
            <p className="px-4 py-3 text-ink-3">{open.length === 0 ? 'Nothing is open.' : 'None of the open ones is like that.'}</p>
          )}
          <Rows incidents={sorted} chosen={chosen} />
          {apart.length > 0 && <h3>Known and accepted</h3>}
          <Rows incidents={apart} chosen={chosen} />
        </>
      }
    >
      {chosen !== undefined ? (
        <IncidentPage key={chosen.id} incident={chosen} />
      ) : id !== undefined && past.looking ? (
        <p className="p-5 text-ink-3">Looking…</p>
      ) : (
        <div className="empty">
          <h2>{id === undefined ? 'Choose an incident' : 'This incident is not open any more'}</h2>
          {id !== undefined && (
            <p>
              Its cause has not been seen for a while, so it was resolved. <a href={linkTo('feed')}>The feed</a> tells what happened.
            </p>
          )}
        </div>
      )}
    </Split>
  );
}

function Sieves({ incidents, sieve, set }: { incidents: readonly IncidentWithPlans[]; sieve: Sieve; set: (sieve: Sieve) => void }) {
  const pick = (label: string, key: 'severity' | 'context' | 'namespace', options: readonly string[]) =>
    options.length > 1 && (
      <select
        aria-label={label}
        value={sieve[key] ?? ''}
        onChange={(e) => set({ ...sieve, [key]: e.target.value === '' ? undefined : e.target.value })}
      >
        <option value="">{label}</option>
        {options.map((o) => (
          <option key={o}>{o}</option>
        ))}
      </select>
    );
  return (
    <div className="sieve" role="search">
      <input
        type="search"
        aria-label="Find an incident"
        placeholder="Find"
        value={sieve.text}
        onChange={(e) => set({ ...sieve, text: e.target.value })}
      />
      {pick(
        'severity',
        'severity',
        WORST_FIRST.filter((s) => incidents.some((i) => i.severity === s)),
      )}
      {pick('cluster', 'context', choices(incidents.map((i) => i.context)))}
      {pick('namespace', 'namespace', choices(incidents.map((i) => i.rootCause.resource.namespace)))}
    </div>
  );
}

function Rows({ incidents, chosen }: { incidents: readonly IncidentWithPlans[]; chosen: IncidentWithPlans | undefined }) {
  return (
    <ul>
      {incidents.map((incident) => (
        <li key={incident.id}>
          <Row incident={incident} chosen={incident.id === chosen?.id} />
        </li>
      ))}
    </ul>
  );
}

function Row({ incident, chosen }: { incident: IncidentWithPlans; chosen: boolean }) {
  const live = useIsCurrent(incident.context);
  const waits = incident.plans.some((p) => p.state === 'awaitingApproval');
  const { namespace } = incident.rootCause.resource;
  return (
    <a href={linkTo('incidents', incident.id)} aria-current={chosen ? 'true' : undefined}>
      <SeverityMark severity={incident.severity} word={false} />
      <span className="row-title" title={incident.title} dir="auto">
        {localTimes(incident.title, Date.now())}
      </span>
      <span className="row-meta">
        {incident.context}
        {namespace !== undefined && ` · ${namespace}`} · <Age at={incident.firstSeen} />
        {!live && (
          <>
            {' · '}
            <AsOf at={incident.lastSeen} />
          </>
        )}
        {incident.dismissed !== undefined && ` · accepted by ${incident.dismissed.by}`}
        {incident.maintenance !== undefined && ' · in maintenance'}
        {waits && <span className="asks-words"> · a plan waits</span>}
      </span>
    </a>
  );
}

function NoIncidents() {
  const connected = usePage((s) => s.contexts)?.contexts.filter((c) => isLive(c.state)).length ?? 0;
  return (
    <div className="empty">
      <h2>{connected === 0 ? 'No cluster is watched yet' : 'No incident is open'}</h2>
      {connected === 0 ? (
        <p>
          Incidents appear here when a watched cluster has something wrong. <a href={linkTo('fleet')}>Choose a cluster to watch</a>.
        </p>
      ) : (
        <p>Nothing is wrong in {connected === 1 ? 'the watched cluster' : `the ${connected} watched clusters`}, as far as could be read.</p>
      )}
    </div>
  );
}
