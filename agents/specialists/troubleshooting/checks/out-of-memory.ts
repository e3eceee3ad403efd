import { type KubeObject, refOf } from '../../../contract/index.ts';
import { defineCheck } from '../../../core/agent.ts';
import { parseQuantity } from '../../../core/quantity.ts';
import {
  CONTAINER_KINDS,
  type ContainerRun,
  containerWords,
  failedRun,
  fieldEvidence,
  placedContainers,
  podsOf,
  statusEvidence,
} from '../containers.ts';
import { fillsMemory, memoryVolumes } from '../memory-volumes.ts';
import { count } from '../scheduling-evidence.ts';
import { slippedUnits } from '../slipped-unit.ts';

export const outOfMemory = defineCheck({
  code: 'POD-004',
  title: 'A container is killed for using more memory than its limit',
  severity: 'high',
  role: 'cause',
  kinds: [...CONTAINER_KINDS, 'LimitRange'],
  hypothesis: 'a container reaches its memory limit',
  doc: `The kernel ends a process that takes more memory than the container's control group may have; the kubelet reports OOMKilled. A limit
too small for the program, or a program that leaks: which of the two, only its use over time shows. A limit that the template does not set may be the
default of a LimitRange, and what is written to an emptyDir of medium Memory counts as the container's memory.`,
  run: (ctx) =>
    placedContainers(ctx).flatMap((placed) => {
      if (slippedUnits(placed).length > 0) return [];
      const killed = placed.runs.filter((r) => failedRun(r)?.reason === 'OOMKilled');
      const [first] = killed;
      if (first === undefined) {
        if (placed.runs.some((r) => failedRun(r) !== undefined))
          ctx.passed(placed.workload.ref, `container ${placed.spec.name} was not ended for its memory`);
        return [];
      }
      const written = placed.spec.resources.limits['memory'];
      const limit = written ?? limitGiven(first);
      const range =
        written === undefined && limit !== undefined
          ? ctx.view.list('LimitRange', placed.workload.namespace).find((r) => givesDefault(r, limit))
          : undefined;
      const inMemory = memoryVolumes(placed);
      const restarts = Math.max(...killed.map((r) => r.status.restartCount));
      const field = `${placed.path}.resources.limits.memory`;
      return [
        {
          subject: placed.workload.ref,
          field,
          affects: podsOf(killed),
          message: `${containerWords(placed)} is killed because it needs more memory than ${limit === undefined ? 'the node can give' : `its limit of ${limit}`}${
            written !== undefined || limit === undefined
              ? ''
              : `, which its template does not set: ${range === undefined ? 'something gave it to the pod on its way in' : `it is the default of LimitRange ${range.metadata.name}`}`
          }${fillsMemory(inMemory)}; raise the limit, or find what takes the memory`,
          evidence: [
            statusEvidence(first, `OOMKilled, exit status ${failedRun(first)?.exitCode ?? 137}, ${count(restarts, 'restart')}`),
            fieldEvidence(placed.workload.ref, field, limit === undefined ? 'no limit' : `memory: ${limit}`),
            ...(range === undefined ? [] : [fieldEvidence(refOf(range), 'spec.limits', `default memory: ${limit ?? ''}`)]),
            ...inMemory.map((v) =>
              fieldEvidence(placed.workload.ref, v.field, `medium: Memory, sizeLimit: ${v.volume.emptyDir?.sizeLimit ?? 'none'}`),
            ),
          ],
          confidence: 0.96,
          params: {
            container: placed.spec.name,
            path: placed.path,
            limit: limit ?? '',
            bytes: parseQuantity(limit) ?? 0,
            written: written !== undefined,
            request: placed.spec.resources.requests['memory'] ?? '',
          },
        },
      ];
    }),
});

/** What the pod has where the template has nothing: a default of the namespace, or the choice of a webhook. */
const limitGiven = ({ pod, status }: ContainerRun): string | undefined =>
  [...pod.spec.containers, ...pod.spec.initContainers].find((c) => c.name === status.name)?.resources.limits['memory'];

const givesDefault = ({ spec }: KubeObject<'LimitRange'>, limit: string): boolean =>
  spec.limits.some((l) => l.type === 'Container' && parseQuantity(l.default['memory']) === parseQuantity(limit));
