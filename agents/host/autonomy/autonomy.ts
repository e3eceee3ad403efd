import {
  type AutonomyRules,
  type AutonomyState,
  type ContextName,
  type HostEvent,
  type InMaintenance,
  type Json,
  type Outcome,
  type Plan,
  type PlanAutonomy,
  type ResourceRef,
  refKey,
} from '../../contract/index.ts';
import { autonomyOf } from '../../core/autonomy.ts';
import { plansOfByRule } from '../../core/rank-plans.ts';
import { find } from '../actions/json-patch.ts';
import type { AutonomyBook } from './autonomy-book.ts';
import type { MarkBook } from '../contexts/marks-file.ts';
import type { Clock, Log } from '../ports/runtime.ts';
import type { Rehearser } from '../ports/writer.ts';
import type { WritableStore } from '../ports/store.ts';

export interface AutonomyParts {
  readonly book: AutonomyBook;
  readonly marks: Pick<MarkBook, 'isProtected' | 'isReadOnly' | 'groupOf'>;
  readonly store: WritableStore;
  readonly reader: Pick<Rehearser, 'read'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly maintenance: (context: ContextName, target: ResourceRef) => InMaintenance | undefined;
}

/** Waiting plans are held against the rules again this often: hours pass, and budgets fill up again. */
const AGAIN_MS = 60_000;

/** Asks the rules about plans, and approves what they give, through the same gate as a person. */
export class Autonomy {
  readonly #parts: AutonomyParts;
  /** What the log says is in force. */
  #recorded: string | undefined;
  #cancel: (() => void) | undefined;
  #closed = false;

  constructor(parts: AutonomyParts) {
    this.#parts = parts;
  }

  /** The rules in force; that they are is in the log before anything rests on them. */
  async inForce(by: string | null = null): Promise<AutonomyState> {
    const { book, store } = this.#parts;
    const state = book.now();
    const changed = this.#recorded === undefined ? state.version !== '' : this.#recorded !== state.version;
    if (changed) {
      const { version, text, problem, rules } = state;
      const event: HostEvent = { type: 'autonomy.inForce', version, by, rules: rules?.rules.length ?? 0, text, problem };
      await store.append([event]);
    }
    this.#recorded = state.version;
    return state;
  }

  async of(plan: Plan): Promise<PlanAutonomy> {
    return this.under(plan, await this.inForce());
  }

  /** The same under rules that may not be in force. */
  async under(plan: Plan, { rules, version, problem }: Pick<AutonomyState, 'rules' | 'version' | 'problem'>): Promise<PlanAutonomy> {
    if (rules === null)
      return { give: 'observe', rule: null, people: 1, version, because: `the rules cannot be understood: ${problem ?? ''}` };
    const { marks, store, clock } = this.#parts;
    const mayAct = rules.rules.some((r) => r.give === 'auto');
    const labels = await this.#labels(plan, rules);
    return autonomyOf(plan, rules, {
      now: clock.now(),
      version,
      isProtected: marks.isProtected(plan.context),
      isReadOnly: marks.isReadOnly(plan.context),
      group: marks.groupOf(plan.context),
      labels: (target) => labels.get(refKey(target)),
      maintenance: (target) => this.#parts.maintenance(plan.context, target),
      // What was done before matters only to what would be done unasked.
      plans: mayAct ? await store.plans() : [],
    });
  }

  /** A waiting plan with how it may be decided now; others as they are. */
  async shown(plan: Plan): Promise<Plan> {
    return plan.state === 'awaitingApproval' ? { ...plan, autonomy: await this.of(plan) } : plan;
  }

  /**
   * Approves what the rules give among the plans that wait: of each incident only the one to prefer. `decide` is the gate; what it
   * refuses stays as it is.
   */
  async consider(waiting: readonly Plan[], decide: (plan: Plan, autonomy: PlanAutonomy) => Promise<Outcome<Plan>>): Promise<void> {
    const { rules } = await this.inForce();
    if (rules?.rules.some((r) => r.give === 'auto') !== true) return;
    const open = waiting.filter((p) => p.state === 'awaitingApproval');
    if (open.length === 0) return;
    // All of them, by our own ranking: what helped before comes first, and no model has a word in what is approved unasked.
    const plans = await this.#parts.store.plans();
    for (const incident of new Set(open.map((p) => p.incidentId))) {
      const best = plansOfByRule(incident, plans).find((p) => p.state === 'awaitingApproval');
      if (best === undefined || this.#closed) continue;
      const autonomy = await this.of(best);
      if (autonomy.give !== 'auto' || autonomy.rule === null) continue;
      const decided = await decide(best, autonomy);
      if (!decided.ok) this.#parts.log('info', `${best.id} was not approved by rule ${autonomy.rule}: ${decided.failure.message}`);
    }
  }

  /** Calls back every minute, until closed. */
  everyMinute(work: () => Promise<void>): void {
    const { clock, log } = this.#parts;
    this.#cancel = clock.after(AGAIN_MS, () => {
      if (this.#closed) return;
      void work()
        .catch((e: unknown) => log('error', `the rules of autonomy: ${e instanceof Error ? e.message : String(e)}`))
        .finally(() => {
          if (!this.#closed) this.everyMinute(work);
        });
    });
  }

  close(): void {
    this.#closed = true;
    this.#cancel?.();
  }

  /** Labels of targets, read only where a rule asks for them. What could not be read is absent. */
  async #labels(plan: Plan, rules: AutonomyRules): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>> {
    const known = new Map<string, Readonly<Record<string, string>>>();
    if (!rules.rules.some((r) => r.match.labels !== undefined)) return known;
    for (const { target, spec } of plan.actions) {
      if (known.has(refKey(target))) continue;
      const object = spec.type === 'create' ? spec.manifest : await this.#read(plan.context, target);
      if (object !== undefined) known.set(refKey(target), labelsIn(object));
    }
    return known;
  }

  async #read(context: ContextName, target: ResourceRef): Promise<Json | undefined> {
    const live = await this.#parts.reader.read(context, target);
    return live.ok ? live.value : undefined;
  }
}

function labelsIn(object: Json): Readonly<Record<string, string>> {
  const labels = find(object, '/metadata/labels');
  if (typeof labels !== 'object' || labels === null || Array.isArray(labels)) return {};
  return Object.fromEntries(Object.entries(labels).flatMap(([k, v]) => (typeof v === 'string' ? [[k, v]] : [])));
}
