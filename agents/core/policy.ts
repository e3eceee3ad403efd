import { type ActionSpec, RISKS, type Risk, refWords } from '../contract/index.ts';

export interface RiskInput {
  readonly actions: readonly ActionSpec[];
  /** The agent's own lower bound. */
  readonly atLeast: Risk;
  readonly protectedContext: boolean;
  /** Targets whose deletion loses nothing: a claim that was never bound. By index of the action. */
  readonly harmlessDeletes?: ReadonlySet<number>;
}

export interface RiskAnswer {
  readonly risk: Risk;
  readonly reasons: readonly string[];
}

const CLUSTER_NAMESPACES = new Set(['kube-system', 'kube-public', 'kube-node-lease']);
const MANY_ACTIONS = 3;
const level = (risk: Risk) => RISKS.indexOf(risk);
export const higher = (a: Risk, b: Risk): Risk => (level(a) >= level(b) ? a : b);

function ofAction(action: ActionSpec, harmless: boolean): readonly [Risk, string][] {
  const name = refWords(action.target);
  const found: [Risk, string][] = [];
  if (action.type === 'delete')
    found.push(harmless ? ['high', `deletes ${name}, which holds no data, and creates it anew`] : ['destructive', `deletes ${name}`]);
  if (action.type === 'scale' && action.replicas === 0) found.push(['high', `stops every pod of ${name}`]);
  if (action.type === 'restart-rollout' || action.type === 'undo-rollout') found.push(['medium', `replaces the pods of ${name}`]);
  if (action.type === 'patch') {
    const paths = action.ops.filter((op) => op.op !== 'test').map((op) => op.path);
    if (paths.some((p) => p.startsWith('/spec/template'))) found.push(['medium', `replaces the pods of ${name}`]);
    if (action.target.kind === 'Service') found.push(['medium', `changes where the traffic of ${name} goes`]);
  }
  if (action.target.namespace === undefined) found.push(['high', `${name} belongs to the whole cluster`]);
  else if (CLUSTER_NAMESPACES.has(action.target.namespace)) found.push(['high', `${name} is part of the cluster itself`]);
  return found;
}

/**
 * How dangerous a plan is. Rules, each with its reason; a rule can only raise the risk, and so can an agent, but none can lower it.
 */
export function riskOf({ actions, atLeast, protectedContext, harmlessDeletes = new Set() }: RiskInput): RiskAnswer {
  const found = actions.flatMap((action, i) => ofAction(action, harmlessDeletes.has(i)));
  if (actions.length > MANY_ACTIONS) found.push(['high', `changes ${actions.length} objects`]);
  let risk = found.reduce<Risk>((r, [f]) => higher(r, f), atLeast);
  const reasons = [...new Set(found.map(([, reason]) => reason))];
  if (protectedContext) {
    risk = RISKS[Math.min(level(risk) + 1, RISKS.length - 1)] ?? 'destructive';
    reasons.push('the context is protected');
  }
  return { risk, reasons: reasons.length > 0 ? reasons : ['changes one field that can be put back'] };
}

/** Whether `fix --yes` may approve it for the person at the keyboard. */
export function withinRisk(risk: Risk, most: Risk): boolean {
  return level(risk) <= level(most);
}
