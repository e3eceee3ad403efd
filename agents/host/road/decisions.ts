import {
  type ContextName,
  type ErrorCode,
  type Failure,
  type Outcome,
  type Plan,
  type PlanAutonomy,
  refWords,
} from '../../contract/index.ts';
import { RULE_PREFIX } from '../../core/autonomy.ts';
import { failed, sameState } from '../actions/target.ts';
import { inTheWay } from '../cluster/preflight.ts';
import type { Autonomy } from '../autonomy/autonomy.ts';
import type { Clock, Log } from '../ports/runtime.ts';
import type { Writer } from '../ports/writer.ts';
import { type ClusterIdentity, uidOf } from './cluster-identity.ts';
import type { PlanLedger } from './ledger.ts';
import { planHash } from './plan-hash.ts';
import { rehearse } from './rehearse.ts';
import type { Turns } from './turns.ts';

export interface DecideInput {
  readonly id: string;
  /** Of the plan as it was shown. */
  readonly hash: string;
  readonly decision: 'approved' | 'rejected';
  readonly by: string;
  readonly reason?: string | undefined;
  /** For a protected context: its name, typed by the person. */
  readonly typedContext?: string | undefined;
}

export interface DecisionParts extends ClusterIdentity {
  readonly ledger: PlanLedger;
  readonly turns: Turns;
  readonly writer: Writer;
  readonly clock: Clock;
  readonly log: Log;
  readonly isProtected: (context: ContextName) => boolean;
  readonly held: () => Failure | undefined;
  readonly autonomy: Pick<Autonomy, 'of'>;
  /** Sends an approved plan on its way. */
  readonly begin: (plan: Plan) => void;
}

/** After these the objects are not as they were shown; other failures (no network, no rights) leave the plan waiting. */
const DRIFT: ReadonlySet<ErrorCode> = new Set(['plan-drifted', 'not-found', 'conflict', 'invalid', 'admission-refused', 'plan-refused']);

/** The gate: who says yes to what, and whether that is still what would happen. Decisions of one cluster are taken one after the other. */
export class Decisions {
  readonly #parts: DecisionParts;
  readonly #timers = new Map<string, () => void>();

  constructor(parts: DecisionParts) {
    this.#parts = parts;
  }

