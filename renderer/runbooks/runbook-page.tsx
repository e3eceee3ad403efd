import { useCallback, useMemo, useState } from 'react';
import type { Runbook, RunbookVersion } from '../../agents/contract/index.ts';
import { useReading } from '../explore/reading.ts';
import { Passage } from '../knowledge/passage.tsx';
import { useClient } from '../state/bridge-context.ts';
import { useOrder } from '../state/order.ts';
import { usePage } from '../state/page.ts';
import { linkTo } from '../state/route.ts';
import { Age } from '../ui/age.tsx';
import { CopyButton } from '../ui/copy.tsx';
import { Problem } from '../ui/problem.tsx';
import { ScrollBox } from '../ui/scroll-box.tsx';
import { aroundChanges, lineDiff } from './line-diff.ts';
import { useRunbookNews } from './use-runbooks.ts';

interface Read {
  readonly runbook: Runbook;
  readonly versions: readonly RunbookVersion[];
}

/** One runbook: what is proposed for it, as it stands, and how it came to be so. */
export function RunbookPage({ code }: { code: string }) {
  const news = useRunbookNews();
  const { value, failure } = useReading<Read>(
    useCallback(
      async (client, signal, tell) => {
        // Another number is a wish to read once more.
        void news;
        const [runbook, { versions }] = await Promise.all([
          client.runbooks.show({ code }, { signal }),
          client.runbooks.history({ code }, { signal }),
        ]);
        tell({ runbook, versions });
      },
      [code, news],
    ),
  );
  if (failure !== undefined) return <Problem failure={failure} />;
  if (value === undefined) return <p className="hint">Reading…</p>;
  const { runbook, versions } = value;
  return (
    <article aria-labelledby="runbook-title">
      <h2 id="runbook-title">
        <code>{code}</code> {runbook.title}
      </h2>
      <p className="row-meta">
        {runbook.version === 0 ? 'Nobody has accepted a version yet.' : `Version ${runbook.version}`}
        {runbook.at !== null && (
          <>
            , accepted <Age at={runbook.at} suffix=" ago" />
          </>
        )}
      </p>
      {runbook.proposal !== null && <Proposal code={code} proposal={runbook.proposal} before={runbook.text} />}
      {runbook.text !== '' && (
        <section aria-label="The runbook" className="knowledge-text">
          <h3>
            As it stands <CopyButton text={runbook.text} words="Copy the runbook as Markdown" />
          </h3>
          <div className="knowledge">
            <Passage text={runbook.text} />
          </div>
        </section>
      )}
      <History versions={versions} />
    </article>
  );
}

function Proposal({ code, proposal, before }: { code: string; proposal: NonNullable<Runbook['proposal']>; before: string }) {
  const client = useClient();
  const order = useOrder();
  const by = usePage((s) => s.info?.user ?? 'unknown');
  const live = usePage((s) => s.phase === 'live');
  const [rejecting, setRejecting] = useState(false);
  const [reason, setReason] = useState('');
  const { hash } = proposal;
  const accept = () => order.give(() => client.runbooks.accept({ code, hash, by }));
  const reject = () =>
    order.give(() => client.runbooks.reject({ code, hash, by, ...(reason.trim() === '' ? {} : { reason: reason.trim() }) }));
  return (
    <section aria-label="What is proposed" className="proposal">
      <h3>{before === '' ? 'A first version is proposed' : 'An addition is proposed'}</h3>
      <p className="row-meta">
        After <a href={linkTo('incidents', proposal.incident)}>{proposal.incident}</a>, <Age at={proposal.at} suffix=" ago" />; it rests on{' '}
        {proposal.events.length === 1 ? 'entry' : 'entries'} {proposal.events.join(', ')} of <a href={linkTo('feed')}>the log</a>.
      </p>
      <Changed before={before} after={proposal.text} />
      {order.failure !== undefined && <Problem failure={order.failure} />}
      {rejecting ? (
        <form
          aria-label="Reject what is proposed"
          className="decide"
          onSubmit={(e) => {
            e.preventDefault();
            reject();
          }}
        >
          <label>
            Why? The reason goes into the log, and the same is not proposed again
            <input autoFocus value={reason} autoComplete="off" onChange={(e) => setReason(e.target.value)} />
          </label>
          <div className="buttons">
            <button type="button" onClick={() => setRejecting(false)}>
              Back
            </button>
            <button type="submit" className="danger quiet" disabled={order.running || !live}>
              Reject it
            </button>
          </div>
        </form>
      ) : (
        <div className="buttons">
          <button type="button" disabled={order.running || !live} onClick={() => setRejecting(true)}>
            Reject…
          </button>
          <button type="button" className="primary" disabled={order.running || !live} onClick={accept}>
            Take it into the runbook
          </button>
          {!live && <span className="hint">Quarterdeck does not answer: nothing can be decided now.</span>}
        </div>
      )}
    </section>
  );
}

/** Prose, so its lines are as long as they are. */
function Changed({ before, after }: { before: string; after: string }) {
  const lines = useMemo(() => lineDiff(before, after), [before, after]);
  const [all, setAll] = useState(false);
  const shown = all ? lines : aroundChanges(lines);
  const hidden = shown.length < lines.length || shown.includes(null);
  return (
    <ScrollBox className="prose-diff" label="What it changes">
      {shown.map((line, i) =>
        // Lines of a diff have no identity but their place.
        line === null ? (
          <p key={i} className="cut">
            …
          </p>
        ) : (
          <p key={i} className={line.tone}>
            <span className="sign" aria-hidden="true">
              {{ same: ' ', gone: '−', new: '+' }[line.tone]}
            </span>
            <span className="unseen">{{ same: '', gone: 'taken out: ', new: 'added: ' }[line.tone]}</span>
            {line.text === '' ? ' ' : line.text}
          </p>
        ),
      )}
      {(hidden || all) && (
        <button type="button" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Changed lines only' : 'Show the whole text'}
        </button>
      )}
    </ScrollBox>
  );
}

function History({ versions }: { versions: readonly RunbookVersion[] }) {
  if (versions.length === 0) return null;
  return (
    <section aria-label="History">
      <h3>History</h3>
      <ul className="runbook-list">
        {versions.map((v, i) => (
          <li key={v.version}>
            <details>
              <summary>
                Version {v.version}, accepted by {v.by} <Age at={v.at} suffix=" ago" />
              </summary>
              {v.incident !== null && (
                <p className="row-meta">
                  After <a href={linkTo('incidents', v.incident)}>{v.incident}</a>
                </p>
              )}
              <Changed before={versions[i + 1]?.text ?? ''} after={v.text} />
            </details>
          </li>
        ))}
      </ul>
    </section>
  );
}
