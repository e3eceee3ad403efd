import type { KubeObject } from '../../contract/index.ts';
import { revisionOf } from '../../core/workloads.ts';
import type { ClusterSession } from '../cluster/cluster-session.ts';
import { topOwnerOf } from '../metrics/owners.ts';

/** Pods as far as their logs are concerned, kept up as they change. */

export interface LogContainer {
  readonly name: string;
  readonly restarts: number;
  /** Milliseconds since 1970 of the run that goes on or was last; undefined where it never ran. */
  readonly startedAt: number | undefined;
  readonly isRunning: boolean;
  /** It waits after a fall. */
  readonly isFalling: boolean;
  /** When the run before ended. */
  readonly fellAt: number | undefined;
}

export interface LogPod {
  readonly namespace: string;
  readonly workload: string;
  readonly name: string;
  readonly uid: string;
  readonly revision: string;
  readonly createdAt: number;
  readonly isLeaving: boolean;
  readonly containers: readonly LogContainer[];
}

/** Pods that are read of the packed objects at once, before others have a turn. */
const AT_ONCE = 500;

type Session = Pick<ClusterSession, 'keys' | 'object'>;

export class LogPods {
  readonly #session: Session;
  readonly #pods = new Map<string, LogPod>();
  #dirty: Set<string> | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  changed(kind: string, key: string): void {
    if (kind === 'Pod') this.#dirty?.add(key);
  }

  get size(): number {
    return this.#pods.size;
  }

  all(): Iterable<LogPod> {
    return this.#pods.values();
  }

  /** Takes in what changed since it was asked last. */
  async refresh(): Promise<void> {
    const keys = [...(this.#dirty ?? this.#session.keys('Pod'))];
    this.#dirty = new Set();
    for (let i = 0; i < keys.length; i++) {
      if (i > 0 && i % AT_ONCE === 0) await new Promise((resolve) => setImmediate(resolve));
      this.#take(keys[i] ?? '');
    }
  }

  #take(key: string): void {
    const pod = this.#session.object('Pod', key) as KubeObject<'Pod'> | undefined;
    if (pod === undefined) {
      this.#pods.delete(key);
      return;
    }
    const workload = topOwnerOf(this.#session, pod);
    // A ReplicaSet or Job is often heard of a moment after its first pod.
    const [kind = '', name = ''] = workload.split('/');
    const isEarly =
      (kind === 'ReplicaSet' || kind === 'Job') && this.#session.object(kind, `${pod.metadata.namespace ?? ''}/${name}`) === undefined;
    if (isEarly && !this.#pods.has(key)) this.#dirty?.add(key);
    this.#pods.set(key, {
      namespace: pod.metadata.namespace ?? '',
      workload,
      name: pod.metadata.name,
      uid: pod.metadata.uid,
      revision: this.#revisionOf(pod),
      createdAt: Date.parse(pod.metadata.creationTimestamp ?? '') || 0,
      isLeaving: typeof pod.metadata.deletionTimestamp === 'string',
      containers: pod.spec.containers.map(({ name: container }) => containerOf(pod, container)),
    });
  }

  /** The number a rollout has of a Deployment; the hash of a StatefulSet's or DaemonSet's template. */
  #revisionOf(pod: KubeObject<'Pod'>): string {
    const owner = pod.metadata.ownerReferences.find((o) => o.controller === true);
    if (owner?.kind === 'ReplicaSet') {
      const set = this.#session.object('ReplicaSet', `${pod.metadata.namespace ?? ''}/${owner.name}`);
      const revision = set === undefined ? 0 : revisionOf(set);
      return revision > 0 ? String(revision) : (pod.metadata.labels['pod-template-hash'] ?? '');
    }
    return pod.metadata.labels['controller-revision-hash'] ?? '';
  }
}

function containerOf(pod: KubeObject<'Pod'>, name: string): LogContainer {
  const status = pod.status.containerStatuses.find((s) => s.name === name);
  const started = status?.state.running?.startedAt ?? status?.state.terminated?.startedAt ?? status?.lastState.terminated?.startedAt;
  const fell = status?.lastState.terminated?.finishedAt;
  return {
    name,
    restarts: status?.restartCount ?? 0,
    startedAt: Date.parse(started ?? '') || undefined,
    isRunning: status?.state.running !== undefined,
    isFalling: status?.state.waiting?.reason === 'CrashLoopBackOff',
    fellAt: Date.parse(fell ?? '') || undefined,
  };
}
