import { named, useLiveContexts } from '../state/current.ts';
import { linkTo } from '../state/route.ts';

/** What tools that look at one cluster have in common: which one, and what of it, stands in their address. */

/** Asks a tool something else beside what it is asked; an empty text asks nothing. */
export function turnTool(tool: string, query: URLSearchParams, said: Readonly<Record<string, string>>): void {
  const next = new URLSearchParams(query);
  for (const [key, value] of Object.entries(said))
    if (value === '') next.delete(key);
    else next.set(key, value);
  window.location.hash = `${linkTo('explore', tool)}?${next.toString()}`;
}

/** Which cluster, where several are read. */
export function ClusterPick({ context, turn }: { context: string; turn: (context: string) => void }) {
  const contexts = [...new Set([...named(useLiveContexts()), context])];
  if (contexts.length < 2) return null;
  return (
    <select aria-label="Cluster" value={context} onChange={(e) => turn(e.target.value)}>
      {contexts.map((c) => (
        <option key={c}>{c}</option>
      ))}
    </select>
  );
}

interface PickProps {
  readonly label: string;
  readonly names: readonly string[];
  /** Empty: all of them. It can be seen also where it is none of them. */
  readonly chosen: string;
  readonly all: string;
  readonly turn: (name: string) => void;
}

/** One of these names, or all. */
export function Pick({ label, names, chosen, all, turn }: PickProps) {
  const options = [...new Set([...names, chosen])].filter((n) => n !== '').sort();
  return (
    <select aria-label={label} value={chosen} onChange={(e) => turn(e.target.value)}>
      <option value="">{all}</option>
      {options.map((n) => (
        <option key={n}>{n}</option>
      ))}
    </select>
  );
}
