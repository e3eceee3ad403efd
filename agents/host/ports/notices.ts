import type { Change, ContextName, Failure, Kind, KubeObject, LogPattern, MapPart } from '../../contract/index.ts';
import type { Gap } from '../../core/view.ts';
import type { KnownNotice } from '../known/known.ts';

/** What the kube worker says about a cluster without being asked. */
export type ClusterNotice =
  | {
      readonly type: 'synced';
      readonly context: ContextName;
      readonly uid: string;
      readonly version: string;
      readonly objects: number;
      readonly gaps: readonly Gap[];
    }
  | { readonly type: 'offline'; readonly context: ContextName; readonly failure: Failure }
  | KnownNotice
  /** The map of a watched context, or what has changed of it; while `followMap` is on. */
  | { readonly type: 'map'; readonly part: MapPart }
  | { readonly type: 'changes'; readonly context: ContextName; readonly changes: readonly Change[] }
  /** A kubeconfig file says something else now. Contexts in `changed` are connected anew where they were connected. */
  | {
      readonly type: 'kubeconfigChanged';
      readonly added: readonly ContextName[];
      readonly removed: readonly ContextName[];
      readonly changed: readonly ContextName[];
      readonly problems: number;
    }
  /** A login runs and asks the person for something; `done` when it is over, with what went wrong as `text`, or nothing. */
  | { readonly type: 'signIn'; readonly context: ContextName; readonly user: string; readonly text: string; readonly done: boolean }
  /** Errors in the logs that have just become news. */
  | { readonly type: 'logNews'; readonly context: ContextName; readonly patterns: readonly LogPattern[] }
  | { readonly type: 'workerCrashed'; readonly message: string };

/** Sent by the kube worker straight into an agent's thread, over the port given to `attach`. */
export type ViewMessage =
  | {
      readonly type: 'changes';
      readonly context: ContextName;
      /** Counts the messages of this context to this agent. */
      readonly version: number;
      /** Kinds whose earlier objects are to be forgotten first: a full list follows in `upserts`. */
      readonly reset: readonly Kind[];
      readonly upserts: readonly KubeObject[];
      readonly removes: readonly { readonly kind: Kind; readonly key: string }[];
      readonly gaps: readonly Gap[];
      /** All declared kinds have been read at least once. Before that a view proves no absence and nothing is diagnosed. */
      readonly synced: boolean;
    }
  | { readonly type: 'gone'; readonly context: ContextName };
