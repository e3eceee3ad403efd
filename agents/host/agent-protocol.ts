import type { MessagePort } from 'node:worker_threads';
import type { ContextName, Fact } from '../contract/index.ts';
import type { JudgeTask } from '../core/verify.ts';

/** What the host says to an agent's thread. The answers are `AgentEvent`s of the contract, parsed on arrival. */
export type ToAgent =
  /** The port over which the kube worker sends `ViewMessage`s. */
  | { readonly type: 'view'; readonly port: MessagePort }
  | { readonly type: 'facts'; readonly context: ContextName; readonly facts: readonly (readonly [probeKey: string, fact: Fact])[] }
  /** Answer with a settled report of this context as soon as there is one, changed or not. `about`: the objects somebody asks about. */
  | { readonly type: 'report'; readonly context: ContextName; readonly request: number; readonly about: readonly string[] }
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
