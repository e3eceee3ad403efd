import type { ContextName, Failure, HostEvent, Incident, LeftField, Outcome, Plan, PlanDraft } from '../../contract/index.ts';
import { RULE_PREFIX } from '../../core/autonomy.ts';
import type { Autonomy } from '../autonomy/autonomy.ts';
import type { Clock, Ids, Log } from '../ports/runtime.ts';
import type { WritableStore } from '../ports/store.ts';
import type { Writer } from '../ports/writer.ts';
import { Actor } from './act.ts';
import { type DecideInput, Decisions } from './decisions.ts';
import { Journey } from './journey.ts';
import { PlanLedger } from './ledger.ts';
import { Proposals, type ProposeInput } from './proposals.ts';
import { stepsBack } from './left-behind.ts';
import { takingBack } from './taking-back.ts';
import { Turns } from './turns.ts';
import type { Judge } from './verification.ts';
import { StoreError } from '../store/failures.ts';

/**
 * The one road from a plan to a cluster: may we, what would happen, a person's yes to exactly that, then each action with its key on the
 * disk before its request, then proof that it helped, or back. Nothing else in the host holds a writer. Every doubt is a no: an unknown
 * hash, a changed object, another cluster under the same name, an answer that did not come, a log that cannot be written.
 */
export interface RoadParts {
  readonly store: WritableStore;
  readonly writer: Writer;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Verdicts of the agent that made the plan. */
  readonly judge: Judge;
  readonly isProtected: (context: ContextName) => boolean;
  /** Why nothing may be done at all now, if so: all agents are held. */
  readonly held: () => Failure | undefined;
  /** Whether an agent says that it deals with a kind; only such objects may its plans change. */
  readonly declares: (agent: string, kind: string) => boolean;
  /** The rules that say who decides. */
  readonly autonomy: Pick<Autonomy, 'of' | 'consider'>;
  /** The uid of the cluster behind a context as connected now; undefined or empty when it is not. */
  readonly clusterUid: (context: ContextName) => string | undefined;
  /** Makes sure a context is connected. */
  readonly connect: (context: ContextName) => Promise<Outcome<undefined>>;
}

export interface Road {
  /**
   * The plan for a draft: the waiting one if the same was proposed before, else a new one, waiting for approval or refused with the
   * reason. What was just rejected, or has just not helped, is not proposed again unless `fresh`: then its plan is returned.
   */
  propose(input: ProposeInput): Promise<Plan>;
  /** The same for all drafts of an incident; waiting plans of the incident that are no longer among them are abandoned. */
  proposeAll(input: {
    readonly context: ContextName;
    readonly incident: Incident;
    readonly agent: string;
    readonly drafts: readonly PlanDraft[];
    readonly fresh?: boolean;
  }): Promise<readonly Plan[]>;
  /** Resolves when the decision is recorded; an approved plan then is on its way. Any failure means nothing was changed. */
  decide(input: DecideInput): Promise<Outcome<Plan>>;
  /** Holds the plans that wait against the rules: what these give is approved. */
  considerRules(): Promise<void>;
  /** The plan when it is settled, or as it is after that many milliseconds. */
  settled(id: string, timeoutMs: number): Promise<Outcome<Plan>>;
  /** Proposes the plan that takes a done one back. Fails when nothing can, or when the objects are not as the plan left them. */
  undo(id: string, untouched?: boolean): Promise<Outcome<Plan>>;
  /** What a plan changed, field by field: before it, as it left it, and now. */
  compare(id: string): Promise<Outcome<readonly LeftField[]>>;
  /** Notes the order in which a model (`by`) put waiting plans that are as good as each other. It decides nothing. */
  order(context: ContextName, ids: readonly string[], by: string): Promise<void>;
  /** Abandons the waiting plans of an incident that is gone. */
  abandonFor(incidentId: string, because: string): Promise<void>;
  /** Once, before anything else: puts every plan found in the store where the chart says a restart puts it. */
  recover(): Promise<void>;
  /** Waits, at most 10 s, for actions under way; verifying goes on after the next start. */
  close(): Promise<void>;
}

const CLOSE_MS = 10_000;

