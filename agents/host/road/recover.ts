import { type Action, type Envelope, type Plan, refWords } from '../../contract/index.ts';
import { find, isDone } from '../actions/json-patch.ts';
import { identityOf } from '../actions/target.ts';
import type { ReadableStore } from '../ports/store.ts';
import type { Rehearser } from '../ports/writer.ts';
import { pagesBack } from '../store/log-pages.ts';

interface Begun {
  readonly index: number;
  readonly inverse: boolean;
  readonly end: 'succeeded' | 'failed' | undefined;
}

/** What the log says about the actions of a plan, by key, in the order they were started. */
async function begunActions(store: ReadableStore, plan: string): Promise<readonly Begun[]> {
  const found: Envelope[] = [];
  for await (const page of pagesBack(store)) {
    const mine = page.filter((e) => 'plan' in e.event && e.event.plan === plan);
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

/** Of a plan that was on its way: what is to be said of it, and whether it is certain that all or nothing of it was done. */
export interface Interruption {
  readonly reason: string;
  readonly is: 'done' | 'not done' | 'unclear';
}

/**
 * What a person must know about a plan that was on its way when the process ended: what was carried out, what was sent without an answer,
 * and what the cluster shows of that now.
 */
export async function interruption(plan: Plan, store: ReadableStore, reader: Pick<Rehearser, 'read'>): Promise<Interruption> {
  const begun = await begunActions(store, plan.id);
  const doing = plan.state === 'rollingBack' ? 'being taken back' : 'being carried out';
  if (begun.length === 0)
    return {
      reason: `Quarterdeck ended while this plan was ${doing}; nothing of it was sent to the cluster.`,
      is: plan.state === 'acting' ? 'not done' : 'unclear',
    };
  const lines: string[] = [];
  const done = new Set<number>();
  for (const { index, inverse, end } of begun) {
    const action = plan.actions[index];
    if (action === undefined) continue;
    const what = inverse ? `taking back "${action.summary}"` : `"${action.summary}"`;
    if (end === 'succeeded') {
      lines.push(`${what} was carried out`);
      if (!inverse) done.add(index);
    } else if (end === 'failed') lines.push(`${what} failed`);
    else {
      const { words, isDone: there } = await shown(plan, action, reader);
      lines.push(`${what} was sent and no answer was recorded; ${words}`);
      if (there && !inverse) done.add(index);
    }
  }
  const left = plan.actions.length - new Set(begun.filter((b) => !b.inverse).map((b) => b.index)).size;
  if (plan.state === 'acting' && left > 0) lines.push(`${left} more ${left === 1 ? 'action was' : 'actions were'} not begun`);
  const all = plan.state === 'acting' && done.size === plan.actions.length && begun.every((b) => !b.inverse && b.end !== 'failed');
  return {
    reason: `Quarterdeck ended while this plan was ${doing}: ${lines.join('; ')}. ${all ? 'It is verified now.' : 'Nothing more is done by itself.'}`,
    is: all ? 'done' : 'unclear',
  };
}

/** What the cluster shows of a request whose answer nobody has heard. `isDone` only where that is certain. */
async function shown(
  plan: Plan,
  action: Action,
  reader: Pick<Rehearser, 'read'>,
): Promise<{ readonly words: string; readonly isDone: boolean }> {
  const live = await reader.read(plan.context, action.target);
  const name = refWords(action.target);
  if (!live.ok)
    return {
      words: live.failure.code === 'not-found' ? `${name} is not there now` : `${name} could not be read now (${live.failure.message})`,
      isDone: false,
    };
  const now = identityOf(live.value);
  if (action.type === 'delete')
    return {
      words:
        action.seen !== null && now?.uid === action.seen.uid && find(live.value, '/metadata/deletionTimestamp') === undefined
          ? `${name} is still there`
          : `${name} is being deleted, or is another object by now`,
      isDone: false,
    };
  // Somebody else may have created it.
  if (action.type === 'create') return { words: `${name} is there now`, isDone: false };
  if (isDone(action.spec, live.value)) return { words: `${name} shows the change`, isDone: now?.uid === action.seen?.uid };
  const same = action.seen !== null && now?.generation !== null && now?.generation === action.seen.generation;
  return {
    words: same ? `${name} is as it was before` : `${name} does not show exactly this change: compare it with the plan`,
    isDone: false,
  };
}
