import type { Plan } from '../../agents/contract/index.ts';
import { linkTo } from '../state/route.ts';
import { Age } from '../ui/age.tsx';

const GIVE_WORDS = { observe: 'only shown', ask: 'asks', auto: 'approved by rule' } as const;

/** Who may decide about a plan and which rule says so, and who has approved already. */
export function DecidedBy({ plan: { id, autonomy, approvals = [] } }: { plan: Plan }) {
  if (autonomy === undefined) return null;
  return (
    <>
      <div>
        {GIVE_WORDS[autonomy.give]}
        {autonomy.give === 'ask' && autonomy.people > 1 && `, ${autonomy.people} different people`}: {autonomy.because}{' '}
        <a href={linkTo('settings', 'rules', { plan: id })}>a rule for plans like this</a>
      </div>
      {approvals.map(({ by, at }) => (
        <div key={`${by} ${at}`}>
          {by} approved <Age at={at} suffix=" ago" />
        </div>
      ))}
    </>
  );
}
