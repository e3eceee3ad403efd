import { usePage } from '../state/page.ts';

/** The instrument line: clusters, the log, the model, the connection. */
export function StatusBar() {
  const contexts = usePage((s) => s.contexts)?.contexts ?? [];
  const lastSeq = usePage((s) => s.lastSeq);
  const info = usePage((s) => s.info);
  const phase = usePage((s) => s.phase);
  const connected = contexts.filter((c) => c.state === 'connected').length;
  const offline = contexts.filter((c) => c.state === 'offline').length;
  return (
    <footer className="status">
      <span>
        {connected} of {contexts.length} {contexts.length === 1 ? 'cluster' : 'clusters'} connected
      </span>
      {offline > 0 && <span className="tone-broken">{offline} unreachable</span>}
      <span>event {lastSeq}</span>
      <span>{info?.model ?? 'no model'}</span>
      <span className={phase === 'live' ? '' : 'tone-broken'}>{phase === 'live' ? 'live' : 'not connected'}</span>
      <span className="far">Quarterdeck {info?.version}</span>
    </footer>
  );
}
