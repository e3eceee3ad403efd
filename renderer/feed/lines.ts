import type { Envelope, HostEvent, IncidentWithPlans, Plan, Severity } from '../../agents/contract/index.ts';
import { refKey } from '../../agents/contract/refs.ts';
import { type Called, storyOf } from '../../agents/contract/story.ts';
import { linkTo } from '../state/route.ts';
import { type Thought, thoughtsOf } from './thoughts.ts';

/** The log as lines for people: what each is about, where it leads, and in which group it stands. Pure. */

export const KINDS = ['thoughts', 'findings', 'incidents', 'plans', 'clusters', 'agents', 'people', 'other'] as const;
export type Kind = (typeof KINDS)[number];

export interface Line {
  readonly seq: number;
  readonly at: string;
  readonly type: HostEvent['type'];
  readonly words: string;
  readonly kind: Kind;
  readonly agent: string | undefined;
  readonly context: string | undefined;
  readonly incident: string | undefined;
  readonly severity: Severity | undefined;
  /** What stands behind it. */
  readonly thoughts: readonly Thought[];
  /** Where what it tells of is seen. */
  readonly source: string | undefined;
}

/** What is known beside the log, to tell which incident a plan or a finding belongs to. */
export interface Beside {
  /** What agents are called before people. */
  readonly called?: Called;
  readonly incidents: readonly IncidentWithPlans[];
  readonly plans: readonly Plan[];
}

/** Nouns of events; what is not named is `other`. */
const KIND: Readonly<Record<string, Kind>> = {
  finding: 'findings',
  check: 'findings',
  diagnosis: 'findings',
  incident: 'incidents',
  runbook: 'incidents',
  plan: 'plans',
  approval: 'plans',
  action: 'plans',
  cluster: 'clusters',
  signIn: 'clusters',
  kubeconfig: 'clusters',
  agent: 'agents',
  agents: 'agents',
  consultation: 'thoughts',
  context: 'people',
  dismissal: 'people',
  maintenance: 'people',
  exec: 'people',
  forward: 'people',
  autonomy: 'people',
  token: 'people',
};

/**
 * Reads entries of the log, again and again: an entry that was read before is the same line, so that in a storm of events only what is new
 * costs anything. `beside` is looked through once.
 */
export function liner({ incidents, plans, called }: Beside): (entries: readonly Envelope[]) => readonly Line[] {
  const byId = new Map(incidents.map((i) => [i.id, i]));
  const planById = new Map(plans.map((p) => [p.id, p]));
  const byFinding = new Map(
    incidents.flatMap((i) => [i.rootCause, ...i.symptoms].map((f) => [`${i.context} ${f.code} ${refKey(f.resource)}`, i.id] as const)),
  );
  const read = new WeakMap<Envelope, Line>();
  const lineOf = ({ seq, at, event }: Envelope): Line => {
    const plan = 'plan' in event ? (typeof event.plan === 'string' ? planById.get(event.plan) : event.plan) : undefined;
    const incident = incidentOf(event, plan, byFinding);
    const known = incident === undefined ? undefined : byId.get(incident);
    const told = 'incident' in event && typeof event.incident === 'object' ? event.incident : known;
    return {
      seq,
      at,
      type: event.type,
      words: storyOf(event, called),
      kind: event.type === 'agent.looked' ? 'thoughts' : (KIND[event.type.split('.')[0] ?? ''] ?? 'other'),
      agent: 'agent' in event ? event.agent : plan?.agent,
      context: ('context' in event ? event.context : undefined) ?? plan?.context ?? told?.context,
      incident,
      severity: 'finding' in event ? event.finding.severity : told?.severity,
      thoughts: thoughtsOf(event),
      source: sourceOf(event, incident),
    };
  };
  return (entries) =>
    entries.map((entry) => {
      let line = read.get(entry);
      if (line === undefined) read.set(entry, (line = lineOf(entry)));
      return line;
    });
}

function incidentOf(event: HostEvent, plan: Plan | undefined, byFinding: ReadonlyMap<string, string>): string | undefined {
  if ('incident' in event && event.incident !== undefined) return typeof event.incident === 'string' ? event.incident : event.incident.id;
  if (plan !== undefined) return plan.incidentId;
  if ('finding' in event) return byFinding.get(`${event.context} ${event.finding.code} ${refKey(event.finding.subject)}`);
  return undefined;
}

function sourceOf(event: HostEvent, incident: string | undefined): string | undefined {
  if ('plan' in event) return linkTo('approvals', typeof event.plan === 'string' ? event.plan : event.plan.id);
  if (incident !== undefined) return linkTo('incidents', incident);
  if (event.type.startsWith('agent.') && 'agent' in event) return linkTo('agents', event.agent);
  return 'context' in event || event.type.startsWith('kubeconfig.') ? linkTo('fleet') : undefined;
}

export interface Sieve {
  readonly agent: string | undefined;
  readonly context: string | undefined;
  readonly severity: string | undefined;
  readonly kind: string | undefined;
}

export const siftLines = (lines: readonly Line[], by: Sieve): readonly Line[] =>
  lines.filter((line) => (Object.keys(by) as (keyof Sieve)[]).every((key) => by[key] === undefined || line[key] === by[key]));

export type Shown = { readonly line: Line } | { readonly heading: string | undefined; readonly lines: number; readonly latest: string };

/** Newest first in groups of one incident, the group with the newest line first; what belongs to none is a group of its own. */
export function grouped(lines: readonly Line[]): readonly Shown[] {
  const groups = new Map<string | undefined, Line[]>();
  for (const line of lines) {
    const group = groups.get(line.incident);
    if (group === undefined) groups.set(line.incident, [line]);
    else group.push(line);
  }
  return [...groups].flatMap(([heading, some]) => [
    { heading, lines: some.length, latest: some[0]?.at ?? '' },
    ...some.map((line) => ({ line })),
  ]);
}
