import { type ActionSpec, type Json, type JsonPatchOp, RISKS, type Risk, refWords } from '../contract/index.ts';

export interface RiskInput {
  readonly actions: readonly ActionSpec[];
  /** The agent's own lower bound. */
  readonly atLeast: Risk;
  readonly protectedContext: boolean;
  /** Targets whose deletion loses nothing: a claim that was never bound. By index of the action. */
  readonly harmlessDeletes?: ReadonlySet<number>;
  /** What a controller would put back, in words: a fight with it is never a small thing. */
  readonly putBack?: readonly string[];
}

export interface RiskAnswer {
  readonly risk: Risk;
  readonly reasons: readonly string[];
}

type Found = readonly [Risk, string];

const MANY_ACTIONS = 3;
/** Kinds that say who may do what, or what may be created at all. */
const PERMISSION_KINDS = new Set(['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding', 'NetworkPolicy']);
/** Kinds whose change reaches every workload that reads or passes them. */
const SHARED_KINDS = new Set([
  'ConfigMap',
  'Secret',
  'ServiceAccount',
  'ResourceQuota',
  'LimitRange',
  'PodDisruptionBudget',
  'Ingress',
  'IngressClass',
  'Gateway',
  'HTTPRoute',
  'ValidatingWebhookConfiguration',
  'MutatingWebhookConfiguration',
  'CustomResourceDefinition',
  'APIService',
  'PriorityClass',
  'StorageClass',
]);
const level = (risk: Risk) => RISKS.indexOf(risk);
const higher = (a: Risk, b: Risk): Risk => (level(a) >= level(b) ? a : b);
/** Kubernetes reserves names with `kube-` for namespaces of its own. */
const ofTheCluster = (namespace: string) => namespace.startsWith('kube-');

function ofAction(action: ActionSpec, harmless: boolean): readonly Found[] {
  const name = refWords(action.target);
  const { kind, namespace } = action.target;
  const found: Found[] = [];
  switch (action.type) {
    case 'delete':
      if (!harmless) found.push(['destructive', `deletes ${name}`]);
      else if (kind === 'Pod') found.push(['medium', `deletes ${name}, which its owner makes anew`]);
      else found.push(['high', `deletes ${name}, which holds no data`]);
      break;
    case 'scale':
      if (action.replicas === 0) found.push(['high', `stops every pod of ${name}`]);
      break;
    case 'restart-rollout':
    case 'undo-rollout':
      found.push(['medium', `replaces the pods of ${name}`]);
      break;
    case 'patch':
      found.push(...ofPatch(action.ops, kind, name));
      break;
    case 'create':
      break;
  }
  if (PERMISSION_KINDS.has(kind)) found.push(['high', `${name} decides what others may do`]);
  if (namespace === undefined) found.push(['high', `${name} belongs to the whole cluster`]);
  else if (ofTheCluster(namespace)) found.push(['high', `${name} is part of the cluster itself`]);
  return found;
}

function ofPatch(ops: readonly JsonPatchOp[], kind: string, name: string): readonly Found[] {
  const found: Found[] = [];
  const changes = ops.filter((op) => op.op !== 'test');
  const touches = (path: string) => changes.some((op) => op.path === path || op.path.startsWith(`${path}/`) || op.path === '');
  if (touches('/spec/template') || touches('/spec/jobTemplate')) found.push(['medium', `replaces the pods of ${name}`]);
  if (changes.some((op) => op.path === '/spec/replicas' && 'value' in op && op.value === 0))
    found.push(['high', `stops every pod of ${name}`]);
  if (kind === 'Service') found.push(['medium', `changes where the traffic of ${name} goes`]);
  if (SHARED_KINDS.has(kind)) found.push(['medium', `reaches everything that uses ${name}`]);
  if (touches('/metadata/finalizers')) found.push(['destructive', `lets ${name} go without the clean-up its finalizers stand for`]);
  if (changes.some(loosens)) found.push(['high', `gives the containers of ${name} more rights`]);
  return found;
}

/** Fields of pods that take a wall down when they have this value; `remove` counts where the absent value is the looser one. */
const LOOSE: Readonly<Record<string, (value: Json) => boolean>> = {
  privileged: (v) => v === true,
  allowPrivilegeEscalation: (v) => v === true,
  runAsNonRoot: (v) => v === false,
  readOnlyRootFilesystem: (v) => v === false,
  runAsUser: (v) => v === 0,
  hostNetwork: (v) => v === true,
  hostPID: (v) => v === true,
  hostIPC: (v) => v === true,
  hostPath: () => true,
  add: (v) => Array.isArray(v) && v.every((x) => typeof x === 'string') && v.length > 0,
};
const LOOSER_WHEN_GONE =
  /\/(?:securityContext|allowPrivilegeEscalation|runAsNonRoot|readOnlyRootFilesystem|runAsUser|capabilities|drop)(?:\/|$)/;

function loosens(op: JsonPatchOp): boolean {
  if (op.op === 'test') return false;
  if (op.op === 'remove') return LOOSER_WHEN_GONE.test(op.path);
  if (/\/capabilities\/add(?:\/|$)/.test(op.path)) return true;
  return isLoose(op.path.split('/').at(-1) ?? '', op.value);
}

function isLoose(key: string, value: Json): boolean {
  if (Object.hasOwn(LOOSE, key) && LOOSE[key]?.(value) === true) return true;
  if (Array.isArray(value)) return value.some((v) => isLoose('', v));
  return typeof value === 'object' && value !== null && Object.entries(value).some(([k, v]) => isLoose(k, v));
}

/**
 * How dangerous a plan is. Rules, each with its reason; a rule can only raise the risk, and so can an agent, but none can lower it:
 * a plan with one more action is never less dangerous.
 */
export function riskOf({ actions, atLeast, protectedContext, harmlessDeletes = new Set(), putBack = [] }: RiskInput): RiskAnswer {
  const found = actions.flatMap((action, i) => ofAction(action, harmlessDeletes.has(i)));
  if (actions.length > MANY_ACTIONS) found.push(['high', `changes ${actions.length} objects`]);
  found.push(...putBack.map((reason): Found => ['medium', reason]));
  let risk = found.reduce<Risk>((r, [f]) => higher(r, f), atLeast);
  const reasons = [...new Set(found.map(([, reason]) => reason))];
  if (level(atLeast) > found.reduce((r, [f]) => Math.max(r, level(f)), 0)) reasons.push(`the remedy itself counts as ${atLeast}`);
  if (protectedContext) {
    risk = RISKS[Math.min(level(risk) + 1, RISKS.length - 1)] ?? 'destructive';
    reasons.push('the context is protected');
  }
  return { risk, reasons: reasons.length > 0 ? reasons : ['changes little, and that can be put back'] };
}

/** Whether `fix --yes` may approve it for the person at the keyboard. */
export function withinRisk(risk: Risk, most: Risk): boolean {
  return level(risk) <= level(most);
}
