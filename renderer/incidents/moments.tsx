import { useEffect, useState } from 'react';
import type { Change, IncidentWithPlans } from '../../agents/contract/index.ts';
import { failureOf } from '../bridge/bridge.ts';
import { useClient } from '../state/bridge-context.ts';
import { localTimes } from '../state/cluster-words.ts';
import { usePage } from '../state/page.ts';
import { useAgentTitles } from '../state/agent-titles.ts';
import { momentsOf } from './timeline.ts';

/** How far back before it was first seen a change may have led to it, milliseconds. */
const BEFORE_MS = 24 * 3_600_000;

/** What happened around an incident, with the changes of the cluster before it. */
export function Timeline({ incident }: { incident: IncidentWithPlans }) {
  const client = useClient();
  const feed = usePage((s) => s.feed);
  const [changes, setChanges] = useState<readonly Change[]>([]);
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const { context, firstSeen, lastSeen } = incident;
  useEffect(() => {
    const since = new Date(Date.parse(firstSeen) - BEFORE_MS).toISOString();
    const asked = new AbortController();
    client.changes.list({ context, since, limit: 1_000 }, { signal: asked.signal }).then(
      (answer) => setChanges(answer.changes),
      (error: unknown) => asked.signal.aborted || setFailure(failureOf(error).message),
    );
    return () => asked.abort();
  }, [client, context, firstSeen, lastSeen]);
  const called = useAgentTitles();
  const moments = momentsOf(incident, changes, feed, called);
  return (
    <>
      {failure !== undefined && <p className="hint">What changed in the cluster could not be read: {failure}</p>}
      <ol className="moments" aria-label="What happened, newest first">
        {moments.map((m, i) => (
          // Several things may happen in the same millisecond and say the same.
          <li key={`${m.at} ${i}`} className={`moment ${m.kind}${m.near ? ' near' : ''}`}>
            <time dateTime={m.at} title={new Date(m.at).toLocaleString()}>
              {new Date(m.at).toLocaleTimeString()}
            </time>
            <span className="role">{m.kind === 'seen' ? 'log' : m.kind}</span>
            <span className="min-w-0 wrap-anywhere">
              {m.kind === 'log' ? localTimes(m.words, Date.now()) : m.words} {m.by !== undefined && <span className="hint">({m.by})</span>}
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}
