import { create } from 'zustand';
import type {
  AgentRow,
  AppInfo,
  AutonomyState,
  ContextList,
  Envelope,
  Failure,
  Hold,
  IncidentWithPlans,
  Plan,
} from '../../agents/contract/index.ts';

/** What the page knows of the host, and how fresh that is. */
export interface PageState {
  /** connecting: nothing was read yet. lost: what is shown is the last that was known. dead: only a reload or another link helps. */
  readonly phase: 'connecting' | 'live' | 'lost' | 'dead';
  readonly failure: Failure | undefined;
  /** When the connection broke, milliseconds since 1970. */
  readonly lostAt: number | undefined;
  readonly info: AppInfo | undefined;
  readonly contexts: ContextList | undefined;
  /** Open, and nobody has accepted them. */
  readonly incidents: readonly IncidentWithPlans[];
  /** Open, and known and accepted. */
  readonly accepted: readonly IncidentWithPlans[];
  readonly plans: readonly Plan[];
  readonly agents: readonly AgentRow[];
  /** Whether all agents are held; undefined before that was read. */
  readonly hold: Hold | undefined;
  /** The rules in force; undefined before they were read. */
  readonly autonomy: AutonomyState | undefined;
  /** The newest entries of the log, newest first. */
  readonly feed: readonly Envelope[];
  readonly lastSeq: number;
}

/** Entries read at first, and kept at most. */
export const FIRST_FEED = 300;
export const FEED_LENGTH = 2_000;

export const usePage = create<PageState>(() => ({
  phase: 'connecting',
  failure: undefined,
  lostAt: undefined,
  info: undefined,
  contexts: undefined,
  incidents: [],
  accepted: [],
  plans: [],
  agents: [],
  hold: undefined,
  autonomy: undefined,
  feed: [],
  lastSeq: 0,
}));

/** Severities from worst to least; the contract has the reverse order and zod beside it. */
export const WORST_FIRST = ['critical', 'high', 'medium', 'low', 'info'] as const;

export function bySeverity(a: IncidentWithPlans, b: IncidentWithPlans): number {
  return (
    WORST_FIRST.indexOf(a.severity) - WORST_FIRST.indexOf(b.severity) || a.firstSeen.localeCompare(b.firstSeen) || a.id.localeCompare(b.id)
  );
}

export const waiting = (plans: readonly Plan[]): Plan[] =>
  plans.filter((p) => p.state === 'awaitingApproval').sort((a, b) => a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id));
