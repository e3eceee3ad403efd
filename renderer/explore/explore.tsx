import { Suspense, useEffect, useState } from 'react';
import { useHereState, useShows } from '../state/here.ts';
import { named, useLiveContexts } from '../state/current.ts';
import { usePage } from '../state/page.ts';
import { linkTo, readRoute, useRoute } from '../state/route.ts';
import { Icon } from '../ui/icons.tsx';
import { KindList } from './kind-list.tsx';
import { ObjectPage } from './object-page.tsx';
import { ObjectTable } from './object-table.tsx';
import { type Asked, askedIn, linkToTable, objectAt } from './places.ts';
import { TOOLS } from './tools.ts';
import './explore.css';

/** Any kind a cluster serves, and any object of it. */
export function Explore() {
  const { path, query } = useRoute();
  const place = path[0]?.startsWith('~') === true ? undefined : objectAt(path);
  const asked = askedIn(query);
  const contexts = useAskedContexts(place === undefined ? asked.contexts : [place.context]);
  useShows(contexts.length === 1 ? contexts[0] : undefined);
  const kind = path[0];
  const tool = TOOLS.find((t) => t.id === kind);
  return (
    <div className="explore" data-open={kind === undefined ? undefined : ''}>
      <KindList contexts={contexts} chosen={kind} linkOf={(id) => linkToTable(id, { ...asked, text: '', labels: '', sort: undefined })} />
      <div className="explored">
        {kind !== undefined && place === undefined && (
          <a className="back" href={linkTo('explore')}>
            <Icon name="back" size={16} /> Kinds
          </a>
        )}
        {tool !== undefined ? (
          <Suspense fallback={<p className="p-5 text-ink-3">Loading…</p>}>
            <tool.Shown contexts={contexts} path={path.slice(1)} query={query} />
          </Suspense>
        ) : place !== undefined ? (
          <ObjectPage key={path.join('/')} place={place} />
        ) : kind === undefined ? (
          <div className="empty">
            <h2>Choose a kind</h2>
            <p>Its objects are shown as the cluster’s own columns say, for one cluster or for all that are connected.</p>
            <ContextPick asked={asked} kind={undefined} />
          </div>
        ) : contexts.length === 0 ? (
          <div className="empty">
            <h2>No cluster is connected</h2>
            <p>
              Objects are read from a cluster when you look at them. <a href={linkTo('fleet')}>Connect one</a>.
            </p>
          </div>
        ) : (
          <ObjectTable key={`${kind} ${asked.labels} ${contexts.join()}`} kind={kind} contexts={contexts} asked={asked}>
            <ContextPick asked={asked} kind={kind} />
            <LabelField asked={asked} kind={kind} />
          </ObjectTable>
        )}
      </div>
    </div>
  );
}

/** The contexts that were named, else the chosen one, else all that are connected. */
function useAskedContexts(asked: readonly string[]): readonly string[] {
  const chosen = useHereState((s) => s.chosen);
  const live = useLiveContexts();
  if (asked.length > 0) return asked;
  return chosen !== undefined ? [chosen] : named(live);
}

function ContextPick({ asked, kind }: { asked: Asked; kind: string | undefined }) {
  const contexts = usePage((s) => s.contexts?.contexts);
  const chosen = useHereState((s) => s.chosen);
  const connected = named(useLiveContexts());
  const wanted = asked.contexts.join(',');
  const whole = connected.join(',');
  const value = wanted === '' ? (chosen ?? whole) : wanted;
  const alias = (name: string) => contexts?.find((c) => c.name === name)?.alias ?? name;
  const options = new Map([
    ...(connected.length > 1 ? [[whole, `all ${connected.length} connected clusters`] as const] : []),
    ...[...connected, ...(value === '' || value === whole ? [] : [value])].map((c) => [c, c.split(',').map(alias).join(', ')] as const),
  ]);
  if (options.size === 0) return null;
  const turn = (to: string) => (window.location.hash = linkToTable(kind, { ...asked, text: textNow(), contexts: to.split(',') }));
  return (
    <select aria-label="Clusters" value={value} onChange={(e) => turn(e.target.value)}>
      {[...options].map(([of, words]) => (
        <option key={of} value={of}>
          {words}
        </option>
      ))}
    </select>
  );
}

/** What stands in the address now: typing changes it without drawing everything again. */
const textNow = (): string => askedIn(readRoute(window.location.hash).query).text;

function LabelField({ asked, kind }: { asked: Asked; kind: string }) {
  const [labels, setLabels] = useState(asked.labels);
  useEffect(() => setLabels(asked.labels), [asked.labels]);
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        window.location.hash = linkToTable(kind, { ...asked, text: textNow(), labels: labels.trim() });
      }}
    >
      <input
        className="labels"
        aria-label="Labels, Enter to ask the cluster"
        placeholder="Labels: app=web,tier!=db"
        value={labels}
        onChange={(e) => setLabels(e.target.value)}
      />
    </form>
  );
}
