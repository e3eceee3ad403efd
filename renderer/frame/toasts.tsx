import { useEffect, useRef, useState } from 'react';
import { useAgentTitles } from '../state/agent-titles.ts';
import { openPlan, useHereState } from '../state/here.ts';
import { usePage, waiting } from '../state/page.ts';
import { useSettings } from '../state/settings.ts';
import { Icon } from '../ui/icons.tsx';
import { RiskMark } from '../ui/risk.tsx';
import { notifyOf } from './system-notice.ts';

const STAYS_MS = 20_000;

/**
 * Says once of each plan that it waits, on whatever screen one is; of several that came together the last by name, the others by their
 * number. What waited already when the page was opened is in the dock.
 */
export function Toasts() {
  const plans = usePage((s) => s.plans);
  const live = usePage((s) => s.phase === 'live');
  const called = useAgentTitles();
  const deciding = useHereState((s) => s.plan !== undefined);
  const notices = useSettings((s) => s.notices);
  const told = useRef<Set<string> | undefined>(undefined);
  const [fresh, setFresh] = useState<readonly string[]>([]);

  useEffect(() => {
    if (!live) return;
    const ids = waiting(plans).map((p) => p.id);
    const known = (told.current ??= new Set(ids));
    const came = ids.filter((id) => !known.has(id));
    for (const id of came) known.add(id);
    if (came.length === 0) return;
    setFresh((before) => [...before, ...came]);
    // Of several that came together the last; the others stand beside it in the page.
    const last = notices ? plans.find((p) => p.id === came.at(-1)) : undefined;
    if (last !== undefined) void notifyOf(last, last.proposedBy ?? called(last.agent), window);
  }, [plans, live, notices, called]);

  useEffect(() => {
    if (fresh.length === 0) return;
    const timer = setTimeout(() => setFresh([]), STAYS_MS);
    return () => clearTimeout(timer);
  }, [fresh]);

  const still = waiting(plans).filter((p) => fresh.includes(p.id));
  const last = still.at(-1);
  return (
    <div className="toasts" role="status">
      {last !== undefined && !deciding && (
        <div className="toast">
          <p className="row-meta flex items-center gap-2">
            <RiskMark risk={last.risk} /> <span className="truncate">{last.context}</span>
          </p>
          <p className="my-1">
            {last.proposedBy ?? called(last.agent)} proposes: {last.title}
          </p>
          <div className="flex items-center gap-3">
            <button
              type="button"
              onClick={() => {
                setFresh([]);
                openPlan(last.id);
              }}
            >
              Look at it
            </button>
            {still.length > 1 && <span className="row-meta">and {still.length - 1} more</span>}
            <button
              type="button"
              className="ml-auto border-transparent bg-transparent px-2"
              aria-label="Later"
              onClick={() => setFresh([])}
            >
              <Icon name="close" size={16} />
            </button>
          </div>
        </div>
      )}
    </div>
  );
}
