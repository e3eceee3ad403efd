import { PLACE, PLACES } from './route.ts';

/** Shortcuts as data: what can be done by keys, the keys it has at first, and how keys are read. Pure. */

export interface Shortcut {
  readonly id: string;
  readonly words: string;
  /** `?`, `Mod+k`, or two after another: `g i`. Mod is Ctrl, or Cmd on a Mac. */
  readonly keys: string;
}

export const SHORTCUTS: readonly Shortcut[] = [
  { id: 'palette', words: 'Search, or go to anything', keys: 'Mod+k' },
  { id: 'help', words: 'Show these keys', keys: '?' },
  { id: 'decide', words: 'Look at the plan that waits longest', keys: 'w' },
  { id: 'dock', words: 'Show or hide the side with waiting plans and the feed', keys: ']' },
  ...PLACES.map((place) => ({ id: `go.${place}`, words: `Go to ${PLACE[place].words}`, keys: PLACE[place].keys })),
];

/** Keys of their own on the decision about a plan: they are not to be changed, so that approving is the same for everybody. */
export const FIXED: readonly { readonly keys: string; readonly words: string }[] = [
  { keys: 'a Enter', words: 'Approve the plan that is shown' },
  { keys: 'r', words: 'Reject it, with a reason' },
  { keys: 'Escape', words: 'Back' },
];
const TAKEN = new Set(['a', 'A', 'r', 'R', 'Enter', 'Escape', 'Tab', ' ']);

export interface Press {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** One press in the words of a shortcut: `g`, `?`, `Mod+k`; undefined for a key that only changes others. */
export function stroke({ key, ctrlKey, metaKey, altKey }: Press): string | undefined {
  if (['Control', 'Meta', 'Alt', 'Shift', 'CapsLock', 'Dead'].includes(key)) return undefined;
  const name = key.length === 1 ? key.toLowerCase() : key;
  return `${ctrlKey || metaKey ? 'Mod+' : ''}${altKey ? 'Alt+' : ''}${name}`;
}

/** The keys of each shortcut with what was changed. */
export function keysOf(changed: Readonly<Record<string, string>>): readonly Shortcut[] {
  return SHORTCUTS.map((s) => ({ ...s, keys: changed[s.id] ?? s.keys }));
}

export type Heard = { readonly does: string } | { readonly begun: string } | { readonly nothing: true };

/** What a press means after what was begun: it does something, it begins something, or neither. */
export function hear(begun: string | undefined, pressed: string, shortcuts: readonly Shortcut[]): Heard {
  const typed = begun === undefined ? pressed : `${begun} ${pressed}`;
  const whole = shortcuts.find((s) => s.keys === typed);
  if (whole !== undefined) return { does: whole.id };
  if (shortcuts.some((s) => s.keys.startsWith(`${typed} `))) return { begun: typed };
  return begun === undefined ? { nothing: true } : hear(undefined, pressed, shortcuts);
}

/** Why keys cannot be given to a shortcut, or undefined. */
export function refused(id: string, keys: string, shortcuts: readonly Shortcut[]): string | undefined {
  if (keys === '') return undefined;
  const begins = keys.split(' ')[0] ?? '';
  if (TAKEN.has(begins)) return `${begins === ' ' ? 'Space' : begins} is kept for decisions and for moving about.`;
  const other = shortcuts.find(
    (s) => s.id !== id && s.keys !== '' && (s.keys === keys || s.keys.startsWith(`${keys} `) || keys.startsWith(`${s.keys} `)),
  );
  return other === undefined ? undefined : `“${keys}” is in the way of “${other.words}” (${other.keys}).`;
}
