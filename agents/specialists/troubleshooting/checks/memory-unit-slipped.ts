import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { CONTAINER_KINDS, containerWords, fieldEvidence, placedContainers, podsOf } from '../containers.ts';
import { slippedUnits } from '../slipped-unit.ts';

export const memoryUnitSlipped = defineCheck({
  code: 'RUN-007',
  title: 'A memory limit is written in the wrong unit',
  severity: 'high',
  role: 'cause',
  kinds: CONTAINER_KINDS,
  hypothesis: 'its memory limit is written in the wrong unit',
  doc: `In Kubernetes the suffix m means thousandths: memory: 128m is an eighth of a byte, and a number without a suffix counts bytes. No container can be
made within such a limit, and what the runtime or the kubelet says (no space left on device, killed for its memory) leads elsewhere. MiB are written Mi.
A limit of a pod that runs is left alone.`,
  run: (ctx) =>
    placedContainers(ctx).flatMap((placed): FindingDraft[] => {
      const slipped = slippedUnits(placed);
      const [first] = slipped;
      const failing = placed.runs.filter((r) => !r.status.ready);
      if (first === undefined || failing.length === 0) return [];
      const field = `${placed.path}.resources.limits.memory`;
      return [
        {
          subject: placed.workload.ref,
          field,
          affects: podsOf(failing),
          message: `${containerWords(placed)} may use ${first.written} of memory, which is ${first.written.endsWith('m') ? 'thousandths of a byte' : 'bytes'}, so it cannot be made; ${first.meant} was meant`,
          evidence: slipped.map((s) =>
            fieldEvidence(placed.workload.ref, `${placed.path}.resources.${s.side}.memory`, `memory: ${s.written}`),
          ),
          confidence: 0.97,
          params: { container: placed.spec.name, path: placed.path },
        },
      ];
    }),
});
