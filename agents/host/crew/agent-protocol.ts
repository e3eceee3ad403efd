import type { MessagePort } from 'node:worker_threads';
import type { Consultation, ConsultationAnswer, ContextName, Fact, ProbeType } from '../../contract/index.ts';
import type { JudgeTask } from '../../core/verify.ts';

/** What the host says to an agent's thread. The answers are `AgentEvent`s of the contract, parsed on arrival. */
export type ToAgent =
  /** The port over which the kube worker sends `ViewMessage`s. */
  | { readonly type: 'view'; readonly port: MessagePort }
  /** `context` as it was in the wish. */
  | {
      readonly type: 'facts';
      readonly context: ContextName | null;
      readonly facts: readonly (readonly [key: string, fact: Fact | ConsultationAnswer])[];
    }
  /** Reply to another agent, or to the host: `consultation.replied` with this number. */
  | { readonly type: 'consult'; readonly context: ContextName | null; readonly request: number; readonly consultation: Consultation }
  /** Nobody waits for that reply any more. */
  | { readonly type: 'unasked'; readonly context: ContextName | null; readonly request: number }
  /** Answer with a settled report of this context as soon as there is one, changed or not. `about`: the objects somebody asks about. */
  | { readonly type: 'report'; readonly context: ContextName; readonly request: number; readonly about: readonly string[] }
  /** What is known by this kind of read is not true any more. */
  | { readonly type: 'outOfDate'; readonly context: ContextName; readonly probe: ProbeType }
  /** Judge after every change whether a plan has helped, until told to forget it. */
  | { readonly type: 'judge'; readonly task: JudgeTask }
  | { readonly type: 'forget'; readonly plan: string }
  | { readonly type: 'pause'; readonly paused: boolean };

/** Given to the thread when it starts. */
export interface AgentThreadData {
  readonly agent: string;
  /** The module that exports `AGENTS`; a file URL. */
  readonly registry: string;
}
