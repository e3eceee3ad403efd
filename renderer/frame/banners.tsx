import { openSignIns, piecesOf } from '../state/sign-ins.ts';
import { usePage } from '../state/page.ts';
import { ageWords, useNow } from '../ui/age.tsx';
import { CopyButton } from '../ui/copy.tsx';
import { HeldBanner } from './held-banner.tsx';
import { GiveToken } from './whole-page.tsx';

/** What must be known on every screen: that this is the demo fleet, that a login waits, that what is shown may be old. */
export function Banners() {
  const demo = usePage((s) => s.info?.demo === true);
  return (
    <div className="banners">
      {demo && (
        <p className="banner demo">
          <strong>Demo fleet.</strong> <span className="more">These clusters are recorded and run inside Quarterdeck.</span> Nothing here
          touches a cluster of yours.
        </p>
      )}
      <HeldBanner />
      <SignIns />
      <Connection />
    </div>
  );
}

/** A cluster cannot be read until the person has logged in: its words, with what is to be opened and copied. */
function SignIns() {
  const feed = usePage((s) => s.feed);
  return openSignIns(feed).map(({ seq, context, user, text }) => (
    <div key={seq} className="banner sign-in" role="alert">
      <strong>{context} waits for you to log in</strong> as {user}:{' '}
      <span className="whitespace-pre-wrap">
        {piecesOf(text).map((piece, i) =>
          'href' in piece ? (
            <a key={i} href={piece.href} target="_blank" rel="noreferrer">
              {piece.href}
            </a>
          ) : (
            <span key={i}>{piece.text}</span>
          ),
        )}
      </span>{' '}
      <CopyButton text={text} words="Copy what it says" label="Copy" />
    </div>
  ));
}

function Connection() {
  const phase = usePage((s) => s.phase);
  const lostAt = usePage((s) => s.lostAt);
  const failure = usePage((s) => s.failure);
  const now = useNow();
  if (phase === 'dead')
    return (
      <div className="banner lost" role="alert">
        <strong>Quarterdeck was started anew, or this page’s token is over.</strong> Open the link that it printed; what is shown here is
        what was known before.
        <GiveToken />
      </div>
    );
  if (phase !== 'lost' || lostAt === undefined) return null;
  return (
    <p className="banner lost" role="alert">
      <strong>Connection lost.</strong> Showing what was known {ageWords(lostAt, now)} ago; trying again. {failure?.message}
    </p>
  );
}
