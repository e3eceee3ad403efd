import type { ContextName, Failure, Outcome, Plan, ResourceRef } from '../../contract/index.ts';
import type { Clock, Log } from '../ports/runtime.ts';
import type { Rehearser, Writer } from '../ports/writer.ts';
import type { WritableStore } from '../ports/store.ts';
import { StoreError } from '../store/failures.ts';
import type { Actor } from './act.ts';
import type { PlanLedger } from './ledger.ts';
import { interruption } from './recover.ts';
import { putBack } from './put-back.ts';
import { type Cause, type Judge, lastingTargets, verification } from './verification.ts';

export interface JourneyParts {
  readonly ledger: PlanLedger;
  readonly actor: Actor;
  readonly store: WritableStore;
  readonly writer: Writer;
  readonly clock: Clock;
  readonly log: Log;
  readonly judge: Judge;
  readonly held: () => Failure | undefined;
  readonly connect: (context: ContextName) => Promise<Outcome<undefined>>;
}

/** How long recovery waits for a cluster to show what became of an unanswered request. */
const LOOK_MS = 5_000;

/** An approved plan on its way: acting, verifying, and back if it did not help. Each plan travels once. */
export class Journey {
  readonly #parts: JourneyParts;
  readonly #under = new Map<string, Promise<void>>();
  readonly #closing = new AbortController();

  constructor(parts: JourneyParts) {
    this.#parts = parts;
  }

