import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PLAN_STATES, type PlanState } from '../contract/index.ts';
import { type RoadEvent, firstState, isSettled, nextState, remediationMachine } from './remediation.machine.ts';

const HASH = 'a'.repeat(64);
const event: fc.Arbitrary<RoadEvent> = fc.oneof(
  fc
    .constantFrom(
      'preflight.passed',
      'refuse',
      'dryRun.passed',
      'reject',
      'expire',
      'abandon',
      'actions.done',
      'action.failed',
      'nothing.done',
      'verified',
      'not.verified',
      'rollback.done',
      'rollback.failed',
      'hold',
      'restore',
    )
    .map((type) => ({ type }) as RoadEvent),
  fc.constantFrom(HASH, 'b'.repeat(64), '').map((hash) => ({ type: 'approve' as const, hash })),
);

/** A walk in which what the road refuses leaves the plan where it is, as the host does. */
function walk(events: readonly RoadEvent[]): { readonly state: PlanState; readonly event: RoadEvent; readonly next: PlanState }[] {
  let state = firstState(HASH);
  const steps = [];
  for (const e of events) {
    const next = nextState(state, HASH, e);
    if (next === undefined) continue;
    steps.push({ state, event: e, next });
    state = next;
  }
  return steps;
}

test('the chart has exactly the states of the contract', () => {
  expect(Object.keys(remediationMachine.states).sort()).toEqual([...PLAN_STATES].sort());
});

test('the good road', () => {
  const states = walk([
    { type: 'preflight.passed' },
    { type: 'dryRun.passed' },
    { type: 'approve', hash: HASH },
    { type: 'actions.done' },
    { type: 'verified' },
  ]).map((s) => s.next);
  expect(states).toEqual(['dryRunning', 'awaitingApproval', 'acting', 'verifying', 'done']);
});

test('nothing acts but by an approval of that very hash', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), (events) => {
      for (const { state, event: by, next } of walk(events))
        if (next === 'acting') expect([state, by]).toEqual(['awaitingApproval', { type: 'approve', hash: HASH }]);
    }),
    { numRuns: 2000 },
  );
});

test('a plan is done, rolled back or failed only after it acted', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), (events) => {
      const steps = walk(events);
      const end = steps.at(-1)?.next;
      if (end !== undefined && ['verifying', 'done', 'rollingBack', 'rolledBack', 'rollbackFailed', 'failed', 'needsReview'].includes(end))
        expect(steps.some((s) => s.next === 'acting')).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test('a settled plan stays as it is, whatever comes', () => {
  const settled = PLAN_STATES.filter(isSettled);
  expect(settled).toHaveLength(9);
  fc.assert(fc.property(fc.constantFrom(...settled), event, (state, e) => nextState(state, HASH, e) === undefined));
});

test('a plan without a hash cannot be approved by an empty one', () => {
  expect(nextState('awaitingApproval', '', { type: 'approve', hash: '' })).toBeUndefined();
});

test.each([
  ['preflight', 'abandoned'],
  ['dryRunning', 'abandoned'],
  ['awaitingApproval', 'awaitingApproval'],
  ['acting', 'needsReview'],
  ['verifying', 'verifying'],
  ['rollingBack', 'needsReview'],
] as const)('after a restart, %s becomes %s', (state, next) => {
  expect(nextState(state, HASH, { type: 'restore' })).toBe(next);
});
