import {
  type AutonomyRules,
  GIVES,
  type Give,
  type InMaintenance,
  type Match,
  type Plan,
  type PlanAutonomy,
  RISKS,
  type ResourceRef,
  type Rule,
  refKey,
  refWords,
} from '../contract/index.ts';
import { matchesLabels } from './selectors.ts';
import { isWithin } from './time-window.ts';

/** What the rules say about one plan. Every doubt is a person's to decide. */

/** Kinds a plan may change without being asked for: what runs, and what leads to it. Not what holds data, rights or shared settings. */
export const AUTOMATIC_KINDS: ReadonlySet<string> = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'Service',
  'Ingress',
  'HorizontalPodAutoscaler',
]);
const HOUR_MS = 3_600_000;
/** Who decided, where a rule did. */
export const RULE_PREFIX = 'rule:';

export type RuledPlan = Pick<Plan, 'id' | 'context' | 'agent' | 'risk' | 'actions' | 'undoes' | 'proposedBy' | 'incidentId' | 'managedBy'>;

/** What is known beside the plan. */
export interface Surroundings {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly version: string;
  readonly isProtected: boolean;
  readonly isReadOnly: boolean;
  readonly group: string | null;
  /** Labels of a target; undefined where they could not be read. */
  readonly labels: (target: ResourceRef) => Readonly<Record<string, string>> | undefined;
  /** Somebody works on it: nothing is automatic then. */
  readonly maintenance?: (target: ResourceRef) => Pick<InMaintenance, 'by' | 'reason'> | undefined;
  /** Every plan there is, for budgets and for what went wrong before. */
  readonly plans: readonly Plan[];
}

const ASK = { give: 'ask', rule: null, people: 1 } as const;
const strictness = (give: Give) => -GIVES.indexOf(give);

export function autonomyOf(plan: RuledPlan, rules: AutonomyRules, around: Surroundings): PlanAutonomy {
  const { version } = around;
  const given = plan.actions.map((action) => ofTarget(plan, action, rules, around));
  const [first, ...rest] = given;
  if (first === undefined) return { ...ASK, version, because: 'it changes nothing' };
  const strictest = rest.reduce(
    (a, b) => (strictness(b.give) > strictness(a.give) || (b.give === a.give && b.people > a.people) ? b : a),
    first,
  );
  if (strictest.give !== 'auto') return { ...strictest, version };
  const never = neverAutomatic(plan, rules, around) ?? notNow(plan, rules, around);
  return never === undefined ? { ...strictest, version } : { give: 'ask', rule: strictest.rule, people: 1, version, because: never };
}

type Given = Omit<PlanAutonomy, 'version'>;

/** The first rule that matches this action's target. */
function ofTarget(plan: RuledPlan, action: Plan['actions'][number], rules: AutonomyRules, around: Surroundings): Given {
  const rule = rules.rules.find((r) => matches(r, plan, action, around));
  if (rule === undefined) return { ...ASK, because: 'no rule speaks of it' };
  const because = rule.because ?? `rule ${rule.id} gives ${rule.give}${rule.give === 'ask' && rule.people === 2 ? ' with two people' : ''}`;
  return { give: rule.give, rule: rule.id, people: rule.give === 'ask' ? rule.people : 1, because };
}

const glob = (pattern: string, text: string): boolean =>
  new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
    's',
  ).test(text);
const among = (patterns: readonly string[] | undefined, text: string | null | undefined): boolean =>
  patterns === undefined || (text != null && patterns.some((p) => glob(p, text)));

/** Labels that cannot be read match what is strict, and not what is automatic. */
function matches({ match: m, give }: Rule, plan: RuledPlan, { target, type }: Plan['actions'][number], around: Surroundings): boolean {
  const maxRisk = m.maxRisk ?? (give === 'auto' ? 'low' : undefined);
  return (
    among(m.contexts, plan.context) &&
    among(m.groups, around.group) &&
    among(m.namespaces, target.namespace) &&
    among(m.agents, plan.agent) &&
    among(m.actions, type) &&
    among(m.kinds, target.kind) &&
    (maxRisk === undefined || RISKS.indexOf(plan.risk) <= RISKS.indexOf(maxRisk)) &&
    (m.window === undefined || isWithin(m.window, around.now)) &&
    labelled(m.labels, target, give, around)
  );
}

