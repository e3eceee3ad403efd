import { KINDS, type ActionSpec } from '../../../contract/index.ts';
import { refWords } from '../../../contract/refs.ts';
import { sayPlan } from '../../../core/ask/compose.ts';
import { type Order, orderOf } from '../../../core/ask/orders.ts';
import { redact } from '../../../core/redact.ts';
import { proposeOwn } from '../../edits.ts';
import { findObject } from '../../objects/find-object.ts';
import type { AskParts, Turn } from '../turn.ts';
import { readingFor } from './reading-for.ts';

const CAN: Readonly<Record<Order['do'], readonly string[]>> = {
  restart: ['Deployment', 'StatefulSet', 'DaemonSet'],
  scale: ['Deployment', 'StatefulSet'],
  scaleSomehow: ['Deployment', 'StatefulSet'],
  other: [],
};

/** Makes a plan of what was ordered for one workload, which waits for its decision like any other. False where nothing of that kind was ordered. */
export async function tellOrder(parts: AskParts, turn: Turn): Promise<boolean> {
  const order = orderOf(turn.begun.question);
  const asked = order === undefined ? undefined : await readingFor(parts, turn);
  if (order === undefined || asked === undefined) return false;
  const { context, refs, reading } = asked;
  if (order.do === 'other') {
    const [first] = refs;
    const namespace = reading.mentions.namespaces.find((n) => n !== order.verb);
    const what = first !== undefined ? refWords(first) : namespace === undefined ? undefined : `namespace ${namespace}`;
    if (what === undefined) return false;
    turn.draft.say(
      'nobody',
      `To ${order.verb} ${what} is no order that is taken here; nothing was changed. A restart and a number of replicas become a plan, which you approve.`,
    );
    return true;
  }
  const able = refs.filter(({ kind }) => CAN[order.do].includes(kind));
  const [ref, ...others] = able;
  if (ref === undefined) return false;
  if (others.length > 0) {
    turn.draft.say('notThere', `Several are called so: ${able.map(refWords).join(', ')}. Say which, with its namespace.`);
    return true;
  }
  if (order.do === 'scaleSomehow') {
    turn.draft.say('notThere', `To how many? Say the number of replicas: scale ${ref.name} to 3. Nothing was changed.`);
    return true;
  }
  const found = await findObject(parts.ports.kube, context, `${ref.kind}/${ref.name}`, ref.namespace === undefined ? [] : [ref.namespace]);
  if (!found.ok) {
    turn.failed('notThere', found.failure);
    return true;
  }
  const target = { ...found.value, resource: KINDS[ref.kind as keyof typeof KINDS].resource };
  const spec: ActionSpec =
    order.do === 'restart' ? { type: 'restart-rollout', target } : { type: 'scale', target, replicas: order.replicas };
  turn.tell('Preparing a plan');
  const because = `It was asked for: ${redact(turn.begun.question)}`;
  const plan = await proposeOwn({ context, by: 'ask', remedy: 'order', spec, because }, parts);
  turn.isAbout({ resource: `${ref.kind}/${ref.name}` });
  if (!plan.ok) {
    turn.failed('nobody', plan.failure);
    return true;
  }
  turn.foundIn('plan');
  turn.offer({ plans: [plan.value] });
  sayPlan(turn.draft, plan.value);
  return true;
}