  begin(plan: Plan): void {
    this.#travel(plan, async (keep) => {
      const acted = await this.#parts.actor.act(plan);
      const { touched, failure } = acted;
      keep(acted.plan);
      if (failure === undefined) await this.#verify(await this.#verifying(acted.plan), keep);
      else if (touched === 0) await this.#nothingDone(acted.plan, failure);
      else if (failure.code === 'held')
        await this.#stopped(acted.plan, failure, `${touched} of ${acted.plan.actions.length} actions were carried out`);
      else await this.#back(acted.plan, touched, failure.message, keep);
    });
  }

  /**
   * After a start: what was verifying goes on with it. What was acting is never continued: it is held against the cluster, and is not done
   * where nothing was sent, verified where all of it was carried out, and else a person looks at it.
   */
  async resume(plan: Plan): Promise<void> {
    const { ledger, store, connect } = this.#parts;
    if (plan.state === 'verifying') {
      const restored = await ledger.move(plan, { type: 'restore' }, {}, []);
      this.#travel(restored, async (keep) => {
        await connect(plan.context);
        await this.#verify(restored, keep);
      });
      return;
    }
    const { reason, is } = await interruption(plan, store, this.#hasty());
    if (is === 'not done') await ledger.move(plan, { type: 'nothing.done' }, { reason }, []);
    else if (is === 'unclear') await ledger.move(plan, { type: 'restore' }, { reason }, []);
    else {
      const verifying = await this.#verifying({ ...plan, reason });
      this.#travel(verifying, async (keep) => {
        await connect(plan.context);
        await this.#verify(verifying, keep);
      });
    }
  }

  /** Resolves when nothing acts any more. Verifying is left as it is. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#under.values());
  }

  #travel(plan: Plan, way: (keep: (plan: Plan) => void) => Promise<void>): void {
    const { ledger, log } = this.#parts;
    let latest = plan;
    const done = way((next) => (latest = next))
      .catch((error: unknown) => {
        const failure = failureOf(error);
        log('error', `${plan.id} stopped on its way: ${failure.message}`);
        ledger.strand(latest, failure);
      })
      .finally(() => this.#under.delete(plan.id));
    this.#under.set(plan.id, done);
  }

  async #verifying(plan: Plan): Promise<Plan> {
    const { id, context, verify, stableForSeconds } = plan;
    return this.#parts.ledger.move(plan, { type: 'actions.done' }, {}, [
      { type: 'plan.verifying', context, plan: id, codes: verify, stableForSeconds },
    ]);
  }

  async #verify(plan: Plan, keep: (plan: Plan) => void): Promise<void> {
    const { clock, judge, writer, ledger } = this.#parts;
    keep(plan);
    const { signal } = this.#closing;
    const verdict =
      plan.undoes === undefined && plan.proposedBy === undefined
        ? await verification(plan, await this.#cause(plan), { clock, judge, reader: writer }, signal)
        : await putBack(plan, { clock, reader: writer }, signal);
    if (verdict === null) return;
    const { holds, because } = verdict;
    if (holds)
      await ledger.move(plan, { type: 'verified' }, { reason: because }, [
        { type: 'plan.verified', context: plan.context, plan: plan.id, because },
      ]);
    else await this.#back(plan, plan.actions.length, because, keep);
  }

  async #nothingDone(plan: Plan, failure: Failure): Promise<void> {
    await this.#parts.ledger.move(plan, { type: 'nothing.done' }, { reason: `Nothing was changed: ${failure.message}`, failure }, []);
  }

  /** All agents were held on the way: nothing more is done, not even back. */
  async #stopped(plan: Plan, failure: Failure, how: string): Promise<void> {
    const reason = `${how.charAt(0).toUpperCase()}${how.slice(1)}: ${failure.message} A person must look at it.`;
    await this.#parts.ledger.move(plan, { type: 'hold' }, { reason, failure }, []);
  }

  async #back(plan: Plan, touched: number, because: string, keep: (plan: Plan) => void): Promise<void> {
    const { ledger, actor, log, held } = this.#parts;
    const stop = held();
    if (stop !== undefined) return this.#stopped(plan, stop, `${because.replace(/\.$/, '')}, and it was not taken back`);
    const event = plan.state === 'acting' ? ({ type: 'action.failed' } as const) : ({ type: 'not.verified' } as const);
    const back = await ledger.move(plan, event, { reason: because }, [
      { type: 'plan.rollingBack', context: plan.context, plan: plan.id, because },
    ]);
    keep(back);
    const { plan: now, failures } = await actor.takeBack(back, touched);
    const [first] = failures;
    const late = failures.find((f) => f.code === 'held');
    if (late !== undefined) return this.#stopped(now, late, `${because.replace(/\.$/, '')}, and not everything was put back`);
    const why = because.replace(/\.$/, '');
    if (first === undefined) {
      await ledger.move(now, { type: 'rollback.done' }, { reason: `${why}. Everything was put back as it was.` }, []);
      return;
    }
    const reason = `${why}. Not everything could be put back: ${failures.map((f) => f.message).join(' ')} A person must look at it.`;
    log('error', `${plan.id} could not be taken back completely: ${first.message}`);
    await ledger.move(now, { type: 'rollback.failed' }, { reason, failure: first }, []);
  }

  /** What the plan was for: the cause of its incident. */
  async #cause(plan: Plan): Promise<Cause> {
    const incident = await this.#parts.store.incident(plan.incidentId);
    if (incident !== undefined) return { subject: incident.rootCause.resource, field: incident.rootCause.field };
    const { uid: _uid, ...target } = lastingTargets(plan)[0] ?? plan.actions[0]?.target ?? NOTHING;
    return { subject: target };
  }

  #hasty(): Pick<Rehearser, 'read'> {
    const { writer, clock } = this.#parts;
    return {
      read: (context, ref) =>
        new Promise((resolve) => {
          const cancel = clock.after(LOOK_MS, () =>
            resolve({ ok: false, failure: { code: 'cluster-timeout', message: `no answer within ${LOOK_MS / 1000} s` } }),
          );
          void writer.read(context, ref).then((live) => {
            cancel();
            resolve(live);
          });
        }),
    };
  }
}

const NOTHING: ResourceRef = { apiVersion: 'v1', kind: 'Namespace', name: '' };

function failureOf(error: unknown): Failure {
  if (error instanceof StoreError) return error.failure;
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}
