import {
  type ContextName,
  type Failure,
  type Incident,
  type Outcome,
  type Plan,
  type PlanDraft,
  type PlanState,
  refKey,
} from '../../contract/index.ts';
import { managedReasons, reachReasons } from '../../core/decision-words.ts';
import { riskOf, withinRisk } from '../../core/policy.ts';
import { type RoadEvent, firstState } from '../../core/remediation.machine.ts';
import { sourcePatch } from '../../core/source-patch.ts';
import { withoutStatedSecrets } from '../../core/stated-secrets.ts';
import { identityOf, sameState } from '../actions/target.ts';
import { type Cleared, preflight } from '../cluster/preflight.ts';
import type { Autonomy } from '../autonomy/autonomy.ts';
import type { Clock, Ids } from '../ports/runtime.ts';
import type { Writer } from '../ports/writer.ts';
import { type ClusterIdentity, uidOf } from './cluster-identity.ts';
import type { PlanLedger } from './ledger.ts';
import { draftKey, draftKeyOf, planHash } from './plan-hash.ts';
import { beyond, statesSecret } from './refusals.ts';
import { type Rehearsal, rehearse, unrehearsed } from './rehearse.ts';
import type { Turns } from './turns.ts';

export interface ProposeInput {
  readonly context: ContextName;
  readonly incident: Pick<Incident, 'id'>;
  readonly agent: string;
  readonly draft: PlanDraft;
  /** Asked for by a person: also what was just rejected or has not helped. */
  readonly fresh?: boolean;
  /** Who made it, where no agent did: a person may mean any kind, and no rule decides for them. */
  readonly by?: string;
}

export interface ProposalParts extends ClusterIdentity {
  readonly ledger: PlanLedger;
  readonly turns: Turns;
  readonly writer: Writer;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly isProtected: (context: ContextName) => boolean;
  readonly autonomy: Pick<Autonomy, 'of'>;
  /** Whether the agent says that it deals with this kind. */
  readonly declares: (agent: string, kind: string) => boolean;
  /** From now on the waiting plan expires in time. */
  readonly watch: (plan: Plan) => Promise<void>;
}

/** A plan waits this long for its decision. */
export const EXPIRES_MS = 30 * 60_000;
/** A waiting plan is compared with the live objects at most this often. */
const LOOK_AGAIN_MS = 10_000;
/** How long the same proposal is not made again after it ended so. */
const HELD_MS: Partial<Record<PlanState, number>> = {
  rejected: 24 * 3_600_000,
  rolledBack: 600_000,
  rollbackFailed: 600_000,
  failed: 60_000,
  refused: 15_000,
};

interface Preparation {
  readonly context: ContextName;
  readonly incidentId: string;
  readonly agent: string;
  readonly draft: PlanDraft;
  readonly undoes?: string;
  readonly by?: string | undefined;
  /** Why it may not become a plan that waits, whatever the cluster says. */
  readonly refusal?: Failure | undefined;
}

/** Makes plans out of drafts: preflight, rehearsal, risk, hash. Changes nothing in a cluster. */
export class Proposals {
  readonly #parts: ProposalParts;
  readonly #looked = new Map<string, number>();

  constructor(parts: ProposalParts) {
    this.#parts = parts;
  }

  propose(input: ProposeInput): Promise<Plan> {
    return this.#parts.turns.run(`incident:${input.incident.id}`, () => this.#propose(input));
  }

