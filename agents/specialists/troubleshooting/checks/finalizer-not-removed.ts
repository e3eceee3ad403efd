import { type Kind, type KubeObject, type ResourceRef, refOf, refWords } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { fieldEvidence } from '../containers.ts';
import { names } from '../scheduling-evidence.ts';

/** Kinds whose objects are looked at one by one; what is of other kinds, the namespace's own conditions name. */
const HELD_KINDS = [
  'ConfigMap',
  'Secret',
  'Service',
  'ServiceAccount',
  'Pod',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'Job',
  'CronJob',
  'Ingress',
  'PersistentVolumeClaim',
  'PersistentVolume',
  'Namespace',
  'CustomResourceDefinition',
] as const satisfies readonly Kind[];

/** Whoever is to clean up is given this long. Milliseconds. */
const GRACE_MS = 20_000;
/** The cluster's own: they go when what they wait for goes. */
const OWN = /^(?:foregroundDeletion|orphan|kubernetes|(?:[\w.-]+\.)?k8s\.io\/.*|kubernetes\.io\/.*|(?:[\w-]+\.)*kubernetes\.io\/.*)$/;

export const finalizerNotRemoved = defineCheck({
  code: 'NSP-002',
  title: 'A finalizer is not removed',
  severity: 'medium',
  role: 'cause',
  kinds: HELD_KINDS,
  hypothesis: 'a finalizer keeps it from being deleted',
  doc: `An object that is being deleted stays until each of its finalizers was removed by whoever put it there. Where that controller is gone,
or fails, the object stays for ever, and with it its namespace. A claim that a pod still mounts is no such fault: it says what it waits for;
unless that pod was made again before the claim was gone, for then each keeps the other, or others wait for a place that mount it too.`,
  run: ({ view, now }) => {
    let users: ReturnType<typeof claimUsers> | undefined;
    return HELD_KINDS.flatMap((kind) =>
      (view.list(kind) as readonly KubeObject<(typeof HELD_KINDS)[number]>[]).flatMap((object): FindingDraft[] => {
        const { metadata } = object;
        if (metadata.deletionTimestamp == null || metadata.finalizers.length === 0) return [];
        const age = now - Date.parse(metadata.deletionTimestamp);
        if (age < GRACE_MS) return [];
        const ref = refOf(object);
        const foreign = metadata.finalizers.filter((f) => !OWN.test(f));
        const evidence = [
          fieldEvidence(ref, 'metadata.deletionTimestamp', metadata.deletionTimestamp),
          fieldEvidence(ref, 'metadata.finalizers', metadata.finalizers.join(', ')),
        ];
        const since = metadata.deletionTimestamp;
        if (foreign.length === 0) {
          if (kind !== 'PersistentVolumeClaim') return [];
          users ??= claimUsers(view.list('Pod'));
          const by = users.get(`${metadata.namespace ?? ''}/${metadata.name}`) ?? [];
          if (by.length === 0) return [];
          // A pod that was made again before the claim was gone keeps the claim, and the claim keeps the pod from any node.
          const waiting = by.filter((pod) =>
            view.get('Pod', pod.namespace, pod.name)?.status.conditions.some((c) => c.type === 'PodScheduled' && c.status === 'False'),
          );
          if (waiting.length === by.length)
            return [
              {
                subject: ref,
                field: 'metadata.finalizers',
                affects: waiting,
                severity: 'high',
                message: `it is being deleted since ${since}, and ${names(waiting.map(refWords))}, made again before it was gone, waits for it and keeps it`,
                evidence,
                confidence: 0.9,
                params: {
                  waits: true,
                  supply: `Delete ${names(waiting.map(refWords))}: the claim goes then, and both are made again, the claim with a new and empty volume. What is on the old volume goes with it unless its PersistentVolume says Retain: set that first if it is needed.`,
                },
              },
            ];
          // Pods that run still have it; whoever mounts it anew finds no place while it is on its way out.
          const kept = waiting.length > 0;
          return [
            {
              subject: ref,
              field: 'metadata.finalizers',
              affects: waiting,
              severity: kept ? 'high' : 'low',
              message: `it has been waiting to be deleted since ${since}, and ${names(by.filter((pod) => !waiting.includes(pod)).map(refWords))} still ${by.length - waiting.length === 1 ? 'mounts' : 'mount'} it${kept ? `; until it is gone ${names(waiting.map(refWords))} cannot be placed` : ''}`,
              evidence,
              confidence: 0.9,
              params: {
                waits: true,
                ...(kept
                  ? {
                      supply: `A deletion cannot be taken back. Save what is on the volume while a pod still mounts it (set persistentVolumeReclaimPolicy of its PersistentVolume to Retain first), then scale the workload down so that the claim goes, create the claim again, and scale up.`,
                    }
                  : {}),
              },
            },
          ];
        }
        return [
          {
            subject: ref,
            field: 'metadata.finalizers',
            affects: inNamespace(view.get('Namespace', undefined, metadata.namespace ?? '')),
            message: `${refWords(ref)} has been waiting to be deleted since ${since}, and ${foreign.length === 1 ? 'finalizer' : 'finalizers'} ${names(foreign)} ${foreign.length === 1 ? 'is' : 'are'} not removed by whoever put ${foreign.length === 1 ? 'it' : 'them'} there`,
            evidence,
            confidence: 0.9,
            params: { finalizers: foreign.join(', ') },
          },
        ];
      }),
    );
  },
});

const inNamespace = (namespace: KubeObject<'Namespace'> | undefined): ResourceRef[] =>
  namespace?.metadata.deletionTimestamp == null ? [] : [refOf(namespace)];

function claimUsers(pods: readonly KubeObject<'Pod'>[]): ReadonlyMap<string, readonly ResourceRef[]> {
  const users = new Map<string, ResourceRef[]>();
  for (const pod of pods) {
    if (pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed') continue;
    for (const { persistentVolumeClaim: claim } of pod.spec.volumes) {
      if (claim === undefined) continue;
      const key = `${pod.metadata.namespace ?? ''}/${claim.claimName}`;
      users.set(key, [...(users.get(key) ?? []), refOf(pod)]);
    }
  }
  return users;
}
