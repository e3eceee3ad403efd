import type { ContextName } from '../../contract/index.ts';
import type { NamedRef } from '../../core/ask/answering.ts';
import type { Mentions } from '../../core/ask/mentions.ts';
import { findObject } from '../objects/find-object.ts';
import type { Kube } from '../ports/kube.ts';
import type { Turn } from './turn.ts';

const WORKLOADS = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob']);

/** What is looked at, as far as it is narrower than a whole cluster. */
export interface Meant {
  /** KIND/NAME, where exactly one thing is meant. */
  readonly resource?: string;
  readonly refs?: readonly NamedRef[];
  /** What it is called in the answer. */
  readonly label?: string;
  /** One workload among what was named: what was looked for there and not found can be told too. */
  readonly workload?: string;
}

/** A context that the question names. */
export async function contextNamed(kube: Pick<Kube, 'kubeconfig'>, question: string): Promise<ContextName | undefined> {
  const words = new Set(question.toLowerCase().match(/[a-z0-9][a-z0-9._@:/-]*[a-z0-9]|[a-z0-9]/g));
  const { contexts } = await kube.kubeconfig();
  return contexts.find((c) => words.has(c.name.toLowerCase()) || (c.alias !== null && words.has(c.alias.toLowerCase())))?.name;
}

/** What the names in the question mean in this cluster. Undefined where that was said to be nothing. */
export async function meantBy(
  kube: Pick<Kube, 'table'>,
  turn: Turn,
  context: ContextName,
  { exact, objects, unknown }: Mentions,
): Promise<Meant | undefined> {
  const { namespaces } = turn.about;
  const [named] = exact;
  if (named !== undefined) return theOne(kube, turn, context, named);
  const [first] = objects;
  // A name that only a pod may have: pods come and go, and are not among the names.
  if (first === undefined && unknown[0] !== undefined) return theOne(kube, turn, context, { kind: 'Pod', name: unknown[0], guessed: true });
  if (first === undefined) return namespaces.length === 0 ? {} : { label: `namespace ${namespaces.join(', ')}` };
  const within = objects.filter((o) => namespaces.length === 0 || o.namespace === undefined || namespaces.includes(o.namespace));
  if (within.length === 0) {
    const where = [...new Set(objects.flatMap((o) => o.namespace ?? []))].join(', ');
    turn.draft.say('notThere', `There is no ${first.name} in namespace ${namespaces.join(', ')}; there is one in ${where}.`);
    return undefined;
  }
  const label = [...new Set(within.map((o) => o.name))].join(' and ');
  const isOne = new Set(within.map((o) => `${o.namespace ?? ''}/${o.name}`)).size === 1;
  const workload = isOne ? within.find((o) => WORKLOADS.has(o.kind)) : undefined;
  return { refs: within, label, ...(workload === undefined ? {} : { workload: `${workload.kind}/${workload.name}` }) };
}

interface One {
  readonly kind: string;
  readonly name: string;
  /** Nobody said that it is of this kind. */
  readonly guessed?: boolean;
}

async function theOne(
  kube: Pick<Kube, 'table'>,
  turn: Turn,
  context: ContextName,
  { kind, name, guessed = false }: One,
): Promise<Meant | undefined> {
  const resource = `${kind}/${name}`;
  const found = await findObject(kube, context, resource, turn.about.namespaces);
  if (found.ok) {
    const { namespace = '' } = found.value;
    return { resource, refs: [found.value], label: `${found.value.kind} ${namespace}/${found.value.name}`.replace(' /', ' ') };
  }
  const { failure } = found;
  if (guessed && failure.hint?.startsWith('Did you mean') !== true) turn.draft.say('notThere', `Nothing in ${context} is called ${name}.`);
  else turn.failed('notThere', failure);
  return undefined;
}
