import { type Action, type Envelope, type Plan, refWords } from '../../contract/index.ts';
import { find, isDone } from '../actions/json-patch.ts';
import { identityOf } from '../actions/target.ts';
import type { ReadableStore, Rehearser } from '../ports.ts';

/** Entries of the log read at once, going back from its end. */
const PAGE = 1_000;

interface Begun {
  readonly index: number;
  readonly inverse: boolean;
  readonly end: 'succeeded' | 'failed' | undefined;
}

/** What the log says about the actions of a plan, by key, in the order they were started. */
async function begunActions(store: ReadableStore, plan: string): Promise<readonly Begun[]> {
  const found: Envelope[] = [];
  for (let top = await store.lastSeq(); top > 0; top -= PAGE) {
    const from = Math.max(0, top - PAGE);
    const mine = (await store.events(from, top - from)).filter((e) => 'plan' in e.event && e.event.plan === plan);
    found.unshift(...mine);
    if (mine.some((e) => e.event.type === 'approval.resolved')) break;
  }
  const begun = new Map<string, Begun>();
  for (const { event } of found) {
    if (event.type === 'action.started') begun.set(event.key, { index: event.index, inverse: event.inverse, end: undefined });
    if (event.type !== 'action.succeeded' && event.type !== 'action.failed') continue;
    const known = begun.get(event.key);
    if (known !== undefined) begun.set(event.key, { ...known, end: event.type === 'action.succeeded' ? 'succeeded' : 'failed' });
  }
  return [...begun.values()];
}

/**
 * What a person must know about a plan that was on its way when the process ended: what was carried out, what was sent without an answer,
 * and what the cluster shows of that now.
 */
export async function interruption(plan: Plan, store: ReadableStore, reader: Pick<Rehearser, 'read'>): Promise<string> {
  const begun = await begunActions(store, plan.id);
  const doing = plan.state === 'rollingBack' ? 'being taken back' : 'being carried out';
  if (begun.length === 0) return `Quarterdeck ended while this plan was ${doing}; nothing of it was sent to the cluster.`;
  const lines: string[] = [];
  for (const { index, inverse, end } of begun) {
    const action = plan.actions[index];
    if (action === undefined) continue;
    const what = inverse ? `taking back "${action.summary}"` : `"${action.summary}"`;
    if (end === 'succeeded') lines.push(`${what} was carried out`);
    else if (end === 'failed') lines.push(`${what} failed`);
    else lines.push(`${what} was sent and no answer was recorded; ${await shown(plan, action, reader)}`);
  }
  const left = plan.actions.length - new Set(begun.filter((b) => !b.inverse).map((b) => b.index)).size;
  if (plan.state === 'acting' && left > 0) lines.push(`${left} more ${left === 1 ? 'action was' : 'actions were'} not begun`);
  return `Quarterdeck ended while this plan was ${doing}: ${lines.join('; ')}. Nothing more is done by itself.`;
}

async function shown(plan: Plan, action: Action, reader: Pick<Rehearser, 'read'>): Promise<string> {
  const live = await reader.read(plan.context, action.target);
  const name = refWords(action.target);
  if (!live.ok)
    return live.failure.code === 'not-found' ? `${name} is not there now` : `${name} could not be read now (${live.failure.message})`;
  const now = identityOf(live.value);
  if (action.type === 'delete')
    return action.seen !== null && now?.uid === action.seen.uid && find(live.value, '/metadata/deletionTimestamp') === undefined
      ? `${name} is still there`
      : `${name} is being deleted, or is another object by now`;
  if (action.type === 'create') return `${name} is there now`;
  if (isDone(action.spec, live.value)) return `${name} shows the change`;
  if (action.seen !== null && now?.generation !== null && now?.generation === action.seen.generation) return `${name} is as it was before`;
  return `${name} does not show exactly this change: compare it with the plan`;
}
