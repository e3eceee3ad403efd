import { PLACE, type Place } from '../state/route.ts';
import { useSettings } from '../state/settings.ts';
import { Icon } from '../ui/icons.tsx';
import { ContextChip } from './context-chip.tsx';
import { HoldAll } from './hold-all.tsx';

/** Where one is, the way to anything else, what the agents may do, and the button that holds them all. */
export function TopBar({ place, search }: { place: Place; search: () => void }) {
  const dock = useSettings((s) => s.dock);
  return (
    <header className="top">
      <h1 className="flex-none">{PLACE[place].words}</h1>
      <ContextChip onPress={search} />
      <button type="button" className="palette-field" onClick={search}>
        <Icon name="search" size={16} />
        <span className="words truncate">Search, or go to anything</span>
        <kbd className="ml-auto">{/Mac/.test(navigator.userAgent) ? '⌘' : 'Ctrl'} K</kbd>
      </button>
      <HoldAll />
      <button
        type="button"
        className="dock-switch border-transparent bg-transparent px-2"
        aria-label={dock ? 'Hide the side' : 'Show the side'}
        aria-pressed={dock}
        onClick={() => useSettings.setState({ dock: !dock })}
      >
        <Icon name="dock" />
      </button>
    </header>
  );
}
