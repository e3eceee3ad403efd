import { clockWords } from '../state/cluster-words.ts';
import { usePage } from '../state/page.ts';

/** The instrument line: clusters, the log, the model, the connection. */
export function StatusBar() {
  const contexts = usePage((s) => s.contexts)?.contexts ?? [];
  const lastSeq = usePage((s) => s.lastSeq);
  const info = usePage((s) => s.info);
  const phase = usePage((s) => s.phase);
  const lostAt = usePage((s) => s.lostAt);
  const count = (state: (typeof contexts)[number]['state']) => contexts.filter((c) => c.state === state).length;
  const [stale, offline, refused] = [count('stale'), count('offline'), count('unauthorised')];
  return (
    <footer className="status">
      <span>
        {count('connected')} of {contexts.length} {contexts.length === 1 ? 'cluster' : 'clusters'} connected
      </span>
      {stale > 0 && <span className="tone-degraded">{stale} stale</span>}
      {offline > 0 && <span className="tone-broken">{offline} offline</span>}
      {refused > 0 && <span className="tone-broken">{refused} unauthorised</span>}
      <span>event {lastSeq}</span>
      <span>{info?.model ?? 'no model'}</span>
      <span className={phase === 'live' ? '' : 'tone-broken'}>
        {phase === 'live' || lostAt === undefined ? 'live' : `not connected: showing what was known at ${clockWords(lostAt, Date.now())}`}
      </span>
      <span className="ml-auto text-ink-3">Quarterdeck {info?.version}</span>
    </footer>
  );
}
