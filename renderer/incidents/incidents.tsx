import type { IncidentWithPlans } from '../../agents/contract/index.ts';
import { isLive } from '../state/cluster-words.ts';
import { bySeverity, usePage } from '../state/page.ts';
import { linkTo } from '../state/route.ts';
import { useIsCurrent } from '../state/current.ts';
import { Age, AsOf } from '../ui/age.tsx';
import { SeverityMark } from '../ui/severity.tsx';
import { IncidentPage } from './incident-page.tsx';

/** Open incidents, worst first, and the chosen one beside them. */
export function Incidents({ id }: { id: string | undefined }) {
  const all = usePage((s) => s.incidents);
  const sorted = [...all].sort(bySeverity);
  const chosen = id === undefined ? sorted[0] : sorted.find((i) => i.id === id);
  if (sorted.length === 0 && id === undefined) return <NoIncidents />;
  return (
    <div className="split">
      <nav className="list" aria-label="Open incidents">
        <ul>
          {sorted.map((incident) => (
            <li key={incident.id}>
              <Row incident={incident} chosen={incident.id === chosen?.id} />
            </li>
          ))}
        </ul>
      </nav>
      {chosen === undefined ? (
        <div className="empty">
          <h2>This incident is not open any more</h2>
          <p>
            Its cause has not been seen for a while, so it was resolved. <a href={linkTo('feed')}>The feed</a> tells what happened.
          </p>
        </div>
      ) : (
        <IncidentPage key={chosen.id} incident={chosen} />
      )}
    </div>
  );
}

function Row({ incident, chosen }: { incident: IncidentWithPlans; chosen: boolean }) {
  const live = useIsCurrent(incident.context);
  const waits = incident.plans.some((p) => p.state === 'awaitingApproval');
  return (
    <a href={linkTo('incidents', incident.id)} aria-current={chosen ? 'true' : undefined}>
      <SeverityMark severity={incident.severity} word={false} />
      <span className="row-title" title={incident.title}>
        {incident.title}
      </span>
      <span className="row-meta">
        {incident.context} · <Age at={incident.firstSeen} />
        {!live && (
          <>
            {' · '}
            <AsOf at={incident.lastSeen} />
          </>
        )}
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
