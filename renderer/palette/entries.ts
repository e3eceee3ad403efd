import type { AgentRow, ContextRow, IncidentWithPlans, Plan } from '../../agents/contract/index.ts';
import { PLACE, PLACES, linkTo } from '../state/route.ts';
import { fitOf, wordsOf } from './fuzzy.ts';

/** What the palette can lead to. Pure. */

type Run = 'keys' | 'theme' | 'density' | 'dock' | 'everywhere' | 'tour' | 'window' | 'link';
export type Deed = { readonly go: string } | { readonly context: string } | { readonly plan: string } | { readonly run: Run };

export interface Entry {
  readonly key: string;
  readonly group: 'Waiting for you' | 'Contexts' | 'Incidents' | 'Objects' | 'Places' | 'Settings' | 'Agents' | 'Actions';
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

const ACTIONS: readonly (readonly [words: string, run: Run])[] = [
  ['Show all clusters again', 'everywhere'],
  ['Open another window', 'window'],
  ['Copy a link to this place', 'link'],
  ['Change the theme', 'theme'],
  ['Change the density', 'density'],
  ['Show or hide the side', 'dock'],
  ['Show the keys', 'keys'],
  ['Take the tour', 'tour'],
];

/** Sections of the settings: what stands behind `#/settings/`. */
const SETTINGS: readonly (readonly [words: string, id: string])[] = [
  ['Look: theme and density', 'looks'],
  ['What may be done without asking', 'rules'],
  ['Keys', 'keys'],
  ['What leaves this machine', 'leaves'],
  ['Newer versions', 'updates'],
  ['Starting with the session', 'shell'],
  ['This device', 'device'],
];

/** Places inside of places that people look for by name. */
const INNER: readonly (readonly [words: string, go: string])[] = [
  ['Alerts: what is unusual, what will run out', linkTo('feed', 'alerts')],
  ['Load: how full nodes and workloads are', linkTo('explore', '~load')],
  ['Log patterns: what workloads say again and again', linkTo('explore', '~patterns')],
  ['Trends, and what containers would need', linkTo('explore', '~trends')],
  ['Logs of pods and workloads', linkTo('explore', '~logs')],
  ['Who can: who may do something, and what you may', linkTo('explore', '~access')],
  ['Helm releases', linkTo('explore', '~helm')],
  ['Forwarded ports', linkTo('explore', '~ports')],
  ['Runbooks of the team, and what is proposed for them', linkTo('knowledge', '~runbooks')],
];

export function entriesOf({ contexts, incidents, waits, agents }: Known): readonly Entry[] {
  return [
    ...waits.map((p) => entry('Waiting for you', p.id, p.title, `${p.context} ${p.id}`, { plan: p.id })),
    ...contexts.map((c) => entry('Contexts', c.name, c.alias ?? c.name, contextWords(c), { context: c.name })),
    ...incidents.map((i) =>
      entry('Incidents', i.id, i.title, `${i.context} ${i.rootCause.code} ${i.id}`, { go: linkTo('incidents', i.id) }),
    ),
    ...PLACES.map((p) => entry('Places', p, PLACE[p].words, '', { go: linkTo(p) })),
    ...INNER.map(([words, go]) => entry('Places', go, words, '', { go })),
    ...SETTINGS.map(([words, id]) => entry('Settings', id, words, '', { go: linkTo('settings', id) })),
    ...agents.map((a) => entry('Agents', a.id, a.title, a.state, { go: linkTo('agents', a.id) })),
    ...ACTIONS.map(([words, run]) => entry('Actions', run, words, '', { run })),
  ];
}

export const entry = (group: Entry['group'], key: string, words: string, more: string, deed: Deed): Entry => ({
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

/** Entries that every typed word fits, the better ones first; among equals the order they came in. */
export function find(entries: readonly Entry[], typed: string): readonly Found[] {
  const words = wordsOf(typed);
  const groups = new Map<Entry['group'], { readonly entry: Entry; readonly fit: number }[]>();
  for (const e of entries) {
    const fit = fitOf(words, e.words, `${e.more} ${e.group}`);
    if (fit === undefined) continue;
    const found = groups.get(e.group);
    if (found === undefined) groups.set(e.group, [{ entry: e, fit }]);
    else found.push({ entry: e, fit });
  }
  return [...groups].map(([group, found]) => ({
    group,
    entries: (words.length === 0 ? found : found.toSorted((a, b) => a.fit - b.fit)).slice(0, MOST).map((f) => f.entry),
    more: Math.max(0, found.length - MOST),
  }));
}
