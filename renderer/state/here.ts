import { useEffect } from 'react';
import { create } from 'zustand';
import type { ContextRow } from '../../agents/contract/index.ts';
import { usePage } from './page.ts';

/** The context a click lands in: the one of what is shown, else the one that was chosen. */
interface Here {
  /** Chosen on the map, in the palette. */
  readonly chosen: string | undefined;
  /** Of the incident, plan or object on the screen. */
  readonly shown: string | undefined;
  /** The plan whose decision lies over the screen. */
  readonly plan: string | undefined;
}

export const useHereState = create<Here>(() => ({ chosen: undefined, shown: undefined, plan: undefined }));

export const chooseContext = (chosen: string | undefined) => useHereState.setState({ chosen });

/** Lays the decision about a plan over whatever is on the screen; undefined takes it away. */
export const openPlan = (plan: string | undefined) => useHereState.setState({ plan });

/** Says that what this screen shows is of a context, as long as it shows it. */
export function useShows(context: string | undefined): void {
  useEffect(() => {
    useHereState.setState({ shown: context });
    return () => useHereState.setState({ shown: undefined });
  }, [context]);
}

export function useHere(): ContextRow | undefined {
  const { chosen, shown, plan } = useHereState();
  const ofPlan = usePage((s) => (plan === undefined ? undefined : s.plans.find((p) => p.id === plan)?.context));
  const name = ofPlan ?? shown ?? chosen;
  return usePage((s) => (name === undefined ? undefined : s.contexts?.contexts.find((c) => c.name === name)));
}
