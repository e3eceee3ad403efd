import type { IncidentWithPlans } from '../../agents/contract/index.ts';
import { linkTo } from '../state/route.ts';
import { Age } from '../ui/age.tsx';
import { Fact } from '../ui/fact.tsx';
import { SeverityMark } from '../ui/severity.tsx';
import type { Line, Shown } from './lines.ts';
import { isLoud } from './loud.ts';
import { inLocalTime } from './local-time.ts';

/** One entry of the log, with the way to what it tells of. */
export function FeedEntry({ line, grouped }: { line: Line; grouped: boolean }) {
  return (
    <div className={`entry${isLoud(line) ? ' loud' : ''}${grouped ? ' inset' : ''}`}>
      <span className="seq" title={`Entry ${line.seq} of the log`}>
        {line.seq}
      </span>
      <Age at={line.at} />
      <span className="row-meta truncate">{line.kind}</span>
      {line.thoughts.length === 0 ? (
        <span className="min-w-0 wrap-anywhere" dir="auto">
          {inLocalTime(line.type, line.words)}
        </span>
      ) : (
        <details className="thoughts min-w-0">
          <summary className="wrap-anywhere" dir="auto">
            {inLocalTime(line.type, line.words)}
          </summary>
          <dl>
            {line.thoughts.map(({ what, texts }) => (
              <Fact key={what} name={what}>
                {texts.map((text, i) => (
                  // The texts of an entry never change.
                  <div key={i} className="wrap-anywhere" dir="auto">
                    {text}
                  </div>
                ))}
              </Fact>
            ))}
          </dl>
        </details>
      )}
      {line.source !== undefined && (
        <a href={line.source} aria-label={`Open what entry ${line.seq} tells of`}>
          open
        </a>
      )}
    </div>
  );
}

export function FeedHeading({ group, incident }: { group: Extract<Shown, { lines: number }>; incident: IncidentWithPlans | undefined }) {
  const { heading, lines, latest } = group;
  return (
    <h2 className="feed-heading">
      {incident !== undefined && <SeverityMark severity={incident.severity} word={false} />}
      {heading === undefined ? (
        <span>Clusters, agents and people</span>
      ) : (
        <a className="min-w-0 truncate" href={linkTo('incidents', heading)} title={incident?.title}>
          {incident?.title ?? `${heading}, not open any more`}
        </a>
      )}
      <span className="row-meta ml-auto flex-none font-normal">
        {lines} {lines === 1 ? 'entry' : 'entries'}, <Age at={latest} suffix=" ago" />
      </span>
    </h2>
  );
}
