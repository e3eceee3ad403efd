import type { MessagePort } from 'node:worker_threads';
import type { ContextName, Kind, LogSelection } from '../../contract/index.ts';
import type { ClusterNotice } from '../ports/notices.ts';
import type { Kube } from '../ports/kube.ts';
import type { KubeconfigSources } from './kubeconfig.ts';
import type { WantedLogs } from '../logs/watch-list.ts';
import type { ReadingByContext } from '../metrics/reading-book.ts';
import type { KubeLogin } from './shared-login.ts';

/** What the host and the kube worker say to each other. Both ends are ours and of one build, so nothing is parsed here. */

/** The calls that are answered, by the names they have in `Kube` and `KubeLogin`. */
export type KubeCall =
  | 'kinds'
  | 'table'
  | 'object'
  | 'kubeEvents'
  | 'related'
  | 'helmReleases'
  | 'helmRelease'
  | 'kubeconfig'
  | 'connect'
  | 'disconnect'
  | 'ping'
  | 'probe'
  | 'get'
  | 'rows'
  | 'metrics'
  | 'logPatterns'
  | 'logWatching'
  | 'forgetLogs'
  | 'flushRows'
  | 'flushChanges'
  | 'stats'
  | 'credential'
  | 'refuse'
  | 'close';
type Answering = Kube & KubeLogin;
export type KubeCalls = { readonly [C in KubeCall]: (...args: Parameters<Answering[C]>) => ReturnType<Answering[C]> };

export type ToKubeWorker =
  | {
      readonly [C in KubeCall]: { readonly type: 'call'; readonly id: number; readonly call: C; readonly args: Parameters<Answering[C]> };
    }[KubeCall]
  | { readonly type: 'attach'; readonly agent: string; readonly kinds: readonly Kind[]; readonly port: MessagePort }
  | { readonly type: 'detach'; readonly agent: string }
  | { readonly type: 'followMap'; readonly on: boolean }
  | { readonly type: 'wantLogs'; readonly wanted: WantedLogs }
  | { readonly type: 'feed'; readonly port: MessagePort; readonly reading: ReadingByContext }
  | { readonly type: 'logs'; readonly selection: LogSelection; readonly port: MessagePort }
  /** Said by a new host end after a crash: go on as before, also where the cluster cannot be reached at first. */
  | { readonly type: 'resume'; readonly context: ContextName; readonly kinds: readonly Kind[] };

export type FromKubeWorker =
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly type: 'threw'; readonly id: number; readonly message: string }
  | { readonly type: 'notice'; readonly notice: ClusterNotice };

export interface KubeWorkerData {
  readonly sources: KubeconfigSources;
}
