import { KINDS, type ActionSpec } from '../../../contract/index.ts';
import { refWords } from '../../../contract/refs.ts';
import { sayPlan } from '../../../core/ask/compose.ts';
import { type Order, orderOf } from '../../../core/ask/orders.ts';
import { proposeOwn } from '../../edits.ts';
import { findObject } from '../../objects/find-object.ts';
import type { AskParts, Turn } from '../turn.ts';
import { readingFor } from './reading-for.ts';

const CAN: Readonly<Record<Order['do'], readonly string[]>> = {
  restart: ['Deployment', 'StatefulSet', 'DaemonSet'],
  scale: ['Deployment', 'StatefulSet'],
};

/** Makes a plan of what was ordered for one workload, which waits for its decision like any other. False where nothing of that kind was ordered. */
export async function tellOrder(parts: AskParts, turn: Turn): Promise<boolean> {
  const order = orderOf(turn.begun.question);
  const asked = order === undefined ? undefined : await readingFor(parts, turn);
  if (order === undefined || asked === undefined) return false;
  const { context, refs } = asked;
  const able = refs.filter(({ kind }) => CAN[order.do].includes(kind));
  const [ref, ...others] = able;
  if (ref === undefined) return false;
  if (others.length > 0) {
    turn.draft.say('notThere', `Several are called so: ${able.map(refWords).join(', ')}. Say which, with its namespace.`);
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
  const because = `It was asked for: ${turn.begun.question}`;
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
