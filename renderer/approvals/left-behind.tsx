import { useEffect, useState } from 'react';
import { type Failure, type LeftField, type Plan, refWords } from '../../agents/contract/index.ts';
import { failureOf } from '../bridge/bridge.ts';
import { useClient } from '../state/bridge-context.ts';
import { Problem } from '../ui/problem.tsx';

const STATE_WORDS: Readonly<Record<LeftField['state'], string>> = {
  asLeft: 'as the plan left it',
  asBefore: 'as before already',
  changed: 'changed since',
  gone: 'the object is gone',
};

/** What a plan changed where it cannot be taken back as a whole: three values of each field. What nobody has touched can go back alone. */
export function LeftBehind({ plan, busy, takeBack }: { plan: Plan; busy: boolean; takeBack: () => void }) {
  const client = useClient();
  const [fields, setFields] = useState<readonly LeftField[] | undefined>(undefined);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  useEffect(() => {
    let over = false;
    client.plans.compare({ id: plan.id }).then(
      (answer) => over || setFields(answer.fields),
      (error: unknown) => over || setFailure(failureOf(error)),
    );
    return () => {
      over = true;
    };
  }, [client, plan.id]);
  if (failure !== undefined) return <Problem failure={failure} />;
  if (fields === undefined) return <p className="hint">Comparing with what is there now…</p>;
  const untouched = fields.filter((f) => f.state === 'asLeft').length;
  return (
    <section className="left-behind" aria-label="What the plan changed, and what it is now">
      {fields.map((f) => (
        <div key={`${refWords(f.target)} ${f.field}`} data-state={f.state}>
          <p>
            {f.field} of <span className="name">{refWords(f.target)}</span>: {STATE_WORDS[f.state]}
          </p>
          <dl>
            <Version name="Before" value={f.was} />
            <Version name="As the plan left it" value={f.left} />
            <Version name="Now" value={f.now} />
          </dl>
        </div>
      ))}
      {untouched > 0 && (
        <button type="button" disabled={busy} onClick={takeBack}>
          {untouched === fields.length
            ? 'Propose to take it back'
            : `Propose to take back the ${untouched === 1 ? 'one' : untouched} nobody has touched`}
        </button>
      )}
    </section>
  );
}

const Version = ({ name, value }: { name: string; value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd className="name">{value}</dd>
  </div>
);
