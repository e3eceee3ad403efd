import type { KubeObject } from '../../contract/index.ts';
import { parseQuantity } from '../../core/quantity.ts';
import type { ClusterSession } from '../cluster/cluster-session.ts';

/** What a person edits: `Deployment/checkout` in a namespace. */
export interface WorkloadName {
  readonly namespace: string;
  readonly workload: string;
}

/** What is remembered of a pod between two readings. */
export interface PodEntry {
  readonly owner: WorkloadName;
  readonly name: string;
  readonly node: string;
  /** Milliseconds since 1970; NaN where it is not known. */
  readonly started: number;
  /** Of all its containers together; undefined where one has none. */
  memoryLimit: number | undefined;
  restarts: readonly (readonly [container: string, count: number])[];
  /** Counters of the reading before, to tell how fast they grow. */
  before: { at: number; received: number; sent: number } | undefined;
  /** How fast they grew last; `none` where its network is its node's, which says nothing about it. */
  rates: { readonly at: number; readonly received: number; readonly sent: number } | 'none' | undefined;
  /** Of the newest measurement, as its source has it. */
  measured: string | undefined;
  throttled: { periods: number; throttled: number } | undefined;
}

function memoryLimitOf({ spec }: KubeObject<'Pod'>): number | undefined {
  let sum = 0;
  for (const { resources } of spec.containers) {
    const limit = parseQuantity(resources.limits['memory']);
    if (limit === undefined) return undefined;
    sum += limit;
  }
  return sum;
}

/** Which workload a pod is of, kept up as pods change. */
export class Owners {
  readonly #session: Pick<ClusterSession, 'keys' | 'object'>;
  readonly #pods = new Map<string, PodEntry>();
  readonly #names = new Map<string, WorkloadName>();
  readonly #claims = new Map<string, { readonly pod: string; readonly volume: string }>();
  readonly #dirty = new Set<string>();
  #known = false;

  constructor(session: Pick<ClusterSession, 'keys' | 'object'>) {
    this.#session = session;
  }

  changed(kind: string, key: string): void {
    if (kind === 'Pod' && this.#known) this.#dirty.add(key);
  }

  /** Takes in what changed since it was asked last. */
  pods(): ReadonlyMap<string, PodEntry> {
    const keys = this.#known ? this.#dirty : this.#session.keys('Pod');
    this.#known = true;
    for (const key of [...keys]) {
      const pod = this.#session.object('Pod', key) as KubeObject<'Pod'> | undefined;
      if (pod === undefined || pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed') {
        this.#pods.delete(key);
        continue;
      }
      const known = this.#pods.get(key);
      for (const volume of pod.spec.volumes)
        if (volume.persistentVolumeClaim !== undefined)
          this.#claims.set(`${pod.metadata.namespace ?? ''}/${volume.persistentVolumeClaim.claimName}`, {
            pod: pod.metadata.name,
            volume: volume.name,
          });
      const memoryLimit = memoryLimitOf(pod);
      const restarts = pod.status.containerStatuses.map((c) => [c.name, c.restartCount] as const);
      if (known !== undefined) {
        known.restarts = restarts;
        known.memoryLimit = memoryLimit;
      } else
        this.#pods.set(key, {
          owner: this.#ownerOf(pod),
          name: pod.metadata.name,
          node: pod.spec.nodeName ?? '',
          started: Date.parse(pod.status.startTime ?? ''),
          memoryLimit,
          restarts,
          before: undefined,
          rates: undefined,
          measured: undefined,
          throttled: undefined,
        });
    }
    this.#dirty.clear();
    return this.#pods;
  }

  /** The labels of the pod that has a volume claim mounted. */
  ofVolume(namespace: string, claim: string): { readonly workload: string; readonly pod: string; readonly volume: string } | undefined {
    const known = this.#claims.get(`${namespace}/${claim}`);
    const entry = known === undefined ? undefined : this.#pods.get(`${namespace}/${known.pod}`);
    return known === undefined || entry === undefined ? undefined : { workload: entry.owner.workload, ...known };
  }

  /** Of a pod that may be gone, by its name alone. */
  guess(namespace: string, pod: string): WorkloadName {
    const known = this.#pods.get(`${namespace}/${pod}`);
    if (known !== undefined) return known.owner;
    const byHash = /^(.+)-[a-z0-9]{8,10}-[a-z0-9]{5}$/.exec(pod)?.[1];
    if (byHash !== undefined) return this.#name(namespace, `Deployment/${byHash}`);
    const byNumber = /^(.+)-\d+$/.exec(pod)?.[1];
    if (byNumber !== undefined) return this.#name(namespace, `StatefulSet/${byNumber}`);
    const byEnd = /^(.+)-[a-z0-9]{5}$/.exec(pod)?.[1];
    const set = byEnd === undefined ? undefined : this.#session.object('DaemonSet', `${namespace}/${byEnd}`);
    return this.#name(namespace, set === undefined ? `Pod/${pod}` : `DaemonSet/${byEnd}`);
  }

  #ownerOf(pod: KubeObject<'Pod'>): WorkloadName {
    return this.#name(pod.metadata.namespace ?? '', topOwnerOf(this.#session, pod));
  }

  #name(namespace: string, workload: string): WorkloadName {
    const key = `${namespace}\n${workload}`;
    let name = this.#names.get(key);
    if (name === undefined) {
      if (this.#names.size > 50_000) this.#names.clear();
      this.#names.set(key, (name = { namespace, workload }));
    }
    return name;
  }
}

/** `Deployment/checkout`: what a person edits to change a pod, as far as its owners are known. */
export function topOwnerOf(session: Pick<ClusterSession, 'object'>, pod: KubeObject<'Pod'>): string {
  const namespace = pod.metadata.namespace ?? '';
  let [kind, name]: [string, string] = ['Pod', pod.metadata.name];
  let owner = pod.metadata.ownerReferences.find((o) => o.controller === true) ?? pod.metadata.ownerReferences[0];
  for (let steps = 0; owner !== undefined && steps < 4; steps++) {
    [kind, name] = [owner.kind, owner.name];
    const above =
      kind === 'ReplicaSet' || kind === 'Job' ? session.object(kind, `${namespace}/${name}`)?.metadata.ownerReferences : undefined;
    owner = above?.find((o) => o.controller === true) ?? above?.[0];
  }
  return `${kind}/${name}`;
}
