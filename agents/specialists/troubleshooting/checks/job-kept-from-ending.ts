import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { WORKLOAD_KINDS } from '../../../core/workloads.ts';
import { type Placed, containerWords, placedContainers, statusEvidence } from '../containers.ts';

/** What serves others does not end by itself; what works may just take longer. Milliseconds. */
const SERVER_MS = 15_000;
const WORKER_MS = 1_800_000;

const isServer = ({ spec }: Placed) => spec.ports.length > 0 || spec.readinessProbe !== undefined || spec.livenessProbe !== undefined;

export const jobKeptFromEnding = defineCheck({
  code: 'CRN-003',
  title: 'A container that does not end keeps a Job from finishing',
  severity: 'medium',
  role: 'cause',
  kinds: WORKLOAD_KINDS,
  hypothesis: 'a container that never ends keeps its Job from finishing',
  doc: `A Job's pod is done when all its containers are. One has ended well, another that serves (it declares ports or probes) runs on, so the Job never
finishes and, with concurrencyPolicy Forbid, no later one starts. A native sidecar (an init container with restartPolicy Always) is ended by the
kubelet when the others are done.`,
  run: (ctx) => {
    const byWorkload = new Map<string, Placed[]>();
    for (const placed of placedContainers(ctx)) {
      const { kind } = placed.workload.object;
      if ((kind !== 'Job' && kind !== 'CronJob') || placed.role !== 'main') continue;
      const key = `${kind}/${placed.workload.namespace}/${placed.workload.name}`;
      byWorkload.set(key, [...(byWorkload.get(key) ?? []), placed]);
    }
    return [...byWorkload.values()].flatMap((all) => all.flatMap((running) => keeps(running, all, ctx.now)));
  },
});

function keeps(running: Placed, all: readonly Placed[], now: number): FindingDraft[] {
  for (const run of running.runs) {
    if (run.status.state.running === undefined) continue;
    const others = all.filter((p) => p !== running).flatMap((p) => p.runs.filter((r) => r.pod === run.pod));
    const ends = others.map((r) =>
      r.status.state.terminated?.exitCode === 0 ? Date.parse(r.status.state.terminated.finishedAt ?? '') : NaN,
    );
    const last = Math.max(...ends);
    // Every other one has ended, and well; one that still works is a reason to wait.
    if (ends.length === 0 || !(now - last > (isServer(running) ? SERVER_MS : WORKER_MS))) continue;
    const [first] = others;
    return [
      {
        subject: running.workload.ref,
        field: running.path,
        affects: [refOf(run.pod)],
        message: `${containerWords(running)} runs on after ${first === undefined ? 'the others' : `container ${first.status.name}`} has finished, so the Job never ends; make it a sidecar (an init container with restartPolicy Always), or let it end`,
        evidence: [
          statusEvidence(run, 'running'),
          ...others.slice(0, 2).map((r) => statusEvidence(r, `ended with status 0 at ${r.status.state.terminated?.finishedAt ?? '?'}`)),
        ],
        confidence: isServer(running) ? 0.9 : 0.7,
        params: {
          container: running.spec.name,
          path: running.path,
          supply: `move container ${running.spec.name} to initContainers with restartPolicy: Always, so that it is ended when the work is done`,
        },
      },
    ];
  }
  return [];
}
