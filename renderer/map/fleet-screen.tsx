import { Suspense, lazy, useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { useClient } from '../state/bridge-context.ts';
import { chooseContext } from '../state/here.ts';
import { usePage, waiting } from '../state/page.ts';
import { linkTo, useRoute } from '../state/route.ts';
import { useSettings } from '../state/settings.ts';
import { Icon } from '../ui/icons.tsx';
import { Problem } from '../ui/problem.tsx';
import { type Found, find } from './find.ts';
import type { Placed } from './fleet-plots.ts';
import { fleetNow, useFleetWords } from './follow.ts';
import { homeFinder } from './homes.ts';
import { Legend } from './legend.tsx';
import { type MapHandle, MapView } from './map-view.tsx';
import { pinsOf } from './marks.ts';
import { ReachBar } from './reach-bar.tsx';
import { Twin } from './twin.tsx';
import { WatchHere } from './watch-button.tsx';
import { nameOf } from './words.ts';
import './map.css';

const Around = lazy(() => import('./around.tsx').then((m) => ({ default: m.Around })));

const READ_AGAIN_MS = 15_000;
const MOST_FOUND = 8;
const NARROW = window.matchMedia('(width < 40rem)');
const onNarrow = (changed: () => void) => {
  NARROW.addEventListener('change', changed);
  return () => NARROW.removeEventListener('change', changed);
};

/** The home of the app: all clusters on one map, or the same in words. */
export function FleetScreen() {
  const list = usePage((s) => s.contexts);
  const { query } = useRoute();
  useFreshContexts();
  if (list === undefined) return null;
  const problems = list.problems.map(({ file, failure }) => (
    <Problem key={file} failure={{ ...failure, message: `${file}: ${failure.message}` }} />
  ));
  if (list.contexts.length === 0)
    return (
      <section className="fleet-screen" aria-label="Clusters">
        {problems}
        <div className="empty">
          <h2>No cluster is configured</h2>
          <p>
            Quarterdeck reads the contexts of your kubeconfig: set <code>KUBECONFIG</code> or create <code>~/.kube/config</code>, and they
            appear here by themselves. A file elsewhere is added by <code>quarterdeck contexts add-file PATH</code>.
          </p>
          <p>
            To look around first, start Quarterdeck with <code>--demo</code>: recorded clusters with real faults, marked as such.
          </p>
        </div>
      </section>
    );
  return (
    <section className="fleet-screen" aria-label="Clusters">
      {problems}
      <Shown plan={query.get('plan') ?? undefined} around={query.get('around') ?? undefined} as={query.get('as')} />
    </section>
  );
}

function Shown({ plan, around, as }: { plan: string | undefined; around: string | undefined; as: string | null }) {
  const narrow = useSyncExternalStore(onNarrow, () => NARROW.matches);
  const wished = useSettings((s) => s.fleetList);
  const listed = as === 'list' || (as !== 'map' && plan === undefined && (wished || narrow));
  const [path, setPath] = useState<readonly Placed[]>([]);
  const [typed, setTyped] = useState('');
  const handle = useRef<MapHandle | undefined>(undefined);
  const field = useRef<HTMLInputElement>(null);
  const search = useCallback(() => field.current?.focus(), []);
  const incidents = usePage((s) => s.incidents);
  const plans = usePage((s) => s.plans);
  const groups = useFleetWords();
  const pins = useMemo(() => pinsOf(incidents, waiting(plans), homeFinder(groups)), [incidents, plans, groups]);
  const drill = useCallback((key: string) => void (window.location.hash = linkTo('fleet', undefined, { around: key })), []);
  const show = (fleetList: boolean) => {
    useSettings.setState({ fleetList });
    if (as !== null || plan !== undefined)
      window.location.hash = linkTo('fleet', undefined, narrow && !fleetList ? { as: 'map' } : undefined);
    else if (narrow && !fleetList) window.location.hash = linkTo('fleet', undefined, { as: 'map' });
  };
  useSlash(search, () => show(!listed));

  if (around !== undefined)
    return (
      <Suspense fallback={<p className="p-5 text-ink-3">Loading…</p>}>
        <Around key={around} of={around} />
      </Suspense>
    );
  return (
    <>
      <div className="map-bar">
        {listed ? (
          <h1 className="map-way">Fleet</h1>
        ) : (
          <Way path={path} go={(key) => handle.current?.go(key === undefined ? undefined : { key, pod: undefined })} />
        )}
        <Search
          field={field}
          typed={typed}
          change={setTyped}
          listed={listed}
          go={(found) => {
            handle.current?.go({ key: found.key, pod: found.pod });
            document.querySelector<HTMLElement>('.map-canvas')?.focus();
            setTyped('');
          }}
        />
        {!listed && <WatchHere />}
        {!listed && (
          <span className="map-zoom" role="group" aria-label="Zoom">
            <button type="button" aria-label="Nearer" title="Nearer  +" onClick={() => handle.current?.zoom(1.6)}>
              <Icon name="nearer" size={16} />
            </button>
            <button type="button" aria-label="Farther" title="Farther  -" onClick={() => handle.current?.zoom(1 / 1.6)}>
              <Icon name="farther" size={16} />
            </button>
            <button type="button" aria-label="The whole fleet" title="The whole fleet  0" onClick={() => handle.current?.go(undefined)}>
              <Icon name="whole" size={16} />
            </button>
          </span>
        )}
        <button type="button" aria-pressed={listed} title="The same in words  L" onClick={() => show(!listed)}>
          <Icon name={listed ? 'fleet' : 'list'} size={16} /> {listed ? 'Map' : 'List'}
        </button>
      </div>
      {plan !== undefined && !listed && <ReachBar plan={plan} />}
      {listed ? (
        <Twin pins={pins} typed={typed} drill={drill} />
      ) : (
        <>
          <MapView handle={handle} around={setPath} plan={plan} pins={pins} drill={drill} search={search} />
          <Legend groups={groups} />
        </>
      )}
    </>
  );
}

/** Where one is on the map, from the fleet inwards; each part leads there. */
function Way({ path, go }: { path: readonly Placed[]; go: (key: string | undefined) => void }) {
  return (
    <nav className="map-way" aria-label="Place on the map">
      <button type="button" onClick={() => go(undefined)} aria-current={path.length === 0 ? 'location' : undefined}>
        Fleet
      </button>
      {path.map((item, i) => (
        <span key={item.key}>
          <Icon name="unfold" size={14} />
          <button
            type="button"
            className={item.level === 'group' ? '' : 'name'}
            aria-current={i === path.length - 1 ? 'location' : undefined}
            onClick={() => {
              if (item.level !== 'group') chooseContext(item.context);
              go(item.key);
            }}
          >
            {nameOf(item)}
          </button>
        </span>
      ))}
    </nav>
  );
}

interface SearchProps {
  readonly field: { current: HTMLInputElement | null };
  readonly typed: string;
  readonly change: (text: string) => void;
  readonly go: (found: Found) => void;
  /** The list sifts itself by what is typed. */
  readonly listed: boolean;
}

function Search({ field, typed, change, go, listed }: SearchProps) {
  const [at, setAt] = useState(0);
  const found = useMemo(() => (listed || typed === '' ? [] : find(fleetNow(), typed, MOST_FOUND)), [typed, listed]);
  const open = !listed && typed !== '';
  return (
    <div className="map-search">
      <input
        ref={field}
        type="search"
        role={listed ? 'searchbox' : 'combobox'}
        aria-label="Find on the map"
        placeholder="Find  /"
        value={typed}
        {...(listed
          ? {}
          : { 'aria-expanded': open, 'aria-controls': 'map-found', 'aria-activedescendant': open ? `found-${at}` : undefined })}
        onChange={(event) => {
          change(event.target.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          const chosen = found[at];
          if (event.key === 'ArrowDown') setAt(Math.min(found.length - 1, at + 1));
          else if (event.key === 'ArrowUp') setAt(Math.max(0, at - 1));
          else if (event.key === 'Enter' && chosen !== undefined) go(chosen);
          else if (event.key === 'Escape' && typed !== '') change('');
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      {open && (
        <ul id="map-found" role="listbox" aria-label="Found" className="map-found">
          {found.map((one, i) => (
            <li
              key={`${one.key} ${one.pod ?? ''}`}
              id={`found-${i}`}
              role="option"
              aria-selected={i === at}
              onPointerDown={(event) => {
                event.preventDefault();
                go(one);
              }}
            >
              <span className="row-meta">{one.kind}</span>{' '}
              <span className="name" dir="auto">
                {one.name}
              </span>
              {one.within !== '' && <span className="hint"> {one.within}</span>}
            </li>
          ))}
          {found.length === 0 && (
            <li role="option" aria-selected={false} aria-disabled="true" className="hint">
              Nothing that is known is called so
            </li>
          )}
        </ul>
      )}
    </div>
  );
}

/** `/` goes to the search, `L` to the list and back, wherever no text is being written. */
function useSlash(search: () => void, turn: () => void) {
  const act = useRef({ search, turn });
  useEffect(() => {
    act.current = { search, turn };
  });
  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      const writing = e.target instanceof HTMLElement && e.target.matches('input, textarea, select, [contenteditable="true"]');
      if (writing || e.ctrlKey || e.metaKey || e.altKey || document.querySelector('dialog:modal') !== null) return;
      // On the map itself letters find; a capital L is no beginning of a name.
      if (e.key === '/') act.current.search();
      else if (e.key === 'L' || (e.key === 'l' && !(e.target instanceof HTMLElement && e.target.matches('[data-type-ahead]'))))
        act.current.turn();
      else return;
      e.preventDefault();
      e.stopPropagation();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

/** Counts and ages change without an event: while the clusters are looked at, they are read again now and then. */
function useFreshContexts() {
  const client = useClient();
  useEffect(() => {
    const timer = setInterval(() => {
      // What cannot be read now is said by the connection's own banner.
      client.contexts.list({}).then(
        (contexts) => usePage.setState({ contexts }),
        () => undefined,
      );
    }, READ_AGAIN_MS);
    return () => clearInterval(timer);
  }, [client]);
}
