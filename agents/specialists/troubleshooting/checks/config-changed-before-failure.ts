import { type Change, type KubeObject, type ResourceRef, refOf } from '../../../contract/index.ts';
import { type CheckContext, type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { isReady } from '../../../core/unexplained.ts';
import { type Workload, revisionOf } from '../../../core/workloads.ts';
import { changedKeys } from '../changed-keys.ts';
import { CONFIG_KINDS, type ConfigKind, configReferences } from '../config-references.ts';
import { type ContainerRun, failedRun, failureLog, logEvidence, placedContainers, statusEvidence } from '../containers.ts';
import { tellingLine } from '../../../core/telling-line.ts';
import { count } from '../scheduling-evidence.ts';

/** A change is suspected for a day: a pod that is moved tonight starts with what was changed this morning. Milliseconds. */
const SUSPECT_MS = 24 * 3_600_000;
/** What the kubelet read at the start of a container may be this much older than the change. */
const SECOND_MS = 1_000;
/** ConfigMaps and Secrets of one workload whose changes are asked for. */
const MOST_ASKED = 8;

type Ctx = CheckContext<ConfigKind>;

export const configChangedBeforeFailure = defineCheck({
  code: 'CFG-030',
  title: 'A change of a ConfigMap or Secret broke the pods that started since',
  severity: 'high',
  role: 'cause',
  kinds: CONFIG_KINDS,
  hypothesis: 'a change of its configuration broke the pods that started since',
  doc: `Values were changed in a ConfigMap or Secret that the workload uses, the workload's own template is older than that, and the containers that
started since fail, while pods that started before still run, or ran until then. The record of changes tells who, when, and which key; what was there
before is not kept, so that a person must put it back.`,
  run: (ctx) => {
    const failing = new Map<Workload, ContainerRun[]>();
    for (const placed of placedContainers(ctx))
      for (const run of placed.runs)
        if (failedRun(run) !== undefined) failing.set(placed.workload, [...(failing.get(placed.workload) ?? []), run]);
    return [...failing].flatMap(([workload, runs]) => suspects(ctx, workload, runs).slice(0, 1));
  },
});

function suspects(ctx: Ctx, workload: Workload, runs: readonly ContainerRun[]): FindingDraft[] {
  const names = new Map(configReferences(workload).map((r) => [`${r.kind}/${r.name}`, r]));
  return [...names.values()].slice(0, MOST_ASKED).flatMap(({ kind, name }): FindingDraft[] => {
    const object = ctx.view.get(kind, workload.namespace, name);
    if (object === undefined) return [];
    const ref = refOf(object);
    const fact = ctx.ask({ type: 'changes', resource: ref, revision: object.metadata.resourceVersion });
    if (fact === undefined || !fact.ok) return [];
    const change = fact.value.changes.find((c) => c.type === 'changed' && changedKeys(c).length > 0);
    const at = change === undefined ? Number.NaN : Date.parse(change.at);
    if (change === undefined || !(ctx.now - at <= SUSPECT_MS)) {
      ctx.passed(workload.ref, `${kind} ${name} was not changed lately`);
      return [];
    }
    return broke(ctx, workload, runs, ref, change, at);
  });
}

function broke(ctx: Ctx, workload: Workload, runs: readonly ContainerRun[], ref: ResourceRef, change: Change, at: number): FindingDraft[] {
  const bad = runs.filter((run) => startOf(run) >= at - SECOND_MS && !failedBefore(run, at, ctx.now));
  const [first] = bad;
  // Where one failed before the change as well it is for another reason; so it is where the template came later.
  if (first === undefined || bad.length < runs.length || templateAge(workload) >= at - SECOND_MS) return [];
  const before = workload.currentPods.filter((pod) => isReady(pod) && readySince(pod) < at);
  const ranBefore = before.length > 0 || bad.some(({ pod }) => Date.parse(pod.metadata.creationTimestamp ?? '') < at - SECOND_MS);
  const ended = failedRun(first);
  const line = ended === undefined ? undefined : tellingLine(failureLog(ctx, first, ended) ?? []);
  const keys = changedKeys(change);
  const who = change.by === null ? '' : ` by ${change.by.manager}`;
  const [field] = keys;
  return [
    {
      subject: ref,
      ...(keys.length === 1 && field !== undefined ? { field: `data[${field}]` } : {}),
      affects: [workload.ref, ...bad.map((run) => refOf(run.pod))],
      message: `${ref.kind} ${ref.name} was changed${who} (${keys.map((k) => `key ${k}`).join(', ')}), and since then ${count(bad.length, 'container')} of ${workload.object.kind} ${workload.name} ${bad.length === 1 ? 'has' : 'have'} started with it and failed${before.length > 0 ? `, while ${count(before.length, 'pod')} from before ${before.length === 1 ? 'runs' : 'run'} on` : ''}; put back what was there`,
      evidence: [
        {
          kind: 'change',
          resource: ref,
          text: change.summary,
          at: change.at,
          ...(change.by === null ? {} : { source: change.by.manager }),
        },
        statusEvidence(first, `started ${new Date(startOf(first)).toISOString()}, exit status ${ended?.exitCode ?? 'unknown'}`),
        ...(line === undefined ? [] : [logEvidence(first, line)]),
      ],
      confidence: before.length > 0 ? 0.85 : ranBefore ? 0.75 : 0.45,
      params: { changed: true, keys: keys.join(', ') },
    },
  ];
}

/** When the run that failed began; in its absence the pod's own start. */
function startOf({ pod, status }: ContainerRun): number {
  const started = status.state.terminated?.startedAt ?? status.lastState.terminated?.startedAt ?? pod.status.startTime;
  return Date.parse(started ?? pod.metadata.creationTimestamp ?? '');
}

/** A pod that was not ready before the change, or that has fallen more often than it can have since. */
function failedBefore({ pod, status }: ContainerRun, at: number, now: number): boolean {
  const unready = pod.status.conditions.find((c) => c.type === 'Ready' && c.status === 'False')?.lastTransitionTime;
  if (Date.parse(pod.metadata.creationTimestamp ?? '') >= at - SECOND_MS) return false;
  return Date.parse(unready ?? '') < at - SECOND_MS || status.restartCount > mostRestarts((now - at) / 1_000);
}

/** The kubelet waits 10 s before a restart, twice as long each time, at most five minutes (and the first comes at once). */
const mostRestarts = (seconds: number): number =>
  2 + (seconds < 300 ? Math.log2(1 + Math.max(0, seconds) / 10) : Math.log2(31) + (seconds - 300) / 300);

const readySince = (pod: KubeObject<'Pod'>): number =>
  Date.parse(pod.status.conditions.find((c) => c.type === 'Ready')?.lastTransitionTime ?? '');

/** When the present template came: with the newest ReplicaSet of a Deployment; of others only their creation is known. */
function templateAge({ object, replicaSets }: Workload): number {
  const newest = [...replicaSets].sort((a, b) => revisionOf(b) - revisionOf(a))[0];
  return Date.parse((newest ?? object).metadata.creationTimestamp ?? '');
}
