import { defineRemedy } from '../../../core/agent.ts';
import { WORKLOAD_KINDS, workloadAt } from '../../../core/workloads.ts';
import { changeOrAdvice, replaceValue } from '../template-change.ts';

export const correctPodAffinity = defineRemedy({
  name: 'correct-pod-affinity',
  codes: ['SCH-013'],
  kinds: WORKLOAD_KINDS,
  doc: `Where pods carry nearly the label value that required pod affinity asks for, asks for that.`,
  run: ({ finding, view }) => {
    const { wrong, meant } = finding.params;
    const workload = workloadAt(view, finding.subject);
    if (workload === undefined || finding.field === undefined) return undefined;
    if (typeof wrong !== 'string' || typeof meant !== 'string')
      return { advice: `Start the pods it must be near to, or change ${finding.field} of ${workload.object.kind} ${workload.name}.` };
    return changeOrAdvice(workload, replaceValue(finding.field, wrong, meant), {
      remedy: 'correct-pod-affinity',
      title: `Ask to be near pods with ${meant} instead of ${wrong}`,
      because: finding.message,
      verify: [finding.code],
    });
  },
});
