import { useState } from 'react';
import { isKept, keepToken } from '../bridge/http.ts';
import { canNotify, mayNotify } from '../frame/system-notice.ts';
import { useSettings } from '../state/settings.ts';
import { Switch } from './switch.tsx';

/** Of a page in a browser: whether this device may open it again without the link, as an installed page on a phone does. */
export function DeviceSettings() {
  const [kept, setKept] = useState(() => isKept(window));
  const { notices } = useSettings();
  const [refused, setRefused] = useState(false);
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
      {canNotify(window) && (
        <Switch
          words="Have the system say that a plan waits, while nobody looks at the page"
          on={notices}
          set={(on) => {
            void (on ? mayNotify() : Promise.resolve(true)).then((may) => {
              setRefused(!may);
              useSettings.setState({ notices: on && may });
            });
          }}
        />
      )}
      {refused && <p className="tone-degraded">This browser does not let the page notify you; its own settings for this address can.</p>}
    </>
  );
}
