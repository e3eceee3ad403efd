import type { StoredPattern } from '../../core/signals/workload-logs.ts';

/** Where the patterns of a workload are kept; `workload` is its `workloadKey`. */
export interface LogStore {
  keep(context: string, workload: string, rows: readonly StoredPattern[]): void;
  recall(context: string, workload: string): Promise<readonly StoredPattern[]>;
}

/** Sent by the kube worker to the thread that keeps them, and what comes back. */
export type LogFeedMessage =
  | { readonly type: 'patterns'; readonly context: string; readonly workload: string; readonly rows: readonly StoredPattern[] }
  | { readonly type: 'recall'; readonly id: number; readonly context: string; readonly workload: string };
export interface LogFeedAnswer {
  readonly recalled: number;
  readonly rows: readonly StoredPattern[];
}
