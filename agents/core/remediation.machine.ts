import { initialTransition, setup, transition } from 'xstate';
import type { PlanState } from '../contract/index.ts';

/** What moves a plan along the road. `approve` carries the hash that was shown; the guard compares it with the plan's own. */
export type RoadEvent =
  | { readonly type: 'preflight.passed' }
  | { readonly type: 'refuse' }
  | { readonly type: 'dryRun.passed' }
  | { readonly type: 'approve'; readonly hash: string }
  | { readonly type: 'reject' }
  | { readonly type: 'expire' }
  | { readonly type: 'abandon' }
  | { readonly type: 'actions.done' }
  | { readonly type: 'action.failed' }
  | { readonly type: 'nothing.done' }
  | { readonly type: 'verified' }
  | { readonly type: 'not.verified' }
  | { readonly type: 'rollback.done' }
  | { readonly type: 'rollback.failed' }
  /** All agents are held, and something is left to be done. */
  | { readonly type: 'hold' }
  /** The process ended while the plan was on its way. */
  | { readonly type: 'restore' };

/**
 * The one road from a plan to a cluster. It holds no effects: the host asks it whether a step is allowed and then takes the step, so
 * that an order nobody thought of is refused here. A plan that was acting when the process ended never goes on acting: it is held against
 * the cluster, and then is failed where nothing was sent, verified where all was done, and else needs review. One that was verifying only
 * reads, so it may go on reading.
 */
export const remediationMachine = setup({
  types: { context: {} as { readonly hash: string }, events: {} as RoadEvent, input: {} as { readonly hash: string } },
  guards: { sameHash: ({ context, event }) => event.type === 'approve' && event.hash !== '' && event.hash === context.hash },
}).createMachine({
  id: 'remediation',
  context: ({ input }) => ({ hash: input.hash }),
  initial: 'preflight',
  states: {
    preflight: { on: { 'preflight.passed': 'dryRunning', refuse: 'refused', abandon: 'abandoned', restore: 'abandoned' } },
    dryRunning: { on: { 'dryRun.passed': 'awaitingApproval', refuse: 'refused', abandon: 'abandoned', restore: 'abandoned' } },
    awaitingApproval: {
      on: {
        approve: { target: 'acting', guard: 'sameHash' },
        reject: 'rejected',
        expire: 'expired',
        abandon: 'abandoned',
        restore: 'awaitingApproval',
      },
    },
    acting: {
      on: {
        'actions.done': 'verifying',
        'action.failed': 'rollingBack',
        'nothing.done': 'failed',
        hold: 'needsReview',
        restore: 'needsReview',
      },
    },
    verifying: { on: { verified: 'done', 'not.verified': 'rollingBack', hold: 'needsReview', restore: 'verifying' } },
    rollingBack: {
      on: { 'rollback.done': 'rolledBack', 'rollback.failed': 'rollbackFailed', hold: 'needsReview', restore: 'needsReview' },
    },
    refused: { type: 'final' },
    rejected: { type: 'final' },
    expired: { type: 'final' },
    abandoned: { type: 'final' },
    done: { type: 'final' },
    rolledBack: { type: 'final' },
    rollbackFailed: { type: 'final' },
    failed: { type: 'final' },
    needsReview: { type: 'final' },
  },
});

/** Where a plan begins. */
export const firstState = (hash: string): PlanState => initialTransition(remediationMachine, { hash })[0].value as PlanState;

/** The state after an event, or undefined when the road does not allow it from there: nothing is ignored in silence. */
export function nextState(state: PlanState, hash: string, event: RoadEvent): PlanState | undefined {
  const snapshot = remediationMachine.resolveState({ value: state, context: { hash } });
  if (!snapshot.can(event)) return undefined;
  return transition(remediationMachine, snapshot, event)[0].value as PlanState;
}

/** At the end of the road: no event moves it any more. */
export const isSettled = (state: PlanState): boolean => remediationMachine.states[state]?.type === 'final';
