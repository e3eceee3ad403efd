import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { Problem } from '../ui/problem.tsx';
import { ScrollBox } from '../ui/scroll-box.tsx';
import { type Line, lineText, matcherOf } from './log-book.ts';
import { LogLines, SourceName } from './log-lines.tsx';
import type { Selected } from './log-stream.ts';
import { useLogs } from './use-logs.ts';
import './logs.css';

/** How far back reading begins. */
const SINCE = {
  tail: { words: 'last 1,000 lines', tailLines: 1_000 },
  '300': { words: 'last 5 min', sinceSeconds: 300 },
  '900': { words: 'last 15 min', sinceSeconds: 900 },
  '3600': { words: 'last hour', sinceSeconds: 3_600 },
  '21600': { words: 'last 6 hours', sinceSeconds: 21_600 },
  all: { words: 'all there is' },
} as const;
type Since = keyof typeof SINCE;
const isSince = (text: string | null): text is Since => text !== null && Object.hasOwn(SINCE, text);

/** What is asked and how it is shown; it stands in the address, so that it can be kept and sent. */
interface Wish {
  readonly container: string;
  readonly since: Since;
  readonly previous: boolean;
  readonly filter: string;
  readonly regex: boolean;
}

function wishIn(query: URLSearchParams): Wish {
  const since = query.get('since');
  return {
    container: query.get('container') ?? '',
    since: isSince(since) ? since : 'tail',
    previous: query.get('previous') === 'true',
    filter: query.get('filter') ?? '',
    regex: query.get('regex') === 'true',
  };
}

const ADDRESS_MS = 300;
const PLAIN: Wish = { container: '', since: 'tail', previous: false, filter: '', regex: false };

