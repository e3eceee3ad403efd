import { useEffect, useRef } from 'react';
import type { Plan } from '../../agents/contract/index.ts';
import { usePage } from '../state/page.ts';
import { linkTo } from '../state/route.ts';
import { Age } from '../ui/age.tsx';
import { Decide } from './decide.tsx';
import { Diff } from './diff.tsx';
import { ExpiresIn } from './expires.tsx';
import { RoadSteps } from './road-steps.tsx';

/**
 * A plan, top to bottom as a decision: what will change, on what, how dangerous and why, how it is taken back, what is checked
 * afterwards, until when; buttons last. With `keys` the focus starts on the diff and `A` then Enter approves.
 */
export function PlanCard({ plan, keys }: { plan: Plan; keys: boolean }) {
  const diffs = useRef<HTMLDivElement>(null);
  const agent = usePage((s) => s.agents.find((a) => a.id === plan.agent)?.title ?? plan.agent);
  useEffect(() => {
    if (keys) diffs.current?.focus();
  }, [keys]);
  return (
    <section className="plan" aria-label={`Plan: ${plan.title}`} data-plan={plan.id} data-state={plan.state}>
      <header>
        <p className="meta">
          <span className={`risk risk-${plan.risk}`}>risk {plan.risk}</span> <span>{plan.context}</span>
          <span>
            {agent} proposes, <Age at={plan.createdAt} suffix=" ago" />
          </span>
          {plan.state === 'awaitingApproval' && <ExpiresIn at={plan.expires} />}
        </p>
        <h3>{plan.title}</h3>
        <p>{plan.because}</p>
      </header>
      <div ref={diffs} tabIndex={0} className="changes" role="group" aria-label="What will change">
        {plan.actions.map((action, i) => (
          // The actions of a plan never change order: its hash binds them.
          <div key={i} className="change">
            <p>{action.summary}</p>
            <Diff text={action.diff} />
          </div>
        ))}
      </div>
      <dl className="facts">
        <div>
          <dt>Risk</dt>
          <dd>{plan.riskReasons.length === 0 ? plan.risk : plan.riskReasons.join('; ')}</dd>
        </div>
        <div>
          <dt>Undo</dt>
          <dd>{plan.actions.map((a) => a.undo).join('; ')}</dd>
        </div>
        <div>
          <dt>Then checked</dt>
          <dd>
            {plan.verify.join(', ')} must be gone for {plan.stableForSeconds} s, or it is taken back
          </dd>
        </div>
        <div>
          <dt>Plan</dt>
          <dd>
            <a href={linkTo('approvals', plan.id)}>{plan.id}</a> <code title={plan.hash}>{plan.hash.slice(0, 12)}</code>
          </dd>
        </div>
      </dl>
      <RoadSteps plan={plan} />
      {plan.state === 'awaitingApproval' && <Decide plan={plan} keys={keys} />}
    </section>
  );
}
