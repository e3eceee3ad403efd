import type { Failure, HostEvent, Plan, PlanState } from '../../contract/index.ts';
import { type RoadEvent, isSettled, nextState } from '../../core/remediation.machine.ts';
import type { Clock } from '../ports/runtime.ts';
import type { WritableStore } from '../ports/store.ts';
import { draftKeyOf } from './plan-hash.ts';

/**
 * The plans as they are, and the only place where one changes its state: each change is a step the chart allows, stored together with
 * the events that say so, before anybody acts on it. What cannot be stored has not happened.
 */
export class PlanLedger {
  readonly #store: WritableStore;
  readonly #clock: Clock;
  /** Plans that are not settled. */
  readonly #open = new Map<string, Plan>();
  /** The newest settled plan of each proposal, by `draftKeyOf`. */
  readonly #ended = new Map<string, Plan>();
  /** Plans whose last state is not in the store, because it cannot be written. */
  readonly #stranded = new Map<string, Plan>();
  readonly #waiting = new Map<string, Set<(plan: Plan) => void>>();

  constructor(store: WritableStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  async load(): Promise<void> {
    for (const plan of await this.#store.plans()) {
      if (!isSettled(plan.state)) this.#open.set(plan.id, plan);
      else this.#ended.set(draftKeyOf(plan), plan);
    }
  }

  open(): readonly Plan[] {
    return [...this.#open.values()];
  }

  async get(id: string): Promise<Plan | undefined> {
    return this.#open.get(id) ?? this.#stranded.get(id) ?? (await this.#store.plan(id));
  }

  /** How the same proposal ended last. */
  ended(key: string): Plan | undefined {
    return this.#ended.get(key);
  }

  forget(key: string): void {
    this.#ended.delete(key);
  }

  /** A new plan, in the state to which its preparation led. Rejects when it cannot be stored. */
  async add(plan: Plan, events: readonly HostEvent[]): Promise<Plan> {
    await this.#store.appendWithPlan(events, plan);
    this.#keep(plan);
    return plan;
  }

  /** Values of a plan that are no step on the road. */
  async amend(plan: Plan, changes: Partial<Plan>, events: readonly HostEvent[]): Promise<Plan> {
    const next = { ...plan, ...changes, state: plan.state, hash: plan.hash };
    await this.#store.appendWithPlan(events, next);
    this.#keep(next);
    return next;
  }

  /** @throws Error when the chart does not allow the step: a fault of ours, never shown as an outcome. */
  stateAfter(plan: Plan, event: RoadEvent): PlanState {
    const state = nextState(plan.state, plan.hash, event);
    if (state === undefined) throw new Error(`the road has no way from ${plan.state} by ${event.type} (${plan.id})`);
    return state;
  }

  /** One step on the road, stored with its events. Rejects when it cannot be stored; the plan then is where it was. */
  async move(plan: Plan, event: RoadEvent, changes: Partial<Plan>, events: readonly HostEvent[]): Promise<Plan> {
    const state = this.stateAfter(plan, event);
    const settledAt = isSettled(state) ? { settledAt: this.now() } : {};
    const next: Plan = { ...plan, ...changes, ...settledAt, state, hash: plan.hash };
    const last: readonly HostEvent[] = SAID.has(state)
      ? [{ type: 'plan.settled', context: plan.context, plan: plan.id, state, because: next.reason ?? '' }]
      : [];
    await this.#store.appendWithPlan([...events, ...last], next);
    this.#keep(next);
    return next;
  }

  /** The log cannot be written while a plan is on its way: those who wait are told; the store says so after the next start. */
  strand(plan: Plan, failure: Failure): void {
    const reason = `The event log could not be written while this plan was on its way, so nothing more was sent: ${failure.message}`;
    const stranded = { ...plan, state: STRANDED, reason, failure, settledAt: this.now() };
    this.#stranded.set(plan.id, stranded);
    this.#keep(stranded);
  }

  /** Calls back once when the plan is settled. Returns the cancel. */
  onSettled(id: string, hear: (plan: Plan) => void): () => void {
    const listeners = this.#waiting.get(id) ?? new Set();
    listeners.add(hear);
    this.#waiting.set(id, listeners);
    return () => {
      listeners.delete(hear);
      if (listeners.size === 0) this.#waiting.delete(id);
    };
  }

  now(): string {
    return new Date(this.#clock.now()).toISOString();
  }

  #keep(plan: Plan): void {
    if (!isSettled(plan.state)) {
      this.#open.set(plan.id, plan);
      return;
    }
    this.#open.delete(plan.id);
    this.#ended.set(draftKeyOf(plan), plan);
    const listeners = this.#waiting.get(plan.id);
    this.#waiting.delete(plan.id);
    for (const hear of listeners ?? []) hear(plan);
  }
}

/** Where the chart puts a plan that was on its way when everything ended; without a log that is so for us. */
const STRANDED: PlanState = 'needsReview';

/** Ends that no other event says. */
const SAID: ReadonlySet<PlanState> = new Set(['done', 'rolledBack', 'rollbackFailed', 'failed', 'needsReview']);
