import { useState } from 'react';
import { KeyWords } from '../palette/keys.tsx';
import { useSettings } from '../state/settings.ts';
import { keysOf, refused, stroke } from '../state/shortcuts.ts';

/** Each shortcut with its keys; one at a time listens for others. */
export function KeySettings() {
  const changed = useSettings((s) => s.keys);
  const [listens, setListens] = useState<{ readonly id: string; readonly typed: string } | undefined>(undefined);
  const [no, setNo] = useState<string | undefined>(undefined);
  const shortcuts = keysOf(changed);
  const put = (id: string, keys: string) => {
    const why = refused(id, keys, shortcuts);
    setNo(why);
    if (why === undefined) useSettings.setState({ keys: { ...changed, [id]: keys } });
    setListens(undefined);
  };
  return (
    <>
      {no !== undefined && (
        <p role="alert" className="my-2 text-broken">
          {no}
        </p>
      )}
      <ul>
        {shortcuts.map(({ id, words, keys }) => (
          <li key={id} className="flex flex-wrap items-center gap-x-3 border-t border-line py-1">
            <span className="min-w-48 flex-1">{words}</span>
            {listens?.id === id ? (
              <input
                autoFocus
                readOnly
                className="w-60"
                aria-label={`New keys for: ${words}`}
                value={listens.typed}
                placeholder="Press one or two keys, then Enter"
                onBlur={() => setListens(undefined)}
                onKeyDown={(e) => {
                  const pressed = stroke(e);
                  if (pressed === undefined || e.key === 'Tab') return;
                  e.preventDefault();
                  e.stopPropagation();
                  if (e.key === 'Escape') setListens(undefined);
                  else if (e.key === 'Enter') put(id, listens.typed);
                  else if (e.key === 'Backspace') setListens({ id, typed: '' });
                  else setListens({ id, typed: [...listens.typed.split(' ').filter((k) => k !== ''), pressed].slice(-2).join(' ') });
                }}
              />
            ) : (
              <span>{keys === '' ? <span className="text-ink-3">none</span> : <KeyWords keys={keys} />}</span>
            )}
            <button type="button" aria-label={`Change the keys for: ${words}`} onClick={() => setListens({ id, typed: '' })}>
              Change
            </button>
          </li>
        ))}
      </ul>
      <button
        type="button"
        className="mt-3"
        disabled={Object.keys(changed).length === 0}
        onClick={() => useSettings.setState({ keys: {} })}
      >
        As they were at first
      </button>
    </>
  );
}
