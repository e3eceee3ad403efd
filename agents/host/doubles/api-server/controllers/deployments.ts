import type { Json, KubeObject } from '../../../../contract/index.ts';
import { canonical } from '../../../../core/canonical.ts';
import { revisionOf } from '../../../../core/workloads.ts';
import { sameJson } from '../../../actions/json-patch.ts';
import { type RawObject, resourceOf } from '../objects.ts';
import { say } from './kube-events.ts';
import { type World, all, conditions, owned, ownerReference, rawOf, setStatus, suffix, typed } from './world.ts';

const COMPONENT = 'deployment-controller';
const REVISION = 'deployment.kubernetes.io/revision';
const HASH = 'pod-template-hash';

type Deployment = KubeObject<'Deployment'>;
type ReplicaSet = KubeObject<'ReplicaSet'>;
interface Template {
  readonly metadata?: { readonly labels?: Record<string, string>; readonly [key: string]: unknown };
  readonly spec?: Record<string, unknown>;
}

/** Rolling updates as Kubernetes does them: a new template is a new ReplicaSet, old pods go as new ones serve. */
export function deployments(world: World): void {
  for (const deployment of all(world, 'Deployment')) {
    const current = deployment.spec.paused === true ? undefined : currentSet(world, deployment);
    const sets = owned(world, 'ReplicaSet', deployment);
    const newest = current ?? [...sets].sort((a, b) => revisionOf(b) - revisionOf(a))[0];
    if (newest === undefined) continue;
    roll(
      world,
      deployment,
      newest,
      sets.filter((s) => s.metadata.uid !== newest.metadata.uid),
    );
    report(world, deployment, newest.metadata.name);
  }
}

