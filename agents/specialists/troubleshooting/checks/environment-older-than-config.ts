import { refOf } from '../../../contract/index.ts';
import { type CheckContext, type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { changedKeys } from '../changed-keys.ts';
import { CONFIG_KINDS, type ConfigKind, configReferences } from '../config-references.ts';
import { type ContainerRun, type Placed, containerWords, fieldEvidence, placedContainers, podsOf } from '../containers.ts';
import { count } from '../scheduling-evidence.ts';

/** Times of the kubelet and of the record are whole seconds. Milliseconds. */
const SECOND_MS = 1_000;
/** A container that is not ready for so little time is only starting. Milliseconds. */
const STARTING_MS = 5_000;
/** ConfigMaps and Secrets of one container whose changes are asked for. */
const MOST_ASKED = 8;

export const environmentOlderThanConfig = defineCheck({
  code: 'CFG-012',
  title: 'A program runs with values that were replaced since it started',
  severity: 'high',
  role: 'cause',
  kinds: CONFIG_KINDS,
  hypothesis: 'its environment is older than the ConfigMap or Secret it was taken from',
  doc: `Variables are read once, when a container starts. A Secret that is rotated, or a ConfigMap that is changed, after that reaches the program only with a new
container. It is the cause where a container that started before the change has stopped being ready since; one that is well needs nothing.`,
  run: (ctx) =>
    placedContainers(ctx).flatMap((placed): FindingDraft[] => {
      if (placed.role === 'init') return [];
      const unwell = placed.runs.filter((run) => isUnwell(run, ctx.now));
      return unwell.length === 0 ? [] : stale(ctx, placed, unwell).slice(0, 1);
    }),
});

function stale(ctx: CheckContext<ConfigKind>, placed: Placed, unwell: readonly ContainerRun[]): FindingDraft[] {
  const { workload } = placed;
  const references = configReferences(workload).filter((r) => r.container === placed.spec.name);
  const objects = [...new Map(references.map((r) => [`${r.kind}/${r.name}`, r])).values()].slice(0, MOST_ASKED);
  return objects.flatMap(({ kind, name }): FindingDraft[] => {
    const object = ctx.view.get(kind, workload.namespace, name);
    if (object === undefined) return [];
    const ref = refOf(object);
    const fact = ctx.ask({ type: 'changes', resource: ref, revision: object.metadata.resourceVersion });
    if (fact === undefined || !fact.ok) return [];
    const own = references.filter((r) => r.kind === kind && r.name === name);
    // Taken one by one, only the keys that are taken matter.
    const used = own.some((r) => r.key === undefined) ? undefined : new Set(own.map((r) => r.key));
    const change = fact.value.changes.find(
      (c) => c.type === 'changed' && changedKeys(c).some((key) => used === undefined || used.has(key)),
    );
    if (change === undefined) return [];
    const at = Date.parse(change.at);
    // Variables are taken before the container starts: one that started in the second of the change has the old ones.
    const old = unwell.filter((run) => startOf(run) <= at && unreadySince(run) >= at - SECOND_MS);
    if (old.length === 0) {
      ctx.passed(workload.ref, `it started after ${kind} ${name} was changed`);
      return [];
    }
    const [first] = old;
    const reference = own.find((r) => r.key !== undefined && changedKeys(change).includes(r.key)) ?? own[0];
    if (first === undefined || reference === undefined) return [];
    const started = new Date(startOf(first)).toISOString();
    return [
      {
        subject: workload.ref,
        field: reference.nameField,
        affects: [ref, ...podsOf(old)],
        message: `${containerWords(placed)} of ${workload.object.kind} ${workload.name} runs with what ${kind} ${name} held before it was changed (${changedKeys(
          change,
        )
          .map((k) => `key ${k}`)
          .join(
            ', ',
          )}): ${reference.use} is read at the start only, and since the change ${count(old.length, 'pod')} ${old.length === 1 ? 'is' : 'are'} not ready; restart it`,
        evidence: [
          {
            kind: 'change',
            resource: ref,
            text: change.summary,
            at: change.at,
            ...(change.by === null ? {} : { source: change.by.manager }),
          },
          fieldEvidence(refOf(first.pod), `status.containerStatuses[name=${placed.spec.name}].state.running.startedAt`, started),
        ],
        confidence: 0.85,
        // That what it has is refused since comes of the change.
        params: { container: placed.spec.name, path: placed.path, restart: true, changed: true },
      },
    ];
  });
}

const startOf = ({ status }: ContainerRun): number => Date.parse(status.state.running?.startedAt ?? '');
const unreadySince = ({ pod }: ContainerRun): number =>
  Date.parse(pod.status.conditions.find((c) => c.type === 'Ready' && c.status === 'False')?.lastTransitionTime ?? '');

function isUnwell(run: ContainerRun, now: number): boolean {
  return run.pod.metadata.deletionTimestamp == null && !run.status.ready && now - startOf(run) > STARTING_MS;
}
