import { useCallback, useEffect, useState } from 'react';
import type { IndexReport, KnowledgeSource, VectorState } from '../../agents/contract/index.ts';
import { useReading } from '../explore/reading.ts';
import { useClient } from '../state/bridge-context.ts';
import { useOrder } from '../state/order.ts';
import { Age } from '../ui/age.tsx';
import { Problem } from '../ui/problem.tsx';
import { FORM_WORDS, TRUST_WORDS, howFar, stateWords } from './words.ts';

interface Known {
  readonly sources: readonly KnowledgeSource[];
  readonly vectors: VectorState;
}

/** While something is read or made it is asked for again, milliseconds. */
const BUSY = 1_000;
const QUIET = 15_000;
const SKIPPED_SHOWN = 20;

/** Where what is known comes from: how it stands, what may be added and taken away. */
export function Sources() {
  const client = useClient();
  const [again, setAgain] = useState(0);
  const [report, setReport] = useState<IndexReport | undefined>(undefined);
  const order = useOrder();
  const { value, failure } = useReading<Known>(
    useCallback(
      async (host, signal, tell) => {
        void again;
        for (;;) {
          const known = await host.knowledge.sources({}, { signal });
          tell(known);
          const busy = known.vectors.state === 'running' || known.sources.some(({ state }) => state === 'reading');
          await pause(busy ? BUSY : QUIET, signal);
          if (signal.aborted) return;
        }
      },
      [again],
    ),
  );
  const { running } = order;
  // What an order does is seen while it does it.
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => setAgain((n) => n + 1), BUSY);
    return () => {
      clearInterval(timer);
      setAgain((n) => n + 1);
    };
  }, [running]);
  const give = (work: () => Promise<IndexReport | undefined>) => order.give(async () => setReport(await work()));
  return (
    <section aria-labelledby="sources">
      <h3 id="sources">Where it comes from</h3>
      {failure !== undefined && <Problem failure={failure} />}
      {value === undefined ? (
        failure === undefined && <p className="hint my-3">Reading what is built in…</p>
      ) : (
        <>
          <p className="row-meta my-1">{howFar(value.vectors)}</p>
          <ul className="sources">
            {value.sources.map((source) => (
              <li key={source.name}>
                <Source
                  source={source}
                  running={running}
                  reindex={() => give(() => client.knowledge.reindex({ name: source.name }))}
                  remove={() => give(async () => void (await client.knowledge.remove({ name: source.name })))}
                />
              </li>
            ))}
          </ul>
        </>
      )}
      {order.failure !== undefined && <Problem failure={order.failure} />}
      {report !== undefined && <Report report={report} />}
      <Add running={running} add={(given) => give(() => client.knowledge.add(given))} />
    </section>
  );
}

const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()));
  });

interface SourceProps {
  readonly source: KnowledgeSource;
  readonly running: boolean;
  readonly reindex: () => void;
  readonly remove: () => void;
}

function Source({ source, running, reindex, remove }: SourceProps) {
  const [sure, setSure] = useState(false);
  const builtIn = source.form === 'builtIn';
  return (
    <div className="source" data-state={source.state}>
      <div className="min-w-0">
        <p className="row-title">{source.name}</p>
        <p className="row-meta">
          <span className={builtIn ? '' : 'name'}>{source.root}</span>
        </p>
        <p className="row-meta" role={source.state === 'reading' ? 'status' : undefined}>
          {stateWords(source)}
          {source.duplicates > 0 && `, ${source.duplicates.toLocaleString('en')} of them said elsewhere too`} · {FORM_WORDS[source.form]} ·{' '}
          {TRUST_WORDS[source.trust]}
          {source.licence !== null && ` · ${source.licence}`}
          {source.indexedAt !== null && (
            <>
              {' '}
              · read <Age at={source.indexedAt} suffix=" ago" />
            </>
          )}
          {source.watched && ' · watched'}
        </p>
        {source.problem !== null && <p className="text-broken">{source.problem}</p>}
      </div>
      {!builtIn && (
        <div className="buttons">
          {sure ? (
            <>
              <button type="button" className="danger" disabled={running} onClick={remove}>
                Forget {source.name}
              </button>
              <button type="button" onClick={() => setSure(false)}>
                Keep it
              </button>
            </>
          ) : (
            <>
              <button type="button" disabled={running} aria-label={`Read again: ${source.name}`} onClick={reindex}>
                Read again
              </button>
              <button type="button" disabled={running} aria-label={`Forget…: ${source.name}`} onClick={() => setSure(true)}>
                Forget…
              </button>
            </>
          )}
        </div>
      )}
    </div>
  );
}

function Add({ running, add }: { running: boolean; add: (given: { path: string; name?: string }) => void }) {
  const [path, setPath] = useState('');
  const [name, setName] = useState('');
  return (
    <form
      className="add"
      onSubmit={(e) => {
        e.preventDefault();
        add({ path: path.trim(), ...(name.trim() === '' ? {} : { name: name.trim() }) });
      }}
    >
      <label>
        Folder, file or export on this machine
        <input value={path} placeholder="/home/me/wiki" spellCheck={false} onChange={(e) => setPath(e.target.value)} />
      </label>
      <label>
        Its name here
        <input value={name} placeholder="the last part of the path" spellCheck={false} onChange={(e) => setName(e.target.value)} />
      </label>
      <button type="submit" disabled={running || path.trim() === ''}>
        {running ? 'Reading…' : 'Add'}
      </button>
      <p className="hint">
        Markdown, HTML, PDF, Word, OpenDocument, RTF, EPUB, AsciiDoc, reStructuredText, Org, wiki text, notebooks, mails, tables, alert
        rules and plain text; exports of Confluence, Notion and Slack; Posts.xml of Stack Exchange; a checkout of the Kubernetes
        documentation. It stays on this machine.
      </p>
    </form>
  );
}

function Report({ report: { source, added, changed, unchanged, removed, skipped } }: { report: IndexReport }) {
  return (
    <div role="status" className="my-2">
      <p>
        {source.name}: {added} new, {changed} changed, {unchanged} as they were, {removed} gone.
      </p>
      {skipped.length > 0 && (
        <details>
          <summary>{skipped.length === 1 ? 'One was left out' : `${skipped.length} were left out`}</summary>
          <ul>
            {skipped.slice(0, SKIPPED_SHOWN).map(({ path, because }) => (
              <li key={path} className="row-meta">
                <span className="name">{path}</span>: {because}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
