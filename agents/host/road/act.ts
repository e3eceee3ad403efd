import {
  type Action,
  type ActionSpec,
  type ContextName,
  type Failure,
  type HostEvent,
  type Json,
  type Outcome,
  type Plan,
  refKey,
  refWords,
} from '../../contract/index.ts';
import { actionKind } from '../actions/index.ts';
import { find, isDone } from '../actions/json-patch.ts';
import { type Seen, failed, identityOf, sameState } from '../actions/target.ts';
import type { Clock } from '../ports/runtime.ts';
import type { PreparedAction } from '../ports/action.ts';
import type { Writer } from '../ports/writer.ts';
import { TRIES, mayHaveHappened, shows, wasWritten } from './applied.ts';
import { StoreError } from '../store/failures.ts';

/** How long a deleted object may take to be gone before its successor is created. */
const GONE_MS = 60_000;
/** Pauses before trying again, milliseconds. */
const PAUSES = [500, 1_000, 2_000, 4_000];

export interface ActingParts {
  readonly writer: Writer;
  readonly clock: Clock;
  /** Asked before each request: why nothing may be sent now, if so. */
  readonly held: () => Failure | undefined;
  /** Stores the plan's actions as they now are together with the event. Rejects when it cannot. */
  readonly record: (plan: Plan, changes: Partial<Plan>, event: HostEvent) => Promise<Plan>;
}

interface Step {
  readonly plan: Plan;
  readonly index: number;
  /** Used once in the life of a data directory: the store refuses to start it again. */
  readonly key: string;
  readonly inverse: boolean;
  readonly spec: ActionSpec;
}

type Done = { readonly plan: Plan; readonly prepared: PreparedAction; readonly answer: Json };
/** `happened` is false only where it is certain that the cluster is as before. */
type Undone = { readonly plan: Plan; readonly failure: Failure; readonly happened: boolean };

/**
 * Carries out the actions of an approved plan, and takes them back. Before each request its key is on the disk; a request whose answer
 * got lost is looked up in the cluster, never sent again blindly.
 */
export class Actor {
  readonly #parts: ActingParts;

  constructor(parts: ActingParts) {
    this.#parts = parts;
  }

  /**
   * All actions in order; stops at the first that fails. `touched` counts the actions that were, or may have been, carried out. Rejects
   * with a StoreError when the log cannot be written; then nothing more was sent.
   */
  async act(plan: Plan): Promise<{ readonly plan: Plan; readonly touched: number; readonly failure: Failure | undefined }> {
    const expected = new Map<string, Seen | null>();
    for (const { target, seen } of plan.actions) if (!expected.has(refKey(target))) expected.set(refKey(target), seen);
    let now = plan;
    for (const [index, action] of plan.actions.entries()) {
      const key = refKey(action.target);
      const replaces =
        action.type === 'create' && plan.actions.slice(0, index).some((a) => a.type === 'delete' && refKey(a.target) === key);
      if (replaces) {
        const gone = await this.#untilGone(plan.context, action);
        if (!gone.ok) return { plan: now, touched: index, failure: gone.failure };
      }
      const outcome = await this.#carryOut(
        { plan: now, index, key: `${plan.id}/${index}`, inverse: false, spec: action.spec },
        replaces ? null : (expected.get(key) ?? null),
      );
      now = outcome.plan;
      if ('failure' in outcome) return { plan: now, touched: outcome.happened ? index + 1 : index, failure: outcome.failure };
      expected.set(key, await this.#stateAfter(plan.context, outcome));
    }
    return { plan: now, touched: now.actions.length, failure: undefined };
  }