/** Puts into the address what is not as it is at first, and leaves the rest of it alone. */
function useAddress(wish: Wish): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      const [way = '', query = ''] = window.location.hash.split('?', 2);
      const said = new URLSearchParams(query);
      for (const [key, value] of Object.entries(wish))
        if (value === PLAIN[key as keyof Wish]) said.delete(key);
        else said.set(key, String(value));
      const text = said.toString();
      window.history.replaceState(null, '', text === '' ? way : `${way}?${text}`);
    }, ADDRESS_MS);
    return () => clearTimeout(timer);
  }, [wish]);
}

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Logs of one or many pods: followed, filtered, held, taken along. `of` says whose (keep it with useMemo); `containers` may be chosen from. */
export function LogView({
  of,
  containers,
}: {
  of: Pick<Selected, 'context' | 'namespace' | 'targets' | 'labels'>;
  containers: readonly string[];
}) {
  const [wish, setWish] = useState(() => wishIn(new URLSearchParams(window.location.hash.split('?', 2)[1])));
  const [wrap, setWrap] = useState(false);
  const [times, setTimes] = useState(true);
  const [follow, setFollow] = useState(true);
  useAddress(wish);
  const { container, since, previous } = wish;
  const selected = useMemo((): Selected => {
    const { words: _words, ...from } = SINCE[since];
    return { ...of, follow: !previous, previous, ...(container === '' ? {} : { container: `^${escaped(container)}$` }), ...from };
  }, [of, container, since, previous]);
  const typed = useDeferredValue(wish.filter);
  const matcher = useMemo(() => matcherOf(typed, wish.regex), [typed, wish.regex]);
  const mark = useMemo(() => {
    if (matcher === undefined || typeof matcher === 'string') return undefined;
    return new RegExp(wish.regex ? typed : typed.split(/\s+/).filter(Boolean).map(escaped).join('|'), 'gi');
  }, [matcher, typed, wish.regex]);
  const logs = useLogs(selected, typeof matcher === 'function' ? matcher : undefined);
  // What is held is what was on the screen then, not what came with the press; it stands still while more is taken in behind it.
  const shown = useRef<readonly Line[]>(logs.lines);
  const filtered = useRef(matcher);
  if (follow || filtered.current !== matcher) shown.current = logs.lines;
  filtered.current = matcher;
  const lines = shown.current;
  const fresh = follow ? 0 : (logs.lines.at(-1)?.n ?? 0) - (lines.at(-1)?.n ?? 0);
  const several = logs.sources.length > 1;
  const set = (part: Partial<Wish>) => {
    setWish({ ...wish, ...part });
    if (part.filter === undefined && part.regex === undefined) setFollow(true);
  };
  const download = () => {
    const text = `${lines.map((l) => lineText(l, several)).join('\n')}\n`;
    const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = `${[of.context, of.namespace, ...(of.targets ?? [of.labels ?? 'logs'])]
      .join('-')
      .replaceAll(/[^\w.-]+/g, '_')
      .slice(0, 120)}.log`;
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <section className="logs" aria-label="Logs">
      <div className="tool-bar" role="search" aria-label="Which lines">
        <input
          type="search"
          aria-label={wish.regex ? 'Lines that match' : 'Lines that hold'}
          aria-invalid={typeof matcher === 'string'}
          placeholder={wish.regex ? 'Regular expression' : 'Filter'}
          value={wish.filter}
          onChange={(e) => set({ filter: e.target.value })}
        />
        <Toggle on={wish.regex} words="Regular expression" label="Regex" turn={(regex) => set({ regex })} />
        {containers.length > 1 && (
          <select aria-label="Container" value={container} onChange={(e) => set({ container: e.target.value })}>
            <option value="">all containers</option>
            {containers.map((c) => (
              <option key={c}>{c}</option>
            ))}
          </select>
        )}
        <select aria-label="Since" value={since} onChange={(e) => set({ since: e.target.value as Since })}>
          {Object.entries(SINCE).map(([value, { words }]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
        <Toggle on={previous} words="Of the run before the last restart" label="Previous" turn={(p) => set({ previous: p })} />
        <Toggle on={wrap} words="Wrap long lines" label="Wrap" turn={setWrap} />
        <Toggle on={times} words="Time of each line" label="Time" turn={setTimes} />
        <button type="button" aria-pressed={!follow} onClick={() => setFollow(!follow)}>
          {follow ? 'Pause' : fresh > 0 ? `Go on (${fresh.toLocaleString('en')} new)` : 'Go on'}
        </button>
        <button type="button" onClick={logs.clear}>
          Clear
        </button>
        <button type="button" disabled={lines.length === 0} onClick={download}>
          Download
        </button>
      </div>
      {typeof matcher === 'string' && <p className="problem">{`This is no regular expression: ${matcher}`}</p>}
      {logs.failure !== undefined && <Problem failure={logs.failure} />}
      {several && (
        <ScrollBox className="log-sources" label="Whose lines these are">
          {logs.sources.slice(0, 40).map((s) => (
            <SourceName key={s.order} of={s} />
          ))}
          {logs.sources.length > 40 && <span>and {logs.sources.length - 40} more</span>}
        </ScrollBox>
      )}
      <LogLines lines={lines} shape={{ wrap, times, names: several }} mark={mark} follow={follow} setFollow={setFollow} />
      <p className="log-state hint" role="status">
        {stateWords(logs.state, follow, previous)} {lines.length.toLocaleString('en')} {lines.length === 1 ? 'line' : 'lines'}
        {lines.length < logs.kept && ` of ${logs.kept.toLocaleString('en')}`}
        {logs.dropped > 0 && `; ${logs.dropped.toLocaleString('en')} older ones are not kept`}. What looks like a credential is masked.
      </p>
    </section>
  );
}

function stateWords(state: 'reading' | 'broken' | 'over', follow: boolean, previous: boolean): string {
  if (state === 'broken') return 'The connection is broken; reading goes on by itself when it is back.';
  if (state === 'over') return previous ? 'All of the earlier run.' : 'Reading is over.';
  return follow ? 'Following.' : 'Held.';
}

function Toggle({ on, words, label, turn }: { on: boolean; words: string; label: string; turn: (on: boolean) => void }) {
  return (
    <button type="button" className="toggle" aria-pressed={on} title={words} onClick={() => turn(!on)}>
      {label}
    </button>
  );
}