export function createRoad(parts: RoadParts): Road {
  const { store, clock, log, writer } = parts;
  const ledger = new PlanLedger(store, clock);
  const turns = new Turns();
  const record = (plan: Plan, changes: Partial<Plan>, event: HostEvent) => ledger.amend(plan, changes, [event]);
  const actor = new Actor({ writer, clock, record, held: parts.held });
  const journey = new Journey({ ...parts, ledger, actor });
  const decisions = new Decisions({ ...parts, ledger, turns, begin: (plan) => journey.begin(plan) });
  const { autonomy } = parts;
  const byRule: Parameters<Autonomy['consider']>[1] = (plan, given) =>
    told(() => decisions.decide({ id: plan.id, hash: plan.hash, decision: 'approved', by: `${RULE_PREFIX}${given.rule ?? ''}` }));
  const proposals = new Proposals({ ...parts, ledger, turns, watch: (plan) => decisions.watchExpiry(plan) });

  /** The store's expected failures become values; anything else is a fault and stays one. */
  const told = async <T>(work: () => Promise<Outcome<T>>): Promise<Outcome<T>> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof StoreError) return { ok: false, failure: error.failure };
      throw error;
    }
  };
  const unknown = (id: string): { ok: false; failure: Failure } => ({
    ok: false,
    failure: { code: 'plan-unknown', message: `There is no plan ${id}.`, hint: 'quarterdeck plans lists those there are.' },
  });

  return {
    propose: (input) => proposals.propose(input),
    proposeAll: async (input) => {
      const plans = await proposals.proposeAll(input);
      await autonomy.consider(plans, byRule);
      return plans;
    },
    considerRules: () => autonomy.consider(ledger.open(), byRule),
    decide: (input) =>
      told(async () => {
        if ((await ledger.get(input.id)) === undefined) return unknown(input.id);
        if (input.by.startsWith(RULE_PREFIX)) return { ok: false, failure: notAPerson(input.by) };
        return decisions.decide(input);
      }),
    settled: (id, timeoutMs) =>
      told(async () => {
        const plan = await ledger.get(id);
        return plan === undefined ? unknown(id) : { ok: true, value: await settledPlan(ledger, clock, plan, timeoutMs) };
      }),
    undo: (id, untouched = false) =>
      told(async () => {
        const plan = await ledger.get(id);
        if (plan === undefined) return unknown(id);
        return turns.run(`undo:${id}`, async () => {
          const draft = await takingBack(plan, await store.plans(), writer, untouched);
          if (!draft.ok) return draft;
          return 'waiting' in draft.value ? { ok: true, value: draft.value.waiting } : proposals.proposeUndo(plan, draft.value.draft);
        });
      }),
    compare: (id) =>
      told(async () => {
        const plan = await ledger.get(id);
        if (plan === undefined) return unknown(id);
        const steps = await stepsBack(plan, writer);
        return steps.ok ? { ok: true, value: steps.value.map((s) => s.field) } : steps;
      }),
    order: (context, ids, by) => proposals.order(context, ids, by),
    abandonFor: (incidentId, because) => proposals.abandonFor(incidentId, because),
    recover: async () => {
      await ledger.load();
      for (const plan of ledger.open()) {
        if (plan.state === 'awaitingApproval') await decisions.watchExpiry(plan);
        else if (plan.state === 'preflight' || plan.state === 'dryRunning')
          await proposals.abandon(plan, 'Quarterdeck ended while it was prepared', { type: 'restore' });
        else await journey.resume(plan);
      }
    },
    close: async () => {
      decisions.close();
      const late = new Promise<void>((resolve) => clock.after(CLOSE_MS, resolve));
      const done = journey.close();
      await Promise.race([done, late.then(() => log('warn', 'a plan is still on its way; it is reviewed after the next start'))]);
    },
  };
}

const notAPerson = (by: string): Failure => ({
  code: 'bad-input',
  message: `"${by}" is the name of a rule, and only the rules decide in their name.`,
  hint: 'Decide under a name of your own.',
});

function settledPlan(ledger: PlanLedger, clock: Clock, plan: Plan, timeoutMs: number): Promise<Plan> {
  if (plan.settledAt !== undefined || timeoutMs <= 0) return Promise.resolve(plan);
  return new Promise((resolve) => {
    const stop = ledger.onSettled(plan.id, (end) => {
      cancel();
      resolve(end);
    });
    const cancel = clock.after(timeoutMs, () => {
      stop();
      void ledger.get(plan.id).then((now) => resolve(now ?? plan));
    });
  });
}
