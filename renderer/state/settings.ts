import { create } from 'zustand';

/** What a person has set for this page on this machine. Kept in the browser's own storage; nothing of it goes anywhere. */
export interface Settings {
  /** system: as the machine says, with high contrast where it asks for more. */
  readonly theme: 'system' | 'dark' | 'light' | 'contrast';
  readonly density: 'comfortable' | 'compact';
  readonly wideRail: boolean;
  readonly dock: boolean;
  /** The fleet as a list in words, where a map does not serve. */
  readonly fleetList: boolean;
  /** The system tells of a plan that waits while nobody looks at the page. */
  readonly notices: boolean;
  /** The tour was taken, or left. */
  readonly toured: boolean;
  /** Keys that were changed, by the shortcut's id; an empty text switches it off. */
  readonly keys: Readonly<Record<string, string>>;
}

export const THEMES = ['system', 'dark', 'light', 'contrast'] as const;
export const DENSITIES = ['comfortable', 'compact'] as const;
const PLACE = 'quarterdeck-settings';

const first: Settings = {
  theme: 'system',
  density: 'comfortable',
  wideRail: false,
  dock: true,
  fleetList: false,
  notices: false,
  toured: false,
  keys: {},
};

/** What was kept, as far as it can be understood: anything else is as at first. */
export function readSettings(text: string | null): Settings {
  let kept: unknown;
  try {
    kept = JSON.parse(text ?? '{}');
  } catch {
    return first;
  }
  if (typeof kept !== 'object' || kept === null) return first;
  const { theme, density, wideRail, dock, fleetList, notices, toured, keys } = kept as Record<string, unknown>;
  return {
    theme: THEMES.find((t) => t === theme) ?? first.theme,
    density: DENSITIES.find((d) => d === density) ?? first.density,
    wideRail: typeof wideRail === 'boolean' ? wideRail : first.wideRail,
    dock: typeof dock === 'boolean' ? dock : first.dock,
    fleetList: typeof fleetList === 'boolean' ? fleetList : first.fleetList,
    notices: typeof notices === 'boolean' ? notices : first.notices,
    toured: typeof toured === 'boolean' ? toured : first.toured,
    keys: Object.fromEntries(
      Object.entries(typeof keys === 'object' && keys !== null ? keys : {}).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string',
      ),
    ),
  };
}

export const useSettings = create<Settings>(() => first);

/** Reads what was kept and keeps what changes. A browser that keeps nothing works, and forgets. */
export function keepSettings(window: Window): void {
  try {
    useSettings.setState(readSettings(window.localStorage.getItem(PLACE)));
  } catch {
    // Storage is switched off.
  }
  useSettings.subscribe((settings) => {
    try {
      window.localStorage.setItem(PLACE, JSON.stringify(settings));
    } catch {
      // Full, or switched off: what was set holds until the page is closed.
    }
  });
}