  /** Takes the first `touched` actions back, the last one first. Goes on after a failure, so that as much as possible is put back; not once all agents are held. */
  async takeBack(plan: Plan, touched: number): Promise<{ readonly plan: Plan; readonly failures: readonly Failure[] }> {
    const failures: Failure[] = [];
    let now = plan;
    for (let index = touched - 1; index >= 0; index--) {
      const action = now.actions[index];
      if (action === undefined) continue;
      if (action.inverse === null) {
        failures.push({ code: 'plan-refused', message: `${action.summary}: ${action.undo}.` });
        continue;
      }
      for (const [nth, spec] of action.inverse.entries()) {
        if (await this.#isBack(plan.context, spec)) continue;
        const drifted = await this.#driftedScale(plan.context, action, spec);
        if (drifted !== undefined) {
          failures.push(drifted);
          continue;
        }
        if (spec.type === 'create') {
          const gone = await this.#untilGone(plan.context, action);
          if (!gone.ok) {
            failures.push(gone.failure);
            continue;
          }
        }
        const key = `${plan.id}/${index}/undo/${nth}`;
        const outcome = await this.#carryOut({ plan: now, index, key, inverse: true, spec }, undefined);
        now = outcome.plan;
        if ('failure' in outcome) failures.push(outcome.failure);
        if ('failure' in outcome && outcome.failure.code === 'held') return { plan: now, failures };
      }
    }
    return { plan: now, failures };
  }

  /** `expected` is the state the target must be in: null for "not there", undefined for any (the inverse carries its own tests). */
  async #carryOut(step: Step, expected: Seen | null | undefined): Promise<Done | Undone> {
    const { plan, index, key, inverse, spec } = step;
    const { writer, record, held } = this.#parts;
    const event = { context: plan.context, plan: plan.id, index, key, inverse };
    let now = plan;
    let started = false;
    const give = async (failure: Failure, happened: boolean): Promise<Undone> => {
      if (started) now = await record(now, {}, { type: 'action.failed', ...event, failure });
      return { plan: now, failure, happened };
    };
    for (let attempt = 0; ; attempt++) {
      const ready = await this.#prepare(plan.context, spec, expected, inverse);
      if (!ready.ok) return give(ready.failure, false);
      const { prepared, after } = ready.value;
      const early = held();
      if (early !== undefined) return give(early, false);
      if (!started) {
        now = await record(now, {}, { type: 'action.started', ...event, target: spec.target, summary: prepared.summary });
        started = true;
      }
      const late = held();
      if (late !== undefined) return give(late, false);
      const written = await this.#write(writer, plan.context, prepared);
      if (written.ok) return this.#succeeded(step, now, prepared, written.value);
      const { failure } = written;
      if (mayHaveHappened(failure.code)) {
        const live = await this.#look(plan.context, spec);
        if (live === undefined)
          return give(
            {
              ...failure,
              message: `No answer came, and ${refWords(spec.target)} could not be read: it is not known whether it was changed. ${failure.message}`,
            },
            true,
          );
        if (!shows(prepared.request, prepared.before, after, live.value)) return give(failure, false);
        return this.#succeeded(step, now, prepared, live.value ?? null);
      }
      // Refused for a passing reason: surely not carried out, so it may be sent again under the same key.
      const passing = wasWritten(failure.code, spec) || (failure.code === 'too-many-requests' && spec.type !== 'create');
      if (failure.code === 'invalid') {
        // A server does not say which test failed: the object as it is now does.
        const why = await this.#prepareOnce(plan.context, spec, expected);
        return give(why.ok ? failure : why.failure, false);
      }
      if (!passing || attempt + 1 >= TRIES) return give(failure, false);
      await this.#pause(PAUSES[attempt] ?? 0);
    }
  }

  async #succeeded(step: Step, plan: Plan, prepared: PreparedAction, answer: Json): Promise<Done> {
    const { index, key, inverse } = step;
    const version = find(answer, '/metadata/resourceVersion');
    const event: HostEvent = {
      type: 'action.succeeded',
      context: plan.context,
      plan: plan.id,
      index,
      key,
      inverse,
      resourceVersion: typeof version === 'string' ? version : '',
    };
    const changes = inverse
      ? {}
      : { actions: plan.actions.map((a, i) => (i === index ? { ...a, inverse: inverseOf(prepared, answer, a) } : a)) };
    return { plan: await this.#parts.record(plan, changes, event), prepared, answer };
  }

