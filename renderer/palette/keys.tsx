import { useSettings } from '../state/settings.ts';
import { FIXED, keysOf } from '../state/shortcuts.ts';
import { Over } from '../ui/over.tsx';
import { linkTo } from '../state/route.ts';

/** The keys there are. */
export function Keys({ away }: { away: () => void }) {
  const changed = useSettings((s) => s.keys);
  return (
    <Over label="Keys" away={away} className="w-[min(32rem,calc(100vw-32px))] p-5">
      <h2 className="mb-3">Keys</h2>
      <KeyList rows={keysOf(changed)} />
      <h3 className="mt-4 mb-1 text-ink-3">On a plan that waits</h3>
      <KeyList rows={FIXED} />
      <p className="mt-4 flex items-center gap-3 text-ink-3">
        <a href={linkTo('settings')} onClick={away}>
          Change them in the settings
        </a>
        <button type="button" data-first className="ml-auto" onClick={away}>
          Close
        </button>
      </p>
    </Over>
  );
}

function KeyList({ rows }: { rows: readonly { readonly words: string; readonly keys: string }[] }) {
  return (
    <dl>
      {rows.map(({ words, keys }) => (
        <div key={words} className="!grid-cols-[1fr_auto] border-t border-line py-1">
          <dt className="!text-ink">{words}</dt>
          <dd>{keys === '' ? <span className="text-ink-3">none</span> : <KeyWords keys={keys} />}</dd>
        </div>
      ))}
    </dl>
  );
}

/** `g i` as two keys, `Mod+k` as one press. */
export function KeyWords({ keys }: { keys: string }) {
  const mod = /Mac/.test(navigator.userAgent) ? '⌘' : 'Ctrl+';
  return keys.split(' ').map((k, i) => (
    <kbd key={`${i} ${k}`} className="ml-1">
      {k.replace('Mod+', mod)}
    </kbd>
  ));
}
