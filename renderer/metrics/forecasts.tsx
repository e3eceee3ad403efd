import { type ReactNode, useCallback } from 'react';
import type { Outlook } from '../../agents/contract/index.ts';
import { useReading } from '../explore/reading.ts';
import { useNow } from '../ui/age.tsx';
import { Problem } from '../ui/problem.tsx';
import { type RolledOut, lastingWords, outlookGrounds, outlookTitle } from './forecast-words.ts';
import { marksOfChanges } from './marks.ts';
import type { Subject } from './panels.ts';
import { linkToSeries, nameOfLabels, objectOfLabels } from './series-place.ts';
import { useRepeated } from '../state/use-repeated.ts';

const MINUTE = 60_000;

/** What is foretold of everything with a limit that an object has; of a pod also what its workload has. */
export function Forecasts({ context, subject }: { context: string; subject: Subject }) {
  const key = JSON.stringify({ context, ...askOf(subject) });
  const { value, failure } = useRepeated<readonly Outlook[]>(
    useCallback(
      async (client, signal) => (await client.signals.outlook(JSON.parse(key) as { context: string }, { signal })).outlooks,
      [key],
    ),
    MINUTE,
  );
  if (value === undefined && failure !== undefined) return <Problem failure={failure} />;
  const pod = subject.of === 'pod' ? subject.pod : undefined;
  const all = value?.filter((o) => pod === undefined || (o.labels['pod'] ?? pod) === pod) ?? [];
  const loud = all.filter((o) => o.state !== 'lasts');
  const lasts = all.filter((o) => o.state === 'lasts');
  const now = Date.now();
  if (loud.length + lasts.length === 0) return null;
  return (
    <section aria-label="What is foretold" className="forecasts">
      {loud.map((o) => (
        <ForecastCard key={JSON.stringify([o.signal, o.labels])} context={context} outlook={o} named={pod !== undefined} />
      ))}
      {lasts.length > 0 && (
        <details className="hint">
          <summary>{lastingWords(lasts)}</summary>
          <ul>
            {lasts.map((o) => (
              <li key={JSON.stringify([o.signal, o.labels])}>
                {outlookTitle(o, now)}: {outlookGrounds(o, [], now).join('; ')}.
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function askOf(subject: Subject) {
  switch (subject.of) {
    case 'workload':
    case 'pod':
      return { namespace: subject.namespace, workload: subject.workload };
    case 'claim':
      return { namespace: subject.namespace, claim: subject.claim };
    case 'node':
      return { node: subject.node };
  }
}

const TONES: Readonly<Record<Outlook['state'], string>> = { reached: 'broken', runsOut: 'degraded', unknown: 'unknown', lasts: 'well' };

/** One forecast; `named` where it does not stand on the page of its object, `silent` where somebody has accepted it. */
export function ForecastCard({
  context,
  outlook,
  named = false,
  silent = false,
  children,
}: {
  context: string;
  outlook: Outlook;
  named?: boolean;
  silent?: boolean;
  children?: ReactNode;
}) {
  const now = useNow();
  const rollouts = useRollouts(context, outlook);
  const link = linkToSeries(context, outlook.labels);
  const share = Math.min(1, outlook.value / outlook.limit);
  return (
    <article className={`forecast tone-edge-${silent ? 'well' : TONES[outlook.state]}`}>
      <h3>{outlookTitle(outlook, now)}</h3>
      {named && (
        <p>
          {link === undefined ? nameOfLabels(outlook.labels) : <a href={link}>{nameOfLabels(outlook.labels)}</a>}{' '}
          <span className="row-meta">{context}</span>
        </p>
      )}
      <meter className="share" min={0} max={1} value={share} aria-label="How full it is">
        {Math.round(share * 100)} %
      </meter>
      <ul>
        {outlookGrounds(outlook, rollouts, now).map((ground) => (
          <li key={ground}>{ground}</li>
        ))}
      </ul>
      {children}
    </article>
  );
}

/** Rollouts of the workload from an hour before the rise began. */
function useRollouts(context: string, { labels, since }: Outlook): readonly RolledOut[] {
  const object = objectOfLabels(labels);
  const resource = object === undefined ? '' : `${object.kind}/${object.name}`;
  const namespace = object?.namespace;
  const from = since === null ? 0 : Math.floor((Date.parse(since) - 60 * MINUTE) / (10 * MINUTE)) * 10 * MINUTE;
  const { value } = useReading<readonly RolledOut[]>(
    useCallback(
      async (client, signal, tell) => {
        if (from === 0 || resource === '') return tell([]);
        const where = { context, resource, since: new Date(from).toISOString(), ...(namespace === undefined ? {} : { namespace }) };
        const { changes } = await client.changes.list(where, { signal });
        tell(marksOfChanges(changes.filter((c) => c.revision !== undefined)).toSorted((a, b) => a.at - b.at));
      },
      [context, resource, namespace, from],
    ),
  );
  return value ?? [];
}
