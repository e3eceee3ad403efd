import { linkTo } from '../state/route.ts';
import { Age } from '../ui/age.tsx';
import { Problem } from '../ui/problem.tsx';
import { WayBack } from '../ui/way-back.tsx';
import { linkToRunbook } from './places.ts';
import { RunbookPage } from './runbook-page.tsx';
import { type RunbookRows, useRunbooks } from './use-runbooks.ts';
import './runbooks.css';

/** What the team has learned from incidents that were repaired, and what is proposed to be learned. */
export function Runbooks({ code }: { code: string | undefined }) {
  const { value, failure } = useRunbooks();
  const proposed = value?.filter((r) => r.proposal !== null) ?? [];
  const others = value?.filter((r) => r.proposal === null) ?? [];
  if (code !== undefined)
    return (
      <div className="runbooks">
        <WayBack to={linkToRunbook()}>Runbooks of the team</WayBack>
        <RunbookPage key={code} code={code} />
      </div>
    );
  return (
    <div className="runbooks">
      <WayBack to={linkTo('knowledge')}>Knowledge</WayBack>
      <h2>Runbooks of the team</h2>
      {failure !== undefined && <Problem failure={failure} />}
      {value === undefined && failure === undefined && <p className="hint">Reading…</p>}
      {value?.length === 0 && (
        <div className="empty">
          <h2>Nothing has been learned yet</h2>
          <p>
            When an incident was repaired, what helped is proposed as an addition to the runbook of its kind. Nothing is in a runbook that
            nobody accepted.
          </p>
        </div>
      )}
      <List name="Proposed: waits for a person" rows={proposed} />
      <List name="Accepted" rows={others} />
    </div>
  );
}

function List({ name, rows }: { name: string; rows: RunbookRows }) {
  if (rows.length === 0) return null;
  return (
    <section aria-label={name}>
      <h3>{name}</h3>
      <ul className="runbook-list">
        {rows.map((r) => (
          <li key={r.code}>
            <a href={linkToRunbook(r.code)}>
              <code>{r.code}</code> {r.title}
            </a>
            <span className="row-meta">
              {r.version === 0 ? 'not accepted yet' : `version ${r.version}`}
              {r.at !== null && (
                <>
                  , <Age at={r.at} suffix=" ago" />
                </>
              )}
              {r.proposal !== null && (
                <>
                  {' · '}
                  <span className="asks-words">
                    an addition waits, proposed <Age at={r.proposal.at} suffix=" ago" />
                  </span>
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** On the screen of what is known: the way to the team's own runbooks, and how many additions wait. */
export function RunbooksLine() {
  const { value } = useRunbooks();
  const waits = value?.filter((r) => r.proposal !== null).length ?? 0;
  return (
    <p>
      <a href={linkToRunbook()}>Runbooks of the team</a>
      {waits > 0 && <span className="asks-words"> · {waits === 1 ? 'an addition waits' : `${waits} additions wait`} for a person</span>}
    </p>
  );
}