function labelled(wanted: Match['labels'], target: ResourceRef, give: Give, { labels }: Surroundings): boolean {
  if (wanted === undefined) return true;
  const has = labels(target);
  return has === undefined ? give !== 'auto' : matchesLabels(wanted, has);
}

/** The floor under all rules. */
function neverAutomatic(plan: RuledPlan, { mostObjects }: AutonomyRules, { isProtected, isReadOnly }: Surroundings): string | undefined {
  if (isProtected) return `the context ${plan.context} is protected`;
  if (isReadOnly) return `the context ${plan.context} is read-only`;
  if (plan.undoes !== undefined) return 'it takes back what was done; that is a person’s to decide';
  if (plan.proposedBy !== undefined) return `${plan.proposedBy} made it; that is a person’s to decide`;
  const managed = plan.managedBy.find((m) => m.putsBack || m.by === 'a person');
  if (managed !== undefined)
    return managed.by === 'a person'
      ? `somebody is changing ${refWords(managed.resource)} by hand`
      : `${refWords(managed.resource)} comes from ${managed.by} (${managed.name}), which would put it back`;
  const objects = new Set(plan.actions.map((a) => refKey(a.target))).size;
  if (objects > mostObjects) return `it changes ${objects} objects, more than ${mostObjects}`;
  for (const { type, target, inverse } of plan.actions) {
    if (type === 'delete') return `it deletes ${refWords(target)}`;
    if (inverse === null) return `nothing could take back what it does to ${refWords(target)}`;
    if (!AUTOMATIC_KINDS.has(target.kind)) return `a ${target.kind} is not among the kinds that are changed without asking`;
    if (target.namespace === undefined || target.namespace.startsWith('kube-')) return `${refWords(target)} is part of the cluster itself`;
  }
  return undefined;
}

export const isByRule = (plan: Pick<Plan, 'decidedBy'>): boolean => plan.decidedBy?.startsWith(RULE_PREFIX) === true;

/** Why it is not automatic at this moment: quiet hours, what was spent of the budgets, what went wrong last time. */
function notNow(plan: RuledPlan, { quietHours, budgets }: AutonomyRules, { now, plans, maintenance }: Surroundings): string | undefined {
  for (const { target } of plan.actions) {
    const works = maintenance?.(target);
    if (works !== undefined) return `${refWords(target)} is in maintenance, announced by ${works.by}: ${works.reason}`;
  }
  const quiet = quietHours.find((w) => among(w.contexts, plan.context) && isWithin(w, now));
  if (quiet !== undefined) return `these are quiet hours (${quiet.from} to ${quiet.to} ${quiet.timezone})`;
  const here = plans.filter((p) => p.context === plan.context && p.id !== plan.id);
  const recent = here.filter((p) => isByRule(p) && now - Date.parse(p.decidedAt ?? '') < HOUR_MS);
  const spent = recent.reduce((n, p) => n + p.actions.length, 0);
  if (spent + plan.actions.length > budgets.perClusterPerHour)
    return `${spent} automatic changes were made in ${plan.context} within an hour, of ${budgets.perClusterPerHour}`;
  for (const { target } of plan.actions) {
    const key = refKey(target);
    const touching = (p: Plan) => p.actions.filter((a) => refKey(a.target) === key).length;
    const before = recent.reduce((n, p) => n + touching(p), 0);
    if (before + 1 > budgets.perWorkloadPerHour)
      return `${refWords(target)} was changed ${before} times within an hour without asking, of ${budgets.perWorkloadPerHour}`;
    const last = here
      .filter((p) => touching(p) > 0 && p.decidedAt !== undefined)
      .sort((a, b) => (a.decidedAt ?? '').localeCompare(b.decidedAt ?? ''))
      .at(-1);
    if (last !== undefined && isByRule(last) && WENT_WRONG.has(last.state))
      return `the last automatic change of ${refWords(target)} (${last.id}) did not help; a person decides first`;
  }
  return undefined;
}

const WENT_WRONG: ReadonlySet<Plan['state']> = new Set(['rolledBack', 'rollbackFailed', 'failed', 'needsReview']);
