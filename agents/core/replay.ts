import type { Dismissal, HostEvent, Incident, Maintenance, Plan, PlanState } from '../contract/index.ts';

/** What of the app's state its log tells: enough to know what was wrong, what was proposed, who decided, and how it ended. */
export interface ReplayedState {
  readonly incidents: Record<string, { readonly state: Incident['state']; readonly code: string; readonly title: string }>;
  readonly plans: Record<string, { readonly state: PlanState; readonly hash: string; readonly decidedBy: string | null }>;
  /** Those that are not over, by id, with their reasons. */
  readonly dismissals: Record<string, string>;
  readonly maintenances: Record<string, string>;
}

export const nothingYet = (): ReplayedState => ({ incidents: {}, plans: {}, dismissals: {}, maintenances: {} });

const incidentOf = ({ state, rootCause, title }: Incident) => ({ state, code: rootCause.code, title });
const planOf = ({ state, hash, decidedBy }: Plan) => ({ state, hash, decidedBy: decidedBy ?? null });

/** The same, of what is stored. */
export function storedState(
  incidents: readonly Incident[],
  plans: readonly Plan[],
  dismissals: readonly Dismissal[],
  maintenances: readonly Maintenance[],
): ReplayedState {
  return {
    incidents: Object.fromEntries(incidents.map((i) => [i.id, incidentOf(i)])),
    plans: Object.fromEntries(plans.map((p) => [p.id, planOf(p)])),
    dismissals: Object.fromEntries(dismissals.map((d) => [d.id, d.reason])),
    maintenances: Object.fromEntries(maintenances.map((m) => [m.id, m.reason])),
  };
}

/** Takes one entry of the log in; changes `state`, for a log is long. */
export function replay(state: ReplayedState, event: HostEvent): void {
  const move = (id: string, to: PlanState, decidedBy?: string) => {
    const plan = state.plans[id];
    if (plan !== undefined) state.plans[id] = { ...plan, state: to, ...(decidedBy === undefined ? {} : { decidedBy }) };
  };
  switch (event.type) {
    case 'incident.opened':
    case 'incident.updated':
      state.incidents[event.incident.id] = incidentOf(event.incident);
      return;
    case 'incident.resolved': {
      const incident = state.incidents[event.incident];
      if (incident !== undefined) state.incidents[event.incident] = { ...incident, state: 'resolved' };
      return;
    }
    case 'incident.dismissed':
      state.dismissals[event.dismissal.id] = event.dismissal.reason;
      return;
    case 'dismissal.ended':
      // With an incident only that one is heard of again; the dismissal stands for the others.
      if (event.incident === undefined) delete state.dismissals[event.dismissal];
      return;
    case 'maintenance.added':
      state.maintenances[event.maintenance.id] = event.maintenance.reason;
      return;
    case 'maintenance.ended':
      delete state.maintenances[event.maintenance];
      return;
    case 'plan.proposed':
    case 'plan.refused':
      state.plans[event.plan.id] = planOf(event.plan);
      return;
    case 'plan.abandoned':
      move(event.plan, 'abandoned');
      return;
    case 'plan.expired':
      move(event.plan, 'expired');
      return;
    case 'approval.resolved':
      if (event.decision !== 'skipped') move(event.plan, event.decision === 'approved' ? 'acting' : 'rejected', event.by);
      return;
    case 'plan.verifying':
      move(event.plan, 'verifying');
      return;
    case 'plan.rollingBack':
      move(event.plan, 'rollingBack');
      return;
    case 'plan.settled':
      move(event.plan, event.state);
      return;
    default:
  }
}

/** The first thing in which two states differ, in words; null where they are the same. */
export function differenceOf(fromLog: ReplayedState, stored: ReplayedState): string | null {
  for (const part of ['incidents', 'plans', 'dismissals', 'maintenances'] as const) {
    const ids = new Set([...Object.keys(fromLog[part]), ...Object.keys(stored[part])]);
    for (const id of [...ids].sort()) {
      const [a, b] = [fromLog[part][id], stored[part][id]].map((x) => (x === undefined ? 'nothing' : JSON.stringify(x)));
      if (a !== b) return `${part.slice(0, -1)} ${id}: the log says ${a}, and stored is ${b}`;
    }
  }
  return null;
}
