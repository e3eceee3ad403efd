import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { WORKLOAD_KINDS } from '../../../core/workloads.ts';
import { type Placed, containerWords, fieldEvidence, logEvidence, placedContainers, podsOf } from '../containers.ts';
import { failingRuns, lastSaying } from '../failing-runs.ts';
import { portTaken } from '../log-causes.ts';

/** Whether the manifest says that a container opens the port: declared, probed, or named in its arguments or environment. */
function opens({ spec }: Placed, port: number): boolean {
  const probes = [spec.readinessProbe, spec.livenessProbe, spec.startupProbe].flatMap(
    (p) => p?.httpGet?.port ?? p?.tcpSocket?.port ?? p?.grpc?.port ?? [],
  );
  const word = new RegExp(`(?:^|\\D)${port}(?:\\D|$)`);
  return (
    spec.ports.some((p) => p.containerPort === port) ||
    probes.includes(port) ||
    [...spec.command, ...spec.args].some((a) => word.test(a)) ||
    spec.env.some((e) => /port|listen|addr|bind/i.test(e.name) && word.test(e.value ?? ''))
  );
}

export const portAlreadyTaken = defineCheck({
  code: 'POD-010',
  title: 'A program cannot open its port because another has it',
  severity: 'high',
  role: 'cause',
  kinds: WORKLOAD_KINDS,
  hypothesis: 'its port is taken by another container',
  doc: `All containers of a pod share one network address, so a port can be opened by one of them only. The log says that the address is in use; which other container
of the pod means the same port follows from its declared ports, probes, arguments and environment. Pods on the network of the node share the node's ports.`,
  run: (ctx) =>
    lastSaying(failingRuns(ctx), portTaken).map(({ placed, run, line, says: { port } }): FindingDraft => {
      const others = placedContainers(ctx).filter((p) => p.workload === placed.workload && p !== placed && p.role !== 'init');
      const rival = port === undefined ? undefined : others.find((p) => opens(p, port));
      const onNode = placed.workload.template.spec.hostNetwork === true;
      const what = port === undefined ? 'its port' : `port ${port}`;
      return {
        subject: placed.workload.ref,
        field: placed.path,
        affects: podsOf(placed.runs.filter((r) => !r.status.ready)),
        message: `${containerWords(placed)} cannot open ${what}: ${rival !== undefined ? `${containerWords(rival)} of the same pod has it` : onNode ? 'something else on the node has it (hostNetwork)' : 'something in the pod has it already'}; give one of them another port`,
        evidence: [
          logEvidence(run, line),
          ...(rival === undefined
            ? []
            : [fieldEvidence(placed.workload.ref, rival.path, `${containerWords(rival)} opens port ${port ?? ''}`)]),
        ],
        confidence: rival !== undefined || onNode ? 0.93 : 0.75,
        params: {
          container: placed.spec.name,
          path: placed.path,
          supply: `have ${containerWords(placed)} listen on another port than ${port ?? 'the one that is taken'}, and send its Service and probes there`,
        },
      };
    }),
});
