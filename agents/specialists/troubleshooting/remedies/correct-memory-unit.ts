import { defineRemedy } from '../../../core/agent.ts';
import { WORKLOAD_KINDS } from '../../../core/workloads.ts';
import { placedContainers } from '../containers.ts';
import { slippedUnits } from '../slipped-unit.ts';
import { changeOrAdvice, replaceValue } from '../template-change.ts';

export const correctMemoryUnit = defineRemedy({
  name: 'correct-memory-unit',
  codes: ['RUN-007'],
  kinds: WORKLOAD_KINDS,
  doc: `Writes the same number with the suffix Mi, the limit and the request that were slipped alike.`,
  run: ({ finding, view, now }) => {
    const placed = placedContainers({ view, now }).find(
      (p) =>
        p.path === finding.params['path'] &&
        p.workload.ref.name === finding.subject.name &&
        p.workload.namespace === finding.subject.namespace &&
        p.workload.object.kind === finding.subject.kind,
    );
    const slipped = placed === undefined ? [] : slippedUnits(placed);
    if (placed === undefined || slipped.length === 0) return undefined;
    const ops = slipped.flatMap((s) => replaceValue(`${placed.path}.resources.${s.side}.memory`, s.written, s.meant));
    return changeOrAdvice(placed.workload, ops, {
      remedy: 'correct-memory-unit',
      title: `Write ${slipped.map((s) => `${s.meant} instead of ${s.written}`).join(', ')} as memory of container ${placed.spec.name}`,
      because: finding.message,
      verify: ['RUN-007'],
    });
  },
});
