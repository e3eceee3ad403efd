import type { AgentRow, ContextRow, IncidentWithPlans, Plan } from '../../agents/contract/index.ts';
import { PLACE, PLACES, linkTo } from '../state/route.ts';

/** What the palette can lead to. Pure. */

export type Deed =
  | { readonly go: string }
  | { readonly context: string }
  | { readonly plan: string }
  | { readonly run: 'keys' | 'theme' | 'density' | 'dock' | 'everywhere' };

export interface Entry {
  readonly key: string;
  readonly group: 'Waiting for you' | 'Contexts' | 'Incidents' | 'Places' | 'Agents' | 'Actions';
  readonly words: string;
  readonly more: string;
  readonly deed: Deed;
}

export interface Known {
  readonly contexts: readonly ContextRow[];
  readonly incidents: readonly IncidentWithPlans[];
  readonly waits: readonly Plan[];
  readonly agents: readonly AgentRow[];
}

const ACTIONS: readonly (readonly [words: string, run: Extract<Deed, { run: string }>['run']])[] = [
  ['Show all clusters again', 'everywhere'],
  ['Change the theme', 'theme'],
  ['Change the density', 'density'],
  ['Show or hide the side', 'dock'],
  ['Show the keys', 'keys'],
];

export function entriesOf({ contexts, incidents, waits, agents }: Known): readonly Entry[] {
  return [
    ...waits.map((p) => entry('Waiting for you', p.id, p.title, `${p.context} ${p.id}`, { plan: p.id })),
    ...contexts.map((c) => entry('Contexts', c.name, c.alias ?? c.name, contextWords(c), { context: c.name })),
    ...incidents.map((i) =>
      entry('Incidents', i.id, i.title, `${i.context} ${i.rootCause.code} ${i.id}`, { go: linkTo('incidents', i.id) }),
    ),
    ...PLACES.map((p) => entry('Places', p, PLACE[p].words, '', { go: linkTo(p) })),
    ...agents.map((a) => entry('Agents', a.id, a.title, a.state, { go: linkTo('agents', a.id) })),
    ...ACTIONS.map(([words, run]) => entry('Actions', run, words, '', { run })),
  ];
}

const entry = (group: Entry['group'], key: string, words: string, more: string, deed: Deed): Entry => ({
  key: `${group} ${key}`,
  group,
  words,
  more,
  deed,
});

function contextWords({ name, alias, group, state, protected: guarded }: ContextRow): string {
  return [alias === null ? '' : name, group ?? '', guarded ? 'protected' : '', state].filter((w) => w !== '').join(' · ');
}

/** Of each group at most this many: what is not among them is found by typing on. */
const MOST = 8;

export interface Found {
  readonly group: Entry['group'];
  readonly entries: readonly Entry[];
  readonly more: number;
}

/** Entries that hold every typed word, whatever their capitals; those that begin with the first word come first. */
export function find(entries: readonly Entry[], typed: string): readonly Found[] {
  const words = typed
    .toLowerCase()
    .split(/\s+/)
    .filter((w) => w !== '');
  const [first = ''] = words;
  const groups = new Map<Entry['group'], Entry[]>();
  for (const e of entries) {
    const text = `${e.words} ${e.more} ${e.group}`.toLowerCase();
    if (words.every((w) => text.includes(w))) into(groups, e);
  }
  const begins = (e: Entry) => (e.words.toLowerCase().startsWith(first) ? 0 : 1);
  return [...groups].map(([group, found]) => ({
    group,
    entries: (first === '' ? found : found.toSorted((a, b) => begins(a) - begins(b))).slice(0, MOST),
    more: Math.max(0, found.length - MOST),
  }));
}

function into(groups: Map<Entry['group'], Entry[]>, e: Entry): void {
  const found = groups.get(e.group);
  if (found === undefined) groups.set(e.group, [e]);
  else found.push(e);
}
