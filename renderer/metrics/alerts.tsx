import { useState } from 'react';
import type { IncidentWithPlans, Unusual } from '../../agents/contract/index.ts';
import { Accept } from '../incidents/accept.tsx';
import { localTimes } from '../state/cluster-words.ts';
import { usePage } from '../state/page.ts';
import { linkTo } from '../state/route.ts';
import { Age } from '../ui/age.tsx';
import { Problem } from '../ui/problem.tsx';
import { WayBack } from '../ui/way-back.tsx';
import { alertGrounds, alertTitle, incidentOf } from './alert-words.ts';
import { outlookOf } from './forecast-words.ts';
import { ForecastCard } from './forecasts.tsx';
import { linkToSeries, nameOfLabels, selectorOf } from './series-place.ts';
import { Spark } from './spark.tsx';
import { useSignals } from './use-signals.ts';
import './metrics.css';

/** What is unusual now in the clusters that are read, and what will run out: each with what it stands on, and how it becomes silent. */

const HOUR = 3_600_000;

export function Alerts() {
  const { value, failure, contexts } = useSignals();
  const accepted = usePage((s) => s.accepted);
  const news = value?.news ?? [];
  const unusual = news.flatMap((n) => n.unusual.map((u) => ({ context: n.context, u })));
  const runningOut = news.flatMap((n) => n.runningOut.map((r) => ({ context: n.context, r })));
  const sum = (of: 'watched' | 'learning' | 'leftOut') => news.reduce((all, n) => all + n[of], 0);
  const judged = (
    <p className="hint">
      {sum('watched')} series are judged{sum('learning') > 0 && `, ${sum('learning')} of them are still being learned`}
      {sum('leftOut') > 0 && `; ${sum('leftOut')} are too many to be judged`}.
    </p>
  );
  return (
    <div className="alerts">
      <header>
        <WayBack to={linkTo('feed')}>The log</WayBack>
        <h1>Alerts</h1>
      </header>
      {failure !== undefined && <Problem failure={failure} />}
      {value?.failed.map((f) => (
        <Problem key={f.context} failure={{ ...f.failure, message: `${f.context}: ${f.failure.message}` }} />
      ))}
      {value === undefined && contexts.length > 0 && <p className="hint">Reading…</p>}
      {contexts.length === 0 && (
        <div className="empty">
          <h2>No cluster is read</h2>
          <p>
            What is unusual in the metrics of a cluster, and what will run out, is told here while it is read.{' '}
            <a href={linkTo('fleet')}>Choose a cluster</a>.
          </p>
        </div>
      )}
      {runningOut.length > 0 && (
        <section aria-label="What will run out">
          <h2>Will run out</h2>
          <div className="forecasts">
            {runningOut.map(({ context, r }) => (
              <ForecastCard
                key={`${context} ${selectorOf(r.signal, r.labels)}`}
                context={context}
                outlook={outlookOf(r)}
                named
                silent={incidentOf(accepted, context, r) !== undefined}
              >
                <Spark
                  context={context}
                  selector={selectorOf(r.signal, r.labels)}
                  from={Math.min(Date.parse(r.since) - HOUR / 2, Date.parse(r.at) - HOUR)}
                  to={Date.parse(r.at)}
                  limit={r.limit}
                  words={r.because}
                />
                <SilenceOf context={context} of={r} />
              </ForecastCard>
            ))}
          </div>
        </section>
      )}
      {unusual.length > 0 && (
        <section aria-label="What is unusual">
          <h2>Unusual now</h2>
          <ul className="alert-list">
            {unusual.map(({ context, u }) => (
              <AlertRow key={`${context} ${selectorOf(u.signal, u.labels)}`} context={context} alert={u} />
            ))}
          </ul>
        </section>
      )}
      {value !== undefined && contexts.length > 0 && (
        <>
          {unusual.length + runningOut.length === 0 && (
            <div className="empty">
              <h2>{sum('learning') === sum('watched') ? 'Nothing is known yet' : 'Nothing is unusual, and nothing will run out'}</h2>
              {judged}
            </div>
          )}
          {unusual.length + runningOut.length > 0 && judged}
        </>
      )}
    </div>
  );
}

function SilenceOf({ context, of }: { context: string; of: Pick<Unusual, 'signal' | 'labels'> }) {
  const open = usePage((s) => s.incidents);
  const accepted = usePage((s) => s.accepted);
  return <Silence incident={incidentOf(open, context, of)} silenced={incidentOf(accepted, context, of)} />;
}

function AlertRow({ context, alert }: { context: string; alert: Unusual }) {
  const accepted = usePage((s) => s.accepted);
  const silenced = incidentOf(accepted, context, alert);
  const link = linkToSeries(context, alert.labels);
  const now = Date.parse(alert.at);
  const from = Math.min(Date.parse(alert.since) - HOUR / 2, now - HOUR);
  const title = alertTitle(alert);
  return (
    <li className={`alert tone-edge-${silenced === undefined ? 'degraded' : 'well'}`}>
      <div>
        <h3>
          {title}{' '}
          <span className="row-meta">
            since <Age at={alert.since} />
          </span>
        </h3>
        <p>
          {link === undefined ? nameOfLabels(alert.labels) : <a href={link}>{nameOfLabels(alert.labels)}</a>}{' '}
          <span className="row-meta">{context}</span>
        </p>
        <p>{alertGrounds(alert)}</p>
        <p className="hint">Silent after {alert.silentWhen}.</p>
      </div>
      <Spark
        context={context}
        selector={selectorOf(alert.signal, alert.labels)}
        from={from}
        to={now}
        low={alert.low}
        high={alert.high}
        words={`${title}; ${alertGrounds(alert)}`}
      />
      <SilenceOf context={context} of={alert} />
    </li>
  );
}

/** One way to silence for everything: the incident that stands on it is known and accepted, with a reason and an end. */
function Silence({ incident, silenced }: { incident: IncidentWithPlans | undefined; silenced: IncidentWithPlans | undefined }) {
  const [accepting, setAccepting] = useState(false);
  if (silenced !== undefined)
    return (
      <p className="alert-way hint">
        Silent: {silenced.dismissed?.by} accepted <a href={linkTo('incidents', silenced.id)}>{localTimes(silenced.title, Date.now())}</a>
        {silenced.dismissed !== undefined && `: ${silenced.dismissed.reason}`}
      </p>
    );
  if (incident === undefined)
    return <p className="alert-way hint">It is only listed here: no incident stands on it, and nobody is called.</p>;
  return (
    <div className="alert-way">
      <p>
        <a href={linkTo('incidents', incident.id)}>{localTimes(incident.title, Date.now())}</a>
      </p>
      {accepting ? (
        <Accept incident={incident} away={() => setAccepting(false)} />
      ) : (
        <button type="button" onClick={() => setAccepting(true)}>
          Silence…
        </button>
      )}
    </div>
  );
}
