import { defineCheck } from '../../../core/agent.ts';
import { parseQuantity } from '../../../core/quantity.ts';
import { CONTAINER_KINDS, containerWords, failedRun, fieldEvidence, placedContainers, podsOf, statusEvidence } from '../containers.ts';
import { count } from '../scheduling-evidence.ts';

export const outOfMemory = defineCheck({
  code: 'POD-004',
  title: 'A container is killed for using more memory than its limit',
  severity: 'high',
  role: 'cause',
  kinds: CONTAINER_KINDS,
  hypothesis: 'a container reaches its memory limit',
  doc: `The kernel ends a process that takes more memory than the container's control group may have; the kubelet reports OOMKilled. A limit
too small for the program, or a program that leaks: which of the two, only its use over time shows.`,
  run: (ctx) =>
    placedContainers(ctx).flatMap((placed) => {
      const killed = placed.runs.filter((r) => failedRun(r)?.reason === 'OOMKilled');
      const [first] = killed;
      if (first === undefined) {
        if (placed.runs.some((r) => failedRun(r) !== undefined))
          ctx.passed(placed.workload.ref, `container ${placed.spec.name} was not ended for its memory`);
        return [];
      }
      const limit = placed.spec.resources.limits['memory'];
      const restarts = Math.max(...killed.map((r) => r.status.restartCount));
      const field = `${placed.path}.resources.limits.memory`;
      return [
        {
          subject: placed.workload.ref,
          field,
          affects: podsOf(killed),
          message: `${containerWords(placed)} is killed because it needs more memory than ${limit === undefined ? 'the node can give' : `its limit of ${limit}`}; raise the limit, or find what takes the memory`,
          evidence: [
            statusEvidence(first, `OOMKilled, exit status ${failedRun(first)?.exitCode ?? 137}, ${count(restarts, 'restart')}`),
            fieldEvidence(placed.workload.ref, field, limit === undefined ? 'no limit' : `memory: ${limit}`),
          ],
          confidence: 0.96,
          params: {
            container: placed.spec.name,
            path: placed.path,
            limit: limit ?? '',
            bytes: parseQuantity(limit) ?? 0,
            request: placed.spec.resources.requests['memory'] ?? '',
          },
        },
      ];
    }),
});
