import type { KubeObject } from '../../../../contract/index.ts';
import { isReady } from '../../../../core/unexplained.ts';
import { say } from './kube-events.ts';
import { refusedByQuota } from './quotas.ts';
import { type World, all, conditions, owned, ownerReference, rawOf, remove, setStatus, suffix } from './world.ts';

const COMPONENT = 'replicaset-controller';

/** Makes and removes pods until there are as many as asked for. */
export function replicaSets(world: World): void {
  for (const set of all(world, 'ReplicaSet')) {
    const pods = owned(world, 'Pod', set);
    const wanted = set.spec.replicas ?? 1;
    let refused: string | undefined;
    for (let n = pods.length; n < wanted && refused === undefined; n++) refused = makePod(world, set, n);
    // Those that serve are the last to go.
    const spare = [...pods].sort((a, b) => Number(isReady(a)) - Number(isReady(b))).slice(0, Math.max(0, pods.length - wanted));
    for (const pod of spare) {
      remove(world, pod);
      say(world, set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`, COMPONENT);
    }
    const left = owned(world, 'Pod', set);
    const ready = left.filter(isReady).length;
    setStatus(world, set, {
      replicas: left.length,
      fullyLabeledReplicas: left.length,
      readyReplicas: ready,
      availableReplicas: ready,
      observedGeneration: set.metadata.generation,
      ...(refused === undefined
        ? {}
        : {
            conditions: conditions(world, set.status.conditions, [
              { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: refused },
            ]),
          }),
    });
  }
}

/** The answer is why the pod was refused. */
function makePod(world: World, set: KubeObject<'ReplicaSet'>, n: number): string | undefined {
  const raw = rawOf(world, set);
  const template = raw?.spec?.['template'] as { metadata?: object; spec?: Record<string, unknown> } | undefined;
  if (template === undefined) return undefined;
  const name = freeName(world, set, n);
  const before = set.status.conditions.find((c) => c.type === 'ReplicaFailure')?.message;
  const refusal = refusedByQuota(world, set.metadata.namespace ?? '', name, set.spec.template);
  if (refusal !== undefined) {
    // Asked at every look, said once.
    if (before !== undefined) return before;
    say(world, set, 'Warning', 'FailedCreate', `Error creating: ${refusal}`, COMPONENT);
    return refusal;
  }
  newPod(world, name, set, 'apps/v1', template, {});
  say(world, set, 'Normal', 'SuccessfulCreate', `Created pod: ${name}`, COMPONENT);
  return undefined;
}

function freeName(world: World, set: KubeObject<'ReplicaSet'>, n: number): string {
  for (let i = n; ; i++) {
    const name = `${set.metadata.name}-${suffix(`${set.metadata.uid}/${i}/${world.time.now()}`)}`;
    if (world.table.get('pods', set.metadata.namespace, name) === undefined) return name;
  }
}

/** A pod as the API server stores it when a controller makes it of a template. */
export function newPod(
  world: World,
  name: string,
  owner: KubeObject,
  apiVersion: string,
  template: { metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> }; spec?: Record<string, unknown> },
  labels: Readonly<Record<string, string>>,
): void {
  const { namespace } = owner.metadata;
  const { annotations } = template.metadata ?? {};
  world.table.put({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      creationTimestamp: world.time.stamp(),
      labels: { ...template.metadata?.labels, ...labels },
      ...(annotations === undefined ? {} : { annotations }),
      ownerReferences: [ownerReference(owner, apiVersion)],
    },
    spec: { restartPolicy: 'Always', dnsPolicy: 'ClusterFirst', terminationGracePeriodSeconds: 30, ...template.spec },
    status: { phase: 'Pending' },
  });
}
