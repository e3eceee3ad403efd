import { useEffect, useRef, useState } from 'react';
import type { Plan } from '../../agents/contract/index.ts';
import { useClient } from '../state/bridge-context.ts';
import { useOrder } from '../state/order.ts';
import { usePage } from '../state/page.ts';
import { useNow } from '../ui/age.tsx';
import { Problem } from '../ui/problem.tsx';
import { type Gate, type GateKey, OPEN, mayApprove, press } from './gate.ts';

const KEYS: Readonly<Record<string, GateKey>> = { a: 'a', A: 'a', r: 'r', R: 'r', Enter: 'Enter', Escape: 'Escape' };
const inField = (target: EventTarget | null) => target instanceof HTMLElement && target.matches('input, textarea, select');
const inControl = (target: EventTarget | null) => inField(target) || (target instanceof HTMLElement && target.matches('button, a'));

/** The decision. What is sent names the hash of the plan as it is shown; the host refuses any other. */
export function Decide({ plan, keys }: { plan: Plan; keys: boolean }) {
  const client = useClient();
  const order = useOrder();
  const by = usePage((s) => s.info?.user ?? 'unknown');
  const live = usePage((s) => s.phase === 'live');
  const held = usePage((s) => s.hold?.held === true);
  const expired = Date.parse(plan.expires) <= useNow();
  const shut = shutWords({ expired, held, observed: plan.autonomy?.give === 'observe' });
  const guarded = usePage((s) => s.contexts)?.contexts.some((c) => c.name === plan.context && c.protected) === true;
  const context = guarded ? plan.context : undefined;
  const [gate, setGate] = useState<Gate>(OPEN);
  const last = useRef(plan.hash);
  const own = useRef<HTMLDivElement>(null);

  const settle = (decision: 'approved' | 'rejected', from: Gate) =>
    order.give(() =>
      client.plans.decide({
        id: plan.id,
        hash: plan.hash,
        decision,
        by,
        ...(from.at === 'armed' && context !== undefined ? { typedContext: from.typed } : {}),
        ...(from.at === 'rejecting' ? { reason: from.reason.trim() } : {}),
      }),
    );
  const hit = (key: GateKey) => {
    if (!live || order.running) return;
    if (shut !== undefined && (key === 'a' || (key === 'Enter' && gate.at === 'armed'))) return;
    const answer = press(gate, key, context);
    setGate(answer.gate);
    if (answer.decide !== undefined) settle(answer.decide, gate);
  };

  // A plan that changes under one's eyes is not the one that was armed.
  useEffect(() => {
    if (last.current !== plan.hash) setGate(OPEN);
    last.current = plan.hash;
  }, [plan.hash]);

  useEffect(() => {
    if (!keys) return;
    const onKey = (event: KeyboardEvent) => {
      const key = KEYS[event.key];
      if (key === undefined || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      // What lies over this decision has the keys: Enter in a search is not a yes behind it.
      const over = [...document.querySelectorAll('dialog:modal')].at(-1);
      if (over !== undefined && !over.contains(own.current)) return;
      // In a field letters are letters, and only this decision's own field decides; on a button or a link Enter is its own press.
      if (inField(event.target) && !(own.current?.contains(event.target as Node) === true && (key === 'Enter' || key === 'Escape'))) return;
      if (key === 'Enter' && inControl(event.target) && !inField(event.target)) return;
      // Escape with nothing armed closes what the decision lies in.
      if (key === 'Escape' && gate.at === 'open') return;
      event.preventDefault();
      hit(key);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });

  const field = (label: string, value: string, change: (text: string) => void) => (
    <label>
      {label}
      <input
        autoFocus
        value={value}
        autoComplete="off"
        spellCheck={false}
        onChange={(e) => change(e.target.value)}
        onKeyDown={keys ? undefined : (e) => (e.key === 'Enter' || e.key === 'Escape') && hit(e.key)}
      />
    </label>
  );

  return (
    <div ref={own} className="decide">
      {order.failure !== undefined && <Problem failure={order.failure} />}
      {!live && <p className="hint">There is no connection, so nothing can be decided now.</p>}
      {live && shut !== undefined && <p className="hint">{shut}</p>}
      {gate.at === 'armed' &&
        context !== undefined &&
        field(`${context} is protected. Type its name to approve`, gate.typed, (typed) => setGate({ at: 'armed', typed }))}
      {gate.at === 'rejecting' &&
        field('Why not? The reason goes into the log', gate.reason, (reason) => setGate({ at: 'rejecting', reason }))}
      <div className="buttons">
        {gate.at === 'open' ? (
          <>
            <button type="button" disabled={!live || order.running} onClick={() => hit('r')}>
              Reject…
            </button>
            <button type="button" className="primary" disabled={!live || shut !== undefined || order.running} onClick={() => hit('a')}>
              {order.running ? 'Working…' : 'Approve'}
            </button>
            {keys && (
              <span className="hint">
                <kbd>A</kbd> then <kbd>Enter</kbd> approves, <kbd>R</kbd> rejects
              </span>
            )}
          </>
        ) : (
          <>
            <button type="button" onClick={() => hit('Escape')}>
              Back
            </button>
            <button
              key="sure"
              type="button"
              // Enter then is a press of this very button; for a protected context the field has the focus.
              autoFocus={gate.at === 'armed' && context === undefined}
              className={gate.at === 'armed' ? 'primary' : 'danger'}
              disabled={!live || (gate.at === 'armed' ? shut !== undefined || !mayApprove(gate.typed, context) : gate.reason.trim() === '')}
              // The second half of a double click on Approve is not a yes.
              onClick={(e) => e.detail < 2 && hit('Enter')}
            >
              {gate.at === 'armed' ? `Yes, carry it out in ${plan.context}` : 'Reject'}
            </button>
            {gate.at === 'armed' && <span className="hint">Enter carries out exactly what is shown above. Esc goes back.</span>}
          </>
        )}
      </div>
    </div>
  );
}

/** Why this plan cannot be approved now, though it can be rejected; undefined where it can. */
function shutWords({ expired, held, observed }: { expired: boolean; held: boolean; observed: boolean }): string | undefined {
  if (expired) return 'Its time is over: what was rehearsed may not be true any more. If it is still needed, it is proposed anew.';
  if (held) return 'All agents are held: it can be rejected, and approved once they are let go on.';
  return observed ? 'The rules only let this be shown: it cannot be approved while they stand.' : undefined;
}
