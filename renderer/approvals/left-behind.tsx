import { useCallback, useEffect, useRef } from 'react';
import { type LeftField, type Plan, type ResourceRef, refWords } from '../../agents/contract/index.ts';
import { linkToRef } from '../explore/places.ts';
import { useReading } from '../explore/reading.ts';
import { Problem } from '../ui/problem.tsx';

const STATE_WORDS: Readonly<Record<LeftField['state'], string>> = {
  asLeft: 'as the plan left it',
  asBefore: 'as before already',
  changed: 'changed since',
  gone: 'the object is gone',
};
/** Seen also where no colour is. */
const STATE_SIGNS: Readonly<Record<LeftField['state'], string>> = { asLeft: '=', asBefore: '↩', changed: '≠', gone: '×' };

interface LeftBehindProps {
  readonly plan: Plan;
  readonly busy: boolean;
  readonly takeBack: () => void;
  /** Compares anew, and takes it back as a whole where that can be by now. */
  readonly lookAgain: () => void;
}

/** What a plan changed where it cannot be taken back as a whole: three values of each field. What nobody has touched can go back alone. */
export function LeftBehind({ plan, busy, takeBack, lookAgain }: LeftBehindProps) {
  const own = useRef<HTMLElement>(null);
  const { value: fields, failure } = useReading<readonly LeftField[]>(
    useCallback(async (client, signal, tell) => tell((await client.plans.compare({ id: plan.id }, { signal })).fields), [plan.id]),
  );
  // It is the answer to a press at the end of a long card.
  useEffect(() => {
    if (fields === undefined) return;
    own.current?.focus({ preventScroll: true });
    own.current?.scrollIntoView({ block: 'nearest' });
  }, [fields]);
  if (failure !== undefined) return <Problem failure={failure} />;
  if (fields === undefined)
    return (
      <p className="hint" role="status">
        Comparing with what is there now…
      </p>
    );
  const untouched = fields.filter((f) => f.state === 'asLeft').length;
  return (
    <section ref={own} className="left-behind" tabIndex={-1} aria-label="What the plan changed, and what it is now">
      <div>
        <h4>Somebody has changed it since</h4>
        <p className="hint">
          It cannot be taken back as a whole: what others have set is not written over.{' '}
          {untouched === 0
            ? 'Nothing of it is as the plan left it, so decide on the object itself what it should be.'
            : 'What nobody has touched can go back alone.'}
        </p>
      </div>
      {byObject(fields).map(([target, its]) => (
        <div key={refWords(target)}>
          <a className="name" dir="auto" href={linkToRef(plan.context, target, 'yaml')}>
            {refWords(target)}
          </a>
          {its.map((f) => (
            <div key={f.field} className="left-field" data-state={f.state}>
              <p>
                <span className="field">{f.field}</span>
                <span className="left-state">
                  <span aria-hidden="true">{STATE_SIGNS[f.state]}</span> {STATE_WORDS[f.state]}
                </span>
              </p>
              <dl>
                <Version name="Before the plan" value={f.was} />
                <Version name="As the plan left it" value={f.left} />
                <Version name="Now" value={f.now} />
              </dl>
            </div>
          ))}
        </div>
      ))}
      <div className="buttons">
        {untouched > 0 && (
          <button type="button" disabled={busy} onClick={takeBack}>
            {untouched === fields.length
              ? 'Propose to take it back'
              : `Propose to take back the ${untouched === 1 ? 'one' : untouched} nobody has touched`}
          </button>
        )}
        <button type="button" disabled={busy} onClick={lookAgain}>
          Look again
        </button>
      </div>
    </section>
  );
}

/** In the order they come in, which is that of the way back. */
function byObject(fields: readonly LeftField[]): readonly (readonly [ResourceRef, readonly LeftField[]])[] {
  const groups = new Map<string, [ResourceRef, LeftField[]]>();
  for (const field of fields) {
    const key = refWords(field.target);
    const group = groups.get(key) ?? [field.target, []];
    groups.set(key, group);
    group[1].push(field);
  }
  return [...groups.values()];
}

const Version = ({ name, value }: { name: string; value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd className="name" dir="auto">
      {value}
    </dd>
  </div>
);