/** The ReplicaSet of the template as it is, made or given the newest revision where needed. */
function currentSet(world: World, deployment: Deployment): ReplicaSet | undefined {
  const raw = rawOf(world, deployment);
  const template = raw?.spec?.['template'] as Template | undefined;
  if (raw === undefined || template === undefined) return undefined;
  const sets = owned(world, 'ReplicaSet', deployment);
  const newest = Math.max(0, ...sets.map(revisionOf));
  const same = sets.find((s) => sameJson(withoutHash(rawOf(world, s)), template));
  if (same !== undefined) {
    if (revisionOf(same) === newest) return same;
    const old = rawOf(world, same);
    if (old === undefined) return same;
    const annotations = { ...old.metadata.annotations, [REVISION]: String(newest + 1) };
    return typed('ReplicaSet', world.table.put({ ...old, metadata: { ...old.metadata, annotations } }));
  }
  const { name, namespace, labels } = deployment.metadata;
  const hash = suffix(canonical(template), 10);
  const made: RawObject = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${hash}`,
      ...(namespace === undefined ? {} : { namespace }),
      creationTimestamp: world.time.stamp(),
      labels: { ...labels, ...template.metadata?.labels, [HASH]: hash },
      annotations: { [REVISION]: String(newest + 1) },
      ownerReferences: [ownerReference(deployment, 'apps/v1')],
    },
    spec: {
      replicas: 0,
      selector: { matchLabels: { ...deployment.spec.selector?.matchLabels, [HASH]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels: { ...template.metadata?.labels, [HASH]: hash } } },
    },
    status: { replicas: 0 },
  };
  return typed('ReplicaSet', world.table.put(made));
}

function withoutHash(set: RawObject | undefined): Json {
  const template = set?.spec?.['template'] as Template | undefined;
  const { [HASH]: _hash, ...labels } = template?.metadata?.labels ?? {};
  return { ...template, metadata: { ...template?.metadata, labels } } as unknown as Json;
}

/** A count or a share of the replicas. */
function share(value: string | number | undefined, replicas: number, round: (n: number) => number): number {
  if (typeof value === 'number') return value;
  return round((replicas * Number.parseInt(value ?? '25%', 10)) / 100);
}

const available = (set: ReplicaSet) => set.status.availableReplicas ?? 0;
const size = (set: ReplicaSet) => set.spec.replicas ?? 1;

function roll(world: World, deployment: Deployment, current: ReplicaSet, old: readonly ReplicaSet[]): void {
  const wanted = deployment.spec.replicas ?? 1;
  const { type, rollingUpdate } = deployment.spec.strategy ?? {};
  const olds = old.reduce((n, s) => n + size(s), 0);
  if (type === 'Recreate') {
    for (const set of old) resize(world, deployment, set, 0);
    if (old.every((s) => owned(world, 'Pod', s).length === 0)) resize(world, deployment, current, wanted);
    return;
  }
  const surge = share(rollingUpdate?.maxSurge, wanted, Math.ceil);
  const fewer = share(rollingUpdate?.maxUnavailable, wanted, Math.floor);
  const least = wanted - (surge + fewer === 0 ? 1 : fewer);
  const next = Math.max(Math.min(wanted, wanted + surge - olds), Math.min(size(current), wanted));
  resize(world, deployment, current, next);
  // Old pods that do not serve are no loss; of those that do, as many go as are not needed.
  let removable = olds + next - least - (next - available(current));
  let spare = available(current) + old.reduce((n, s) => n + available(s), 0) - least;
  for (const set of old) {
    const broken = Math.max(0, Math.min(size(set) - available(set), removable));
    const served = Math.max(0, Math.min(available(set), spare, removable - broken));
    if (broken + served === 0) continue;
    removable -= broken + served;
    spare -= served;
    resize(world, deployment, set, size(set) - broken - served);
  }
}

function resize(world: World, deployment: Deployment, set: ReplicaSet, replicas: number): void {
  const raw = world.table.get(resourceOf('ReplicaSet'), set.metadata.namespace, set.metadata.name);
  if (raw === undefined || raw.spec?.['replicas'] === replicas) return;
  const words = `Scaled ${replicas > size(set) ? 'up' : 'down'} replica set ${set.metadata.name} from ${size(set)} to ${replicas}`;
  world.table.put({ ...raw, spec: { ...raw.spec, replicas } });
  say(world, deployment, 'Normal', 'ScalingReplicaSet', words, COMPONENT);
}

/** When a rollout last got on, by Deployment and revision. */
const progress = new WeakMap<World, Map<string, { at: number; state: string }>>();

function report(world: World, deployment: Deployment, currentName: string): void {
  const sets = owned(world, 'ReplicaSet', deployment);
  const current = sets.find((s) => s.metadata.name === currentName);
  const wanted = deployment.spec.replicas ?? 1;
  const sum = (of: (s: ReplicaSet) => number | undefined) => sets.reduce((n, s) => n + (of(s) ?? 0), 0);
  const updated = current?.status.replicas ?? 0;
  const ready = sum((s) => s.status.readyReplicas);
  const total = sum((s) => s.status.replicas);
  const fewer = share(deployment.spec.strategy?.rollingUpdate?.maxUnavailable, wanted, Math.floor);
  const enough = ready >= wanted - fewer;
  const complete = updated === wanted && total === wanted && ready === wanted;
  const late = isLate(world, deployment, `${currentName}/${updated}/${total}/${current?.status.readyReplicas ?? 0}`, complete);
  const refused = current?.status.conditions.find((c) => c.type === 'ReplicaFailure');
  setStatus(
    world,
    deployment,
    {
      observedGeneration: deployment.metadata.generation,
      replicas: total,
      updatedReplicas: updated,
      readyReplicas: ready,
      availableReplicas: ready,
      ...(ready < Math.max(wanted, total) ? { unavailableReplicas: Math.max(wanted, total) - ready } : {}),
      conditions: conditions(world, deployment.status.conditions, [
        enough
          ? { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable', message: 'Deployment has minimum availability.' }
          : {
              type: 'Available',
              status: 'False',
              reason: 'MinimumReplicasUnavailable',
              message: 'Deployment does not have minimum availability.',
            },
        late
          ? {
              type: 'Progressing',
              status: 'False',
              reason: 'ProgressDeadlineExceeded',
              message: `ReplicaSet "${currentName}" has timed out progressing.`,
            }
          : {
              type: 'Progressing',
              status: 'True',
              reason: complete ? 'NewReplicaSetAvailable' : 'ReplicaSetUpdated',
              message: `ReplicaSet "${currentName}" ${complete ? 'has successfully progressed.' : 'is progressing.'}`,
            },
        ...(refused === undefined ? [] : [refused]),
      ]),
    },
    current === undefined ? undefined : { [REVISION]: String(revisionOf(current)) },
  );
}

/** Whether nothing has got on for longer than the Deployment allows. */
function isLate(world: World, deployment: Deployment, state: string, complete: boolean): boolean {
  let known = progress.get(world);
  if (known === undefined) progress.set(world, (known = new Map()));
  const before = known.get(deployment.metadata.uid);
  const limit = (deployment.spec.progressDeadlineSeconds ?? 600) * 1000;
  const now = world.time.now();
  if (before?.state !== state) {
    known.set(deployment.metadata.uid, { at: now, state });
    if (!complete) world.time.after(limit, world.wake);
    return false;
  }
  const said = deployment.status.conditions.find((c) => c.type === 'Progressing');
  // A finished rollout whose pods fail later is not late: the deadline is for rollouts.
  return !complete && (said?.reason === 'ProgressDeadlineExceeded' || now - before.at >= limit);
}