  proposeAll(input: Omit<ProposeInput, 'draft'> & { readonly drafts: readonly PlanDraft[] }): Promise<readonly Plan[]> {
    const { drafts, ...rest } = input;
    const { ledger, turns } = this.#parts;
    return turns.run(`incident:${input.incident.id}`, async () => {
      const plans: Plan[] = [];
      for (const draft of drafts) plans.push(await this.#propose({ ...rest, draft }));
      const wanted = new Set(drafts.map((draft) => draftKey(input.incident.id, draft)));
      // No draft at all may be a moment of a fault that comes and goes; that the incident is over is said by `abandonFor`.
      const left = drafts.length === 0 ? [] : ledger.open().filter((p) => p.incidentId === input.incident.id && p.undoes === undefined);
      for (const plan of left)
        if (!wanted.has(draftKeyOf(plan))) await this.#abandonWaiting(plan.id, plan.context, 'the agent proposes something else by now');
      return plans;
    });
  }

  /** The plan that takes `plan` back; fails instead of leaving a refused plan behind. */
  async proposeUndo(plan: Plan, draft: PlanDraft): Promise<Outcome<Plan>> {
    const { context, incidentId, agent, id } = plan;
    const undo = await this.#prepare({ context, incidentId, agent, draft, undoes: id });
    if (undo.state === 'refused') {
      const failure: Failure = undo.failure ?? { code: 'plan-refused', message: undo.reason ?? 'refused' };
      return { ok: false, failure: { ...failure, message: `${plan.title} cannot be taken back: ${failure.message}` } };
    }
    return { ok: true, value: await this.#publish(undo) };
  }

  /** Notes the order in which a model put plans that are as good as each other. Those that were decided meanwhile stay as they are. */
  async order(context: ContextName, ids: readonly string[], by: string): Promise<void> {
    const { ledger, turns } = this.#parts;
    await turns.run(`context:${context}`, async () => {
      const plans = (await Promise.all(ids.map((id) => ledger.get(id)))).filter((p) => p?.state === 'awaitingApproval');
      const [first] = plans;
      if (first === undefined || plans.length < ids.length) return;
      const because = 'they are as good as each other by risk, by whether they can be taken back and by what helped before';
      for (const [i, plan] of plans.entries()) {
        if (plan === undefined) continue;
        const said = { type: 'plan.ordered' as const, context, incident: plan.incidentId, plan: plan.id, plans: [...ids], by, because };
        await ledger.amend(plan, { ordered: { place: i + 1, among: [...ids], by } }, i === 0 ? [said] : []);
      }
    });
  }

  async abandonFor(incidentId: string, because: string): Promise<void> {
    for (const plan of this.#parts.ledger.open()) {
      if (plan.incidentId !== incidentId) continue;
      this.#parts.ledger.forget(draftKeyOf(plan));
      if (plan.undoes === undefined) await this.#abandonWaiting(plan.id, plan.context, because);
    }
  }

  /** `event` is `restore` for a plan that was being prepared when the process ended. */
  async abandon(plan: Plan, because: string, event: RoadEvent = { type: 'abandon' }): Promise<Plan> {
    const { ledger } = this.#parts;
    return ledger.move(plan, event, { reason: because }, [{ type: 'plan.abandoned', context: plan.context, plan: plan.id, because }]);
  }

  async #abandonWaiting(id: string, context: ContextName, because: string): Promise<void> {
    const { ledger, turns } = this.#parts;
    await turns.run(`context:${context}`, async () => {
      const plan = await ledger.get(id);
      if (plan?.state === 'awaitingApproval') await this.abandon(plan, because);
    });
  }

  async #propose({ context, incident, agent, draft: stated, fresh = false, by }: ProposeInput): Promise<Plan> {
    const { ledger } = this.#parts;
    const { draft, stating } = withoutStatedSecrets(stated);
    const refusal = stating === undefined ? undefined : statesSecret(stating);
    const mine = ledger.open().filter((p) => p.incidentId === incident.id && p.context === context);
    const moving = mine.find((p) => p.state !== 'awaitingApproval');
    if (moving !== undefined) return moving;
    const key = draftKey(incident.id, draft);
    const waiting = mine.find((p) => draftKeyOf(p) === key);
    if (waiting !== undefined) {
      if (await this.#stillFits(waiting)) return waiting;
      await this.#abandonWaiting(waiting.id, context, 'what it would change has changed; it is prepared anew');
    }
    const held = fresh ? undefined : this.#held(key);
    if (held !== undefined) return held;
    const plan = await this.#prepare({ context, incidentId: incident.id, agent, draft, refusal, by });
    const before = ledger.ended(key);
    if (plan.state === 'refused' && before?.state === 'refused' && before.reason === plan.reason) {
      this.#looked.set(before.id, this.#parts.clock.now());
      return before;
    }
    const published = await this.#publish(plan);
    for (const old of mine)
      if (old.remedy === draft.remedy && old.undoes === undefined && draftKeyOf(old) !== key)
        await this.#abandonWaiting(old.id, context, `${published.id} takes its place`);
    return published;
  }

  #held(key: string): Plan | undefined {
    const { ledger, clock } = this.#parts;
    const plan = ledger.ended(key);
    const ms = plan === undefined ? undefined : HELD_MS[plan.state];
    if (plan === undefined || ms === undefined) return undefined;
    // A refusal of an earlier run of the program says nothing about now: what was missing may have been granted since.
    const since = plan.state === 'refused' ? (this.#looked.get(plan.id) ?? 0) : Date.parse(plan.settledAt ?? plan.createdAt);
    return clock.now() < since + ms ? plan : undefined;
  }

  async #publish(plan: Plan): Promise<Plan> {
    const { ledger, clock, watch } = this.#parts;
    this.#looked.set(plan.id, clock.now());
    if (plan.state === 'refused') return ledger.add(plan, [{ type: 'plan.refused', plan }]);
    const { give } = await this.#parts.autonomy.of(plan);
    const { context, id, hash, expires } = plan;
    await ledger.add(plan, [
      { type: 'plan.proposed', plan },
      // What may only be looked at asks nobody.
      ...(give === 'observe' ? [] : [{ type: 'approval.requested' as const, context, plan: id, hash, expires }]),
    ]);
    await watch(plan);
    return plan;
  }

