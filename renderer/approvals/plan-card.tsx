import { useEffect, useRef } from 'react';
import type { Plan } from '../../agents/contract/index.ts';
import { useAgentTitles } from '../state/agent-titles.ts';
import { linkTo } from '../state/route.ts';
import { Age } from '../ui/age.tsx';
import { CopyButton } from '../ui/copy.tsx';
import { Fact } from '../ui/fact.tsx';
import { Resource } from '../ui/resource.tsx';
import { RiskMark } from '../ui/risk.tsx';
import { DecidedBy } from './decided-by.tsx';
import { Decide } from './decide.tsx';
import { Diff } from './diff.tsx';
import { ExpiresIn, TimeLeft } from './expires.tsx';
import { Weighed } from './reach.tsx';
import { RoadSteps } from './road-steps.tsx';
import { Why } from './why.tsx';

/**
 * A plan, top to bottom as a decision: what will change, on what, how dangerous and why, how it is taken back, what is checked
 * afterwards, until when; buttons last. With `keys` the focus starts on the diff and `A` then Enter approves.
 */
export function PlanCard({ plan, keys }: { plan: Plan; keys: boolean }) {
  const diffs = useRef<HTMLDivElement>(null);
  const called = useAgentTitles();
  const agent = plan.proposedBy ?? called(plan.agent);
  const waits = plan.state === 'awaitingApproval';
  useEffect(() => {
    if (keys) diffs.current?.focus();
  }, [keys]);
  return (
    <section className="plan" aria-label={`Plan: ${plan.title}`} data-plan={plan.id} data-state={plan.state}>
      {waits && <TimeLeft from={plan.createdAt} to={plan.expires} />}
      <header>
        <p className="meta">
          <RiskMark risk={plan.risk} prefix="risk " /> <span className="name">{plan.context}</span>
          <span>
            {agent} proposes, <Age at={plan.createdAt} suffix=" ago" />
          </span>
          {waits && <ExpiresIn at={plan.expires} />}
        </p>
        <h3>{plan.title}</h3>
        <p className="text-ink-2">{plan.because}</p>
        {plan.rank !== undefined && plan.rank.of > 1 && (
          <p className="row-meta mt-1">
            {plan.rank.place === 1 ? 'First' : `No. ${plan.rank.place}`} of {plan.rank.of} plans for this: {plan.rank.because}
          </p>
        )}
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
        <Fact name="On">
          {plan.actions.map(({ target }, i) => (
            <div key={i}>
              <Resource of={target} />
            </div>
          ))}
        </Fact>
        {waits && (
          <Fact name="Rehearsed">
            The cluster accepted it in a dry run <Age at={plan.createdAt} suffix=" ago" />: the changes above are its answer
          </Fact>
        )}
        <Weighed plan={plan} />
        <Fact name="Risk">
          {plan.risk}
          {plan.riskReasons.length > 0 && `: ${plan.riskReasons.join('; ')}`}
        </Fact>
        {plan.autonomy !== undefined && (
          <Fact name="Decided by">
            <DecidedBy plan={plan} />
          </Fact>
        )}
        <Fact name="Undo">
          {plan.actions.map((a, i) => (
            <div key={i}>{a.undo}</div>
          ))}
        </Fact>
        <Fact name="Then checked">
          {plan.verify.length > 0
            ? `${plan.verify.join(', ')} must be gone`
            : plan.undoes === undefined
              ? 'What was set must stand'
              : 'What was put back must stand'}{' '}
          for {plan.stableForSeconds} s, or it is taken back
        </Fact>
        <Fact name="Plan">
          <a href={linkTo('approvals', plan.id)}>{plan.id}</a>{' '}
          <code className="text-ink-3" title={`What is approved is exactly this: ${plan.hash}`}>
            {plan.hash.slice(0, 12)}
          </code>
          <CopyButton text={plan.hash} words="Copy the whole hash" />
        </Fact>
      </dl>
      <Why plan={plan} />
      <RoadSteps plan={plan} />
      {waits && <Decide plan={plan} keys={keys} />}
    </section>
  );
}
