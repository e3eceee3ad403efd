import { useEffect, useState } from 'react';
import { create } from 'zustand';
import type { Client } from '../bridge/bridge.ts';
import { useClient } from '../state/bridge-context.ts';
import { usePage } from '../state/page.ts';
import { FleetModel } from './fleet-model.ts';
import { type Group, groupsOf } from './fleet-plots.ts';

/** Between attempts to follow the map again, milliseconds. */
const AGAIN_MS = 2_000;
/** What was begun before anything shows it ends where nothing has shown it after this, milliseconds. */
const EARLY_MS = 10_000;
/** What is read beside the map (counts, the list) is made new this often at most. */
const WORDS_MS = 1_000;

/** What was heard of the fleet; kept while the page lives, so that coming back to the map shows it at once. */
const fleet = new FleetModel();
const listeners = new Set<() => void>();
let following = 0;
let stop: (() => void) | undefined;

/** Goes up at most once a second while parts come; for what is said in words. */
const useHeard = create<{ readonly news: number }>(() => ({ news: 0 }));
let saying: ReturnType<typeof setTimeout> | undefined;
function say(): void {
  saying ??= setTimeout(() => {
    saying = undefined;
    useHeard.setState({ news: fleet.news });
  }, WORDS_MS);
}

function begin(client: Client): () => void {
  const ended = new AbortController();
  void (async () => {
    while (!ended.signal.aborted) {
      try {
        for await (const part of await client.map.follow({}, { signal: ended.signal })) {
          const first = part.whole;
          fleet.take(part);
          for (const heard of listeners) heard();
          if (first) useHeard.setState({ news: fleet.news });
          else say();
        }
      } catch {
        // The connection's own banner says what is wrong with it.
      }
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  })();
  return () => ended.abort();
}

/** Begins before the map is on the page: what is on it comes while the page is being made. */
export function followEarly(client: Client): void {
  if (following > 0 || stop !== undefined) return;
  stop = begin(client);
  setTimeout(endUnseen, EARLY_MS);
}

function endUnseen(): void {
  if (following > 0) return;
  stop?.();
  stop = undefined;
}

/** Follows the map while something shows it. `heard` is called for every part, outside of React. */
export function useFleetMap(heard?: () => void): void {
  const client = useClient();
  useEffect(() => {
    following++;
    stop ??= begin(client);
    return () => {
      following--;
      // What takes its place at once, as the list that of the map, goes on with it.
      queueMicrotask(endUnseen);
    };
  }, [client]);
  useEffect(() => {
    if (heard === undefined) return;
    listeners.add(heard);
    return () => void listeners.delete(heard);
  }, [heard]);
}

export const fleetShape = (): number => fleet.shape;

/** The fleet as it is now, in the order of the map. */
export function fleetNow(): readonly Group[] {
  const rows = usePage.getState().contexts?.contexts ?? [];
  if (rows.length > 0) fleet.keepOnly(new Set(rows.map((r) => r.name)));
  return groupsOf(rows, fleet);
}

/** The same for what is said in words: made new when contexts change, and once a second at most while parts come. */
export function useFleetWords(): readonly Group[] {
  const news = useHeard((s) => s.news);
  const contexts = usePage((s) => s.contexts);
  const [groups, setGroups] = useState(fleetNow);
  useEffect(() => setGroups(fleetNow()), [news, contexts]);
  return groups;
}
