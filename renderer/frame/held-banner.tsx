import { usePage } from '../state/page.ts';
import { Age } from '../ui/age.tsx';

/** That all agents are held, by whom and why. */
export function HeldBanner() {
  const hold = usePage((s) => s.hold);
  if (hold?.held !== true) return null;
  return (
    <p className="banner alarm" role="alert">
      <strong>All agents are held.</strong> They go on watching; nothing is proposed, approved or changed.{' '}
      {hold.by !== null && <>Held by {hold.by}</>}
      {hold.at !== null && (
        <>
          {' '}
          <Age at={hold.at} suffix=" ago" />
        </>
      )}
      {hold.reason !== null && <>: {hold.reason}</>}
    </p>
  );
}
