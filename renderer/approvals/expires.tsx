import { ageWords, useNow } from '../ui/age.tsx';

/** Until when a plan may be approved. */
export function ExpiresIn({ at }: { at: string }) {
  const now = useNow();
  const left = Date.parse(at) - now;
  return (
    <time dateTime={at} title={new Date(at).toLocaleString()}>
      {left > 0 ? `expires in ${ageWords(now, Date.parse(at))}` : 'expired'}
    </time>
  );
}
