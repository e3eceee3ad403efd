import { Command } from 'cmdk';
import { useEffect, useMemo, useState } from 'react';
import { chooseContext, openPlan } from '../state/here.ts';
import { takeTour } from '../frame/tour.tsx';
import { usePage, waiting } from '../state/page.ts';
import { linkTo } from '../state/route.ts';
import { DENSITIES, THEMES, useSettings } from '../state/settings.ts';
import { copyText } from '../ui/clipboard.ts';
import { Over } from '../ui/over.tsx';
import { type Deed, type Found, entriesOf, find } from './entries.ts';
import { useObjects } from './objects.ts';

/** Anything by typing: contexts, incidents, waiting plans, objects, places, settings, agents, actions. */
export function Palette({ away, keys }: { away: () => void; keys: () => void }) {
  const [typed, setTyped] = useState('');
  const contexts = usePage((s) => s.contexts);
  const incidents = usePage((s) => s.incidents);
  const plans = usePage((s) => s.plans);
  const agents = usePage((s) => s.agents);
  const entries = useMemo(
    () => entriesOf({ contexts: contexts?.contexts ?? [], incidents, waits: waiting(plans), agents }),
    [contexts, incidents, plans, agents],
  );
  const known = useMemo(() => find(entries, typed), [entries, typed]);
  const objects = useObjects(typed);
  const found: readonly Found[] = objects.length === 0 ? known : [...known, { group: 'Objects', entries: objects, more: 0 }];
  const asks = typed.trim();
  // What is typed chooses the first thing that is called so; asking only where nothing is.
  const first = found[0]?.entries[0]?.key ?? (asks === '' ? '' : 'ask');
  const [chosen, setChosen] = useState(first);
  useEffect(() => setChosen(first), [typed, first]);
  const take = (deed: Deed) => {
    away();
    perform(deed, keys);
  };
  return (
    <Over label="Search, or go to anything" away={away} className="palette">
      <Command value={chosen} onValueChange={setChosen} shouldFilter={false} label="Search, or go to anything" loop>
        <Command.Input
          data-first
          value={typed}
          onValueChange={setTyped}
          placeholder="A context, an incident, an object, a place, a setting…"
        />
        <Command.List label="What was found">
          {found.length === 0 && <p className="p-4 text-ink-3">Nothing here is called “{typed}”.</p>}
          {found.map(({ group, entries: some, more }) => (
            <Command.Group key={group} heading={more === 0 ? group : `${group}: ${more} more, type on`}>
              {some.map((e) => (
                <Command.Item key={e.key} value={e.key} onSelect={() => take(e.deed)}>
                  <span className="min-w-0 truncate" title={e.words}>
                    {e.words}
                  </span>
                  <span className="row-meta ml-auto max-w-1/2 truncate pl-4">{e.more}</span>
                </Command.Item>
              ))}
            </Command.Group>
          ))}
          {/* Last: who types a name and presses Enter goes there, and asks only where nothing is called that. */}
          {asks !== '' && (
            <Command.Group heading="Ask">
              <Command.Item value="ask" onSelect={() => take({ go: linkTo('ask', undefined, { q: asks }) })}>
                <span className="min-w-0 truncate">Ask “{asks}”</span>
              </Command.Item>
            </Command.Group>
          )}
        </Command.List>
      </Command>
    </Over>
  );
}

const after = <T,>(all: readonly T[], one: T): T => all[(all.indexOf(one) + 1) % all.length] ?? one;

function perform(deed: Deed, keys: () => void): void {
  if ('go' in deed) window.location.hash = deed.go;
  else if ('context' in deed) chooseContext(deed.context);
  else if ('plan' in deed) openPlan(deed.plan);
  else
    switch (deed.run) {
      case 'keys':
        return keys();
      case 'everywhere':
        return chooseContext(undefined);
      case 'dock':
        return useSettings.setState(({ dock }) => ({ dock: !dock }));
      case 'theme':
        return useSettings.setState(({ theme }) => ({ theme: after(THEMES, theme) }));
      case 'density':
        return useSettings.setState(({ density }) => ({ density: after(DENSITIES, density) }));
      case 'tour':
        return takeTour();
      case 'window':
        // The same place beside this one; the desktop makes a window of it, a browser a tab.
        return void window.open(`/${window.location.hash}`, '_blank');
      case 'link':
        return void copyText(linkToHere());
    }
}

/** In the desktop window a link that leads into the app from anywhere; else the page's own address. */
function linkToHere(): string {
  const { origin, hash } = window.location;
  return window.quarterdeckShell === undefined ? `${origin}/${hash}` : `quarterdeck://${hash.replace(/^#\//, '').split('?')[0] ?? ''}`;
}
