import { useEffect, useRef } from 'react';
import { openPlan } from '../state/here.ts';
import { usePage, waiting } from '../state/page.ts';
import { type Place, linkTo } from '../state/route.ts';
import { useSettings } from '../state/settings.ts';
import { hear, keysOf, stroke } from '../state/shortcuts.ts';

/** After the first of two keys, how long the second is waited for, milliseconds. */
const SECOND_MS = 1_200;

export interface Doors {
  readonly palette: () => void;
  readonly help: () => void;
}

function act(id: string, doors: Doors): void {
  if (id === 'palette') doors.palette();
  else if (id === 'help') doors.help();
  else if (id === 'dock') useSettings.setState(({ dock }) => ({ dock: !dock }));
  else if (id === 'decide') openPlan(waiting(usePage.getState().plans)[0]?.id);
  else window.location.hash = linkTo(id.slice('go.'.length) as Place);
}

/** Listens for the shortcuts on every screen; in fields letters are letters, and while something lies over the screen only that hears. */
export function useShortcuts(doors: Doors): void {
  const current = useRef(doors);
  useEffect(() => {
    current.current = doors;
  });
  useEffect(() => {
    let begun: string | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onKey = (event: KeyboardEvent) => {
      if (event.repeat || event.isComposing) return;
      const pressed = stroke(event);
      const field =
        event.target instanceof HTMLElement && event.target.matches('input, textarea, select, [contenteditable="true"], [data-type-ahead]');
      const over = document.querySelector('dialog:modal') !== null;
      if (pressed === undefined || over || (field && !pressed.startsWith('Mod+'))) return;
      const heard = hear(begun, pressed, keysOf(useSettings.getState().keys));
      clearTimeout(timer);
      begun = 'begun' in heard ? heard.begun : undefined;
      timer = setTimeout(() => (begun = undefined), SECOND_MS);
      if ('nothing' in heard) return;
      // The second key of `g a` must not also be the A of a decision.
      event.preventDefault();
      event.stopImmediatePropagation();
      if ('does' in heard) act(heard.does, current.current);
    };
    window.addEventListener('keydown', onKey, { capture: true });
    return () => {
      clearTimeout(timer);
      window.removeEventListener('keydown', onKey, { capture: true });
    };
  }, []);
}
