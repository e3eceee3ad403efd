import { useState } from 'react';
import { isKept, keepToken } from '../bridge/http.ts';
import { Switch } from './switch.tsx';

/** Of a page in a browser: whether this device may open it again without the link, as an installed page on a phone does. */
export function DeviceSettings() {
  const [kept, setKept] = useState(() => isKept(window));
  if (window.quarterdeckShell !== undefined) return <p className="text-ink-3">The desktop window needs no link.</p>;
  return (
    <>
      <Switch
        words="Stay signed in on this device"
        on={kept}
        set={(on) => {
          keepToken(window, on);
          setKept(isKept(window));
        }}
      />
      <p className="text-ink-3">
        Otherwise the token of the link is forgotten with this tab. A token that is over opens nothing;{' '}
        <code>quarterdeck tokens create</code> makes one that lasts, with an end and a scope of its own.
      </p>
    </>
  );
}