  /** Whether the objects are still in the state in which the waiting plan was rehearsed. */
  async #stillFits(plan: Plan): Promise<boolean> {
    const { clock, writer } = this.#parts;
    if (clock.now() < (this.#looked.get(plan.id) ?? 0) + LOOK_AGAIN_MS) return true;
    const deleted = new Set(plan.actions.filter((a) => a.type === 'delete').map((a) => refKey(a.target)));
    for (const { target, seen, type } of plan.actions) {
      if (type === 'create' && deleted.has(refKey(target))) continue;
      const live = await writer.read(plan.context, target);
      if (!live.ok) {
        if (live.failure.code === 'not-found' && seen !== null) return false;
        continue;
      }
      const now = identityOf(live.value);
      if (seen === null || now === null || !sameState(seen, now)) return false;
    }
    this.#looked.set(plan.id, clock.now());
    return true;
  }

  /** Goes with a draft as far as it gets: a plan that waits for approval, or one refused with the reason. Stores nothing. */
  async #prepare(preparation: Preparation): Promise<Plan> {
    const { ledger } = this.#parts;
    if (preparation.refusal !== undefined) return this.#refused(preparation, preparation.refusal, '');
    const bound = preparation.undoes === undefined && preparation.by === undefined;
    const foreign = preparation.draft.actions.find((a) => !this.#parts.declares(preparation.agent, a.target.kind));
    if (foreign !== undefined && bound) return this.#refused(preparation, beyond(preparation.agent, foreign), '');
    const uid = await uidOf(preparation.context, this.#parts);
    if (!uid.ok) return this.#refused(preparation, uid.failure, '');
    const checked = await this.#preflight(preparation);
    if (!checked.ok) return this.#refused(preparation, checked.failure, uid.value);
    const rehearsal = await rehearse(preparation.context, preparation.draft.actions, this.#parts.writer, this.#parts.clock.now());
    if (!rehearsal.ok) return this.#refused(preparation, rehearsal.failure, uid.value);
    const plan = this.#plan(preparation, rehearsal.value, checked.value, uid.value);
    const rehearsed = { ...plan, state: ledger.stateAfter(plan, { type: 'preflight.passed' }) };
    return { ...rehearsed, state: ledger.stateAfter(rehearsed, { type: 'dryRun.passed' }) };
  }

  #preflight({ context, incidentId, draft }: Preparation) {
    // The plans of one incident are alternatives to each other: that is said by their being its plans.
    const others = this.#parts.ledger.open().filter((p) => p.incidentId !== incidentId || p.state !== 'awaitingApproval');
    return preflight({ context, specs: draft.actions, rehearser: this.#parts.writer, others });
  }

  #refused(preparation: Preparation, failure: Failure, uid: string): Plan {
    const { ledger } = this.#parts;
    const rehearsal = { actions: preparation.draft.actions.map(unrehearsed), harmlessDeletes: new Set<number>(), managedBy: [] };
    const plan = this.#plan(preparation, rehearsal, { notices: [], permissions: [] }, uid);
    return { ...plan, state: ledger.stateAfter(plan, { type: 'refuse' }), reason: failure.message, failure, settledAt: ledger.now() };
  }

  #plan(
    { context, incidentId, agent, draft, undoes, by }: Preparation,
    rehearsal: Rehearsal,
    { notices, permissions }: Cleared,
    uid: string,
  ): Plan {
    const { clock, ids, isProtected, ledger } = this.#parts;
    const { verify, stableForSeconds, remedy, title, because, reach } = draft;
    const { managedBy } = rehearsal;
    const actions = [...rehearsal.actions];
    const final = actions.filter((a) => a.inverse === null && a.seen !== null);
    const { risk, reasons } = riskOf({
      actions: draft.actions,
      // What nothing can take back is never a small thing.
      atLeast: final.length > 0 && withinRisk(draft.atLeastRisk, 'high') ? 'high' : draft.atLeastRisk,
      protectedContext: isProtected(context),
      harmlessDeletes: rehearsal.harmlessDeletes,
      putBack: managedReasons(managedBy.filter((m) => m.putsBack)),
    });
    const patch = managedBy.some((m) => m.by !== 'a person') ? sourcePatch(draft.actions, managedBy) : undefined;
    const hash = planHash({ context, actions, verify, stableForSeconds }, uid);
    return {
      id: ids.next('plan'),
      incidentId,
      context,
      agent,
      remedy,
      title,
      because,
      risk,
      riskReasons: [
        ...reasons,
        ...managedReasons(managedBy.filter((m) => !m.putsBack)),
        ...reachReasons(reach),
        ...final.map((a) => `${a.summary}: ${a.undo.charAt(0).toLowerCase()}${a.undo.slice(1)}`),
        ...notices,
      ],
      hash,
      actions,
      verify,
      stableForSeconds,
      permissions,
      ...(reach === undefined ? {} : { reach }),
      managedBy,
      ...(patch === undefined ? {} : { sourcePatch: patch }),
      state: firstState(hash),
      ...(undoes === undefined ? {} : { undoes }),
      ...(by === undefined ? {} : { proposedBy: by }),
      createdAt: ledger.now(),
      expires: new Date(clock.now() + EXPIRES_MS).toISOString(),
    };
  }
}
