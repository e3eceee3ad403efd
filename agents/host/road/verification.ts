import { type ErrorCode, type Plan, type ResourceRef, type Verdict, refKey, refWords } from '../../contract/index.ts';
import type { JudgeTask } from '../../core/verify.ts';
import { find } from '../actions/json-patch.ts';
import type { Clock } from '../ports/runtime.ts';
import type { Rehearser } from '../ports/writer.ts';

/** Subscribes to an agent's verdicts about a plan; returns the end of it. */
export type Judge = (task: Omit<JudgeTask, 'known'>, hear: (verdict: Verdict) => void) => () => void;

export interface VerificationParts {
  readonly clock: Clock;
  readonly judge: Judge;
  readonly reader: Pick<Rehearser, 'read'>;
}

/** The fault a plan is for: the object and, where it has one, the field. */
export interface Cause {
  readonly subject: ResourceRef;
  readonly field?: string | undefined;
}

export interface Verified {
  readonly holds: boolean;
  readonly because: string;
}

/** How long a plan may take to help, at least. */
export const VERIFY_MS = 120_000;
/** While the cluster cannot be reached nothing can be judged nor taken back: so long it is waited for. */
export const OFFLINE_MS = 900_000;
const OFFLINE_STEP_MS = 15_000;
const AGAIN_MS = 2_000;

/** What the actions left to look at: not what they deleted for good. */
export function lastingTargets(plan: Plan): readonly ResourceRef[] {
  const last = new Map(plan.actions.map((a) => [refKey(a.target), a]));
  return [...last.values()].filter((a) => a.type !== 'delete').map(({ target: { uid: _uid, ...ref } }) => ref);
}

export const DOWN: ReadonlySet<ErrorCode> = new Set(['cluster-unreachable', 'cluster-timeout']);

/**
 * Waits until the agent's verdict has been good for `stableForSeconds` without a break, and the objects can still be read then: done.
 * A hopeless verdict, or none that is good within the time a rollout may take, means it did not help. Silence is never good news.
 * `signal` ends it without an answer (null): the app is closing and goes on with it after the next start.
 */
export async function verification(
  plan: Plan,
  { subject, field }: Cause,
  parts: VerificationParts,
  signal: AbortSignal,
): Promise<Verified | null> {
  const { clock, judge, reader } = parts;
  const targets = lastingTargets(plan);
  const limit = Math.max(VERIFY_MS, await progressDeadline(plan, targets, reader)) + plan.stableForSeconds * 1000;
  return new Promise((resolve) => {
    const begun = clock.now();
    let because = `the agent ${plan.agent} has not given a verdict`;
    let stopHolding: (() => void) | undefined;
    let over = false;
    let late = false;
    const finish = (answer: Verified | null) => {
      if (over) return;
      over = true;
      stopHolding?.();
      stopWaiting();
      forget();
      signal.removeEventListener('abort', closing);
      resolve(answer);
    };
    const closing = () => finish(null);
    const tooLate = () => finish({ holds: false, because: `not well after ${Math.round((clock.now() - begun) / 1000)} s: ${because}` });
    const hold = (ms: number) => {
      stopHolding ??= clock.after(ms, () => void confirm());
    };
    /** The verdict was good all the time; now the cluster itself is asked, because a view may be of yesterday. */
    const confirm = async () => {
      const held = stopHolding;
      const reads = await Promise.all(targets.map(async (ref) => ({ ref, live: await parts.reader.read(plan.context, ref) })));
      if (over || stopHolding !== held) return;
      const lost = reads.find(({ live }) => !live.ok);
      if (lost === undefined) {
        finish({ holds: true, because: `${because}, for ${plan.stableForSeconds} s` });
        return;
      }
      stopHolding = undefined;
      because = lost.live.ok ? because : `${refWords(lost.ref)} could not be read: ${lost.live.failure.message}`;
      if (!lost.live.ok && !DOWN.has(lost.live.failure.code)) finish({ holds: false, because });
      else hold(AGAIN_MS);
    };
    const hear = (verdict: Verdict) => {
      if (over || verdict.plan !== plan.id) return;
      because = verdict.because;
      if (verdict.hopeless) finish({ holds: false, because });
      else if (verdict.holds) hold(plan.stableForSeconds * 1000);
      else {
        stopHolding?.();
        stopHolding = undefined;
        if (late) tooLate();
      }
    };
    const timeUp = async () => {
      const [target] = targets;
      const live = target === undefined ? undefined : await reader.read(plan.context, target);
      if (over) return;
      const down = live !== undefined && !live.ok && DOWN.has(live.failure.code);
      if (down && clock.now() - begun < limit + OFFLINE_MS) {
        stopWaiting = clock.after(OFFLINE_STEP_MS, () => void timeUp());
        return;
      }
      late = true;
      // What is good at this moment gets the rest of its time to prove it.
      if (stopHolding === undefined) tooLate();
    };
    let stopWaiting = clock.after(limit, () => void timeUp());
    signal.addEventListener('abort', closing, { once: true });
    const { id, context, agent, verify } = plan;
    let forget: () => void = () => undefined;
    const ended = judge(
      { plan: id, context, agent, codes: verify, subject, ...(field === undefined ? {} : { field }), targets: [...targets] },
      hear,
    );
    forget = ended;
    if (over) ended();
    if (signal.aborted) closing();
  });
}

/** Milliseconds a rollout of the targets may take by its own word; 0 where none says. */
async function progressDeadline(plan: Plan, targets: readonly ResourceRef[], reader: Pick<Rehearser, 'read'>): Promise<number> {
  const rollouts = targets.filter((t) => t.kind === 'Deployment');
  const reads = await Promise.all(rollouts.map((t) => reader.read(plan.context, t)));
  const seconds = reads.map((r) => (r.ok ? find(r.value, '/spec/progressDeadlineSeconds') : undefined));
  return 1000 * Math.max(0, ...seconds.filter((s) => typeof s === 'number'));
}
