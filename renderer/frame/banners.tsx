import { usePage } from '../state/page.ts';
import { ageWords, useNow } from '../ui/age.tsx';

/** What must be known on every screen: that this is the demo fleet, and that what is shown may be old. */
export function Banners() {
  const demo = usePage((s) => s.info?.demo === true);
  return (
    <div className="banners">
      {demo && (
        <p className="banner demo">
          <strong>Demo fleet.</strong> These clusters are recorded and run inside Quarterdeck. Nothing here touches a cluster of yours.
        </p>
      )}
      <Connection />
    </div>
  );
}

function Connection() {
  const phase = usePage((s) => s.phase);
  const lostAt = usePage((s) => s.lostAt);
  const failure = usePage((s) => s.failure);
  const now = useNow();
  if (phase === 'dead')
    return (
      <p className="banner lost" role="alert">
        <strong>Quarterdeck was started anew.</strong> Open the link that it printed; what is shown here is what was known before.
      </p>
    );
  if (phase !== 'lost' || lostAt === undefined) return null;
  return (
    <p className="banner lost" role="alert">
      <strong>Connection lost.</strong> Showing what was known {ageWords(lostAt, now)} ago; trying again. {failure?.message}
    </p>
  );
}