  async decide(input: DecideInput): Promise<Outcome<Plan>> {
    const { ledger, turns } = this.#parts;
    const known = await ledger.get(input.id);
    return turns.run(`context:${known?.context ?? ''}`, async () => {
      const plan = await ledger.get(input.id);
      if (plan === undefined) return failed({ code: 'plan-unknown', message: `There is no plan ${input.id}.` });
      const refusal = await this.#notDecidable(plan, input);
      if (refusal !== undefined) return { ok: false, failure: refusal };
      if (input.decision === 'rejected') return this.#reject(plan, input);
      const autonomy = await this.#parts.autonomy.of(plan);
      const doubt = notGiven(plan, input, autonomy) ?? (await this.#doubt(plan, input));
      if (doubt !== undefined) return { ok: false, failure: doubt };
      const approvals = [...(plan.approvals ?? []), { by: input.by, at: ledger.now() }];
      const need = input.by.startsWith(RULE_PREFIX) ? 1 : autonomy.people;
      if (approvals.length < need) return { ok: true, value: await this.#given(plan, input.by, approvals, need) };
      const changes = { ...said(input, ledger.now()), autonomy, ...(need > 1 ? { approvals } : {}) };
      const approved = await ledger.move(plan, { type: 'approve', hash: input.hash }, changes, [resolved(plan, input, autonomy)]);
      this.#unwatch(plan.id);
      this.#parts.begin(approved);
      return { ok: true, value: approved };
    });
  }

  /** Lets the plan expire in time, or now. */
  async watchExpiry(plan: Plan): Promise<void> {
    const { clock, ledger, turns, log } = this.#parts;
    const expire = () =>
      turns.run(`context:${plan.context}`, async () => {
        const now = await ledger.get(plan.id);
        if (now?.state === 'awaitingApproval') await this.#expire(now);
      });
    const left = Date.parse(plan.expires) - clock.now();
    if (left <= 0) {
      await expire();
      return;
    }
    const late = () => void expire().catch((e: unknown) => log('error', `${plan.id} could not be marked as expired: ${String(e)}`));
    this.#timers.set(plan.id, clock.after(left, late));
  }

  close(): void {
    for (const id of [...this.#timers.keys()]) this.#unwatch(id);
  }

  /** What makes any decision on this plan impossible. */
  async #notDecidable(plan: Plan, { hash }: DecideInput): Promise<Failure | undefined> {
    if (hash !== plan.hash)
      return {
        code: 'plan-changed',
        message: `The plan ${plan.id} is not the one that was shown: its hash is ${plan.hash.slice(0, 12)}, not ${hash.slice(0, 12)}.`,
        hint: 'Look at it again and decide on what it says now.',
      };
    if (plan.state !== 'awaitingApproval')
      return {
        code: plan.state === 'expired' ? 'plan-expired' : 'plan-state',
        message: `The plan ${plan.id} does not wait for a decision: it is ${plan.state}${plan.reason === undefined ? '' : ` (${plan.reason})`}.`,
      };
    if (this.#parts.clock.now() < Date.parse(plan.expires)) return undefined;
    await this.#expire(plan);
    return expired(plan);
  }

  /** Every reason why this yes must not be acted on. */
  async #doubt(plan: Plan, { typedContext }: DecideInput): Promise<Failure | undefined> {
    const { ledger, clock, writer, isProtected, held } = this.#parts;
    const stopped = held();
    if (stopped !== undefined) return stopped;
    if (isProtected(plan.context) && typedContext !== plan.context)
      return {
        code: 'confirmation-needed',
        message: `The context ${plan.context} is protected: approving needs its name to be typed.`,
        hint: `Type ${plan.context} and approve again.`,
      };
    const uid = await uidOf(plan.context, this.#parts);
    if (!uid.ok) return uid.failure;
    if (planHash(plan, uid.value) !== plan.hash)
      return this.#drifted(
        plan,
        `the context ${plan.context} means another cluster than when the plan was made, or the stored plan was changed`,
      );
    const specs = plan.actions.map((a) => a.spec);
    const blocked = inTheWay(plan.context, plan.actions, ledger.open());
    if (blocked !== undefined)
      return { code: 'conflict', message: `${blocked}.`, hint: 'Wait until it is settled, then look at the plan again.' };
    const now = await rehearse(plan.context, specs, writer, clock.now());
    if (!now.ok) return DRIFT.has(now.failure.code) ? this.#drifted(plan, now.failure.message) : now.failure;
    for (const [i, before] of plan.actions.entries()) {
      const after = now.value.actions[i];
      const same =
        before.seen === null || after?.seen === null
          ? before.seen === (after?.seen ?? null)
          : after !== undefined && sameState(before.seen, after.seen);
      if (!same || after?.diff !== before.diff || after.within !== before.within)
        return this.#drifted(
          plan,
          `${refWords(before.target)} has changed since the plan was made${same ? ': the change would be another one' : ''}`,
        );
    }
    if (clock.now() < Date.parse(plan.expires)) return undefined;
    await this.#expire(plan);
    return expired(plan);
  }

  /** One of several people has said yes. */
  #given(plan: Plan, by: string, approvals: NonNullable<Plan['approvals']>, need: number): Promise<Plan> {
    const { id, context, hash } = plan;
    return this.#parts.ledger.amend(plan, { approvals }, [
      { type: 'approval.given', context, plan: id, hash, by, have: approvals.length, need },
    ]);
  }

  async #drifted(plan: Plan, because: string): Promise<Failure> {
    this.#unwatch(plan.id);
    await this.#parts.ledger.move(plan, { type: 'abandon' }, { reason: because }, [
      { type: 'plan.abandoned', context: plan.context, plan: plan.id, because },
    ]);
    return {
      code: 'plan-drifted',
      message: `The plan ${plan.id} no longer fits: ${because.replace(/\.$/, '')}. Nothing was changed.`,
      hint: 'Diagnose again; a new plan is made for it as it is now.',
    };
  }

  async #reject(plan: Plan, input: DecideInput): Promise<Outcome<Plan>> {
    const { ledger } = this.#parts;
    const reason = input.reason ?? `rejected by ${input.by}`;
    const value = await ledger.move(plan, { type: 'reject' }, { ...said(input, ledger.now()), reason }, [resolved(plan, input)]);
    this.#unwatch(plan.id);
    return { ok: true, value };
  }

  async #expire(plan: Plan): Promise<void> {
    this.#unwatch(plan.id);
    await this.#parts.ledger.move(plan, { type: 'expire' }, { reason: 'nobody decided in time' }, [
      { type: 'plan.expired', context: plan.context, plan: plan.id },
    ]);
  }

  #unwatch(id: string): void {
    this.#timers.get(id)?.();
    this.#timers.delete(id);
  }
}

const expired = (plan: Plan): Failure => ({
  code: 'plan-expired',
  message: `The plan ${plan.id} expired at ${plan.expires}.`,
  hint: 'Diagnose again; a new plan is made for it as it is now.',
});

const said = ({ decision, by }: DecideInput, decidedAt: string) => ({ decision, decidedBy: by, decidedAt });

/** Why the rules do not let this one decide it so. */
function notGiven({ id, approvals = [] }: Plan, { by }: DecideInput, { give, because, people }: PlanAutonomy): Failure | undefined {
  if (give === 'observe')
    return {
      code: 'plan-refused',
      message: `The plan ${id} is only shown, and cannot be approved: ${because.replace(/\.$/, '')}.`,
      hint: `quarterdeck autonomy explain ${id} says which rule that is.`,
    };
  if (by.startsWith(RULE_PREFIX) && give !== 'auto') return { code: 'plan-state', message: `A person is asked about ${id}: ${because}.` };
  if (people > 1 && approvals.some((a) => a.by === by))
    return {
      code: 'confirmation-needed',
      message: `${by} has approved ${id} already; ${people} different people must.`,
      hint: 'Somebody else has to look at it and approve it as well.',
    };
  return undefined;
}

const resolved = (plan: Plan, { decision, by, reason }: DecideInput, autonomy?: PlanAutonomy) => ({
  type: 'approval.resolved' as const,
  context: plan.context,
  plan: plan.id,
  hash: plan.hash,
  decision,
  by,
  ...(reason === undefined ? {} : { reason }),
  ...(autonomy?.rule == null ? {} : { rule: autonomy.rule, rules: autonomy.version }),
});