  /** The request from the object as it is now, with the server's word on what it would become. Nothing is changed. */
  async #prepare(
    context: ContextName,
    spec: ActionSpec,
    expected: Seen | null | undefined,
    patient: boolean,
  ): Promise<Outcome<{ readonly prepared: PreparedAction; readonly after: Json }>> {
    for (let attempt = 0; ; attempt++) {
      const outcome = await this.#prepareOnce(context, spec, expected);
      if (outcome.ok || attempt >= PAUSES.length) return outcome;
      const { code } = outcome.failure;
      // What people set is looked at again with what is read anew.
      const moved = wasWritten(code, spec) && attempt + 1 < TRIES;
      // To take something back is worth waiting for a network that comes and goes; to begin something is not.
      if (!moved && !(patient && mayHaveHappened(code))) return outcome;
      await this.#pause(PAUSES[attempt] ?? 0);
    }
  }

  async #prepareOnce(context: ContextName, spec: ActionSpec, expected: Seen | null | undefined) {
    const prepared = await actionKind(spec).prepare(spec, context, this.#parts.writer);
    if (!prepared.ok) return prepared;
    const { request, before } = prepared.value;
    const seen = before === null ? null : identityOf(before);
    if (expected !== undefined && !(expected === null ? seen === null : seen !== null && sameState(expected, seen)))
      return failed({
        code: 'plan-drifted',
        message: `${refWords(spec.target)} has changed since the plan was approved.`,
        hint: 'Diagnose again; a new plan is made for it as it is now.',
      });
    const answer = await this.#parts.writer.dryRun(context, request);
    return answer.ok ? ({ ok: true, value: { prepared: prepared.value, after: prepared.value.after(answer.value) } } as const) : answer;
  }

  /** A transport that throws has perhaps sent: that is a lost answer, not a crash of the plan. */
  async #write(writer: Writer, context: ContextName, { request }: PreparedAction): Promise<Outcome<Json>> {
    try {
      return await writer.write(context, request);
    } catch (error) {
      if (error instanceof StoreError) throw error;
      return failed({ code: 'internal', message: `The request broke off: ${error instanceof Error ? error.message : String(error)}` });
    }
  }

  /** The live object; `value` undefined when it is not there; undefined when it could not be read. */
  async #look(context: ContextName, spec: ActionSpec): Promise<{ readonly value: Json | undefined } | undefined> {
    for (let attempt = 0; ; attempt++) {
      const live = await this.#parts.writer.read(context, spec.target);
      if (live.ok) return { value: live.value };
      if (live.failure.code === 'not-found') return { value: undefined };
      if (attempt >= PAUSES.length) return undefined;
      await this.#pause(PAUSES[attempt] ?? 0);
    }
  }

  async #stateAfter(context: ContextName, { prepared, answer }: Done): Promise<Seen | null> {
    // A Scale is not the workload: it has no generation.
    if (prepared.request.subresource === undefined) return identityOf(answer);
    const live = await this.#parts.writer.read(context, prepared.request.target);
    return live.ok ? identityOf(live.value) : null;
  }

  /** Whether the cluster already is as an inverse would make it: the action never happened, or somebody has put it back. */
  async #isBack(context: ContextName, inverse: ActionSpec): Promise<boolean> {
    const live = await this.#parts.writer.read(context, inverse.target);
    if (!live.ok) return inverse.type === 'delete' && live.failure.code === 'not-found';
    if (inverse.type === 'undo-rollout') {
      const prepared = await actionKind(inverse).prepare({ ...inverse, onlyIf: undefined }, context, this.#parts.writer);
      return !prepared.ok && prepared.failure.code === 'plan-drifted';
    }
    if (inverse.type === 'create') return find(live.value, '/metadata/deletionTimestamp') === undefined;
    return isDone(inverse, live.value);
  }

  /** A replica count that is not the one we set any more belongs to whoever set it since. */
  async #driftedScale(context: ContextName, action: Action, inverse: ActionSpec): Promise<Failure | undefined> {
    if (action.spec.type !== 'scale' || inverse.type !== 'scale') return undefined;
    const live = await this.#parts.writer.read(context, inverse.target);
    if (!live.ok) return undefined;
    const replicas = find(live.value, '/spec/replicas') ?? 1;
    if (replicas === action.spec.replicas) return undefined;
    return {
      code: 'plan-drifted',
      message: `${refWords(inverse.target)} has ${String(replicas)} replicas now; the plan had set ${action.spec.replicas}, so it is left as it is.`,
    };
  }

  async #untilGone(context: ContextName, { target }: Action): Promise<Outcome<undefined>> {
    const until = this.#parts.clock.now() + GONE_MS;
    for (let pause = 200; ; pause = Math.min(pause * 2, 2_000)) {
      const live = await this.#parts.writer.read(context, target);
      if (!live.ok && live.failure.code === 'not-found') return { ok: true, value: undefined };
      if (!live.ok && !mayHaveHappened(live.failure.code)) return live;
      if (this.#parts.clock.now() >= until)
        return failed({
          code: 'conflict',
          message: `${refWords(target)} was deleted but is not gone after ${GONE_MS / 1000} s: ${finalizersOf(live.ok ? live.value : null)}.`,
        });
      await this.#pause(pause);
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.#parts.clock.after(ms, resolve));
  }
}

function finalizersOf(object: Json): string {
  const finalizers = find(object, '/metadata/finalizers');
  return Array.isArray(finalizers) && finalizers.length > 0 ? `it waits for ${finalizers.join(', ')}` : 'something still holds it';
}

/** The inverse from the server's real answer: its values, and the uid of what was created. */
function inverseOf(prepared: PreparedAction, answer: Json, action: Action): Action['inverse'] {
  const inverse = prepared.inverse(prepared.after(answer));
  if (inverse === null) return null;
  const uid = find(answer, '/metadata/uid');
  return inverse.map((spec) =>
    action.type === 'create' && spec.type === 'delete' && typeof uid === 'string' ? { ...spec, target: { ...spec.target, uid } } : spec,
  );
}
