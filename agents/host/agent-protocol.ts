import type { MessagePort } from 'node:worker_threads';
import type { Code, ContextName, Fact, ResourceRef } from '../contract/index.ts';

/** What the host says to an agent's thread. The answers are `AgentEvent`s of the contract, parsed on arrival. */
export type ToAgent =
  /** The port over which the kube worker sends `ViewMessage`s. */
  | { readonly type: 'view'; readonly port: MessagePort }
  | { readonly type: 'facts'; readonly context: ContextName; readonly facts: readonly (readonly [probeKey: string, fact: Fact])[] }
  /** Answer with a settled report of this context as soon as there is one, changed or not. */
  | { readonly type: 'report'; readonly context: ContextName; readonly request: number }
  /** Judge after every change whether a plan has helped, until told to forget it. */
  | { readonly type: 'judge'; readonly task: JudgeTask }
  | { readonly type: 'forget'; readonly plan: string }
  | { readonly type: 'pause'; readonly paused: boolean };

/** What an agent must know of a plan to judge it. */
export interface JudgeTask {
  readonly plan: string;
  readonly context: ContextName;
  /** Codes that must be gone from `subject`. */
  readonly codes: readonly Code[];
  readonly subject: ResourceRef;
  /** The objects the actions changed. */
  readonly targets: readonly ResourceRef[];
  /** Fingerprints of the findings there were when the plan began to act; others are new. */
  readonly known: readonly string[];
  /** Milliseconds since 1970 when the last action succeeded. */
  readonly since: number;
}

/** Given to the thread when it starts. */
export interface AgentThreadData {
  readonly agent: string;
  /** The module that exports `AGENTS`; a file URL. */
  readonly registry: string;
}
