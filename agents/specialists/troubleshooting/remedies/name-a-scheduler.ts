import { defineRemedy } from '../../../core/agent.ts';
import { WORKLOAD_KINDS, workloadAt } from '../../../core/workloads.ts';
import { changeOrAdvice, replaceValue } from '../template-change.ts';

export const nameAScheduler = defineRemedy({
  name: 'name-a-scheduler',
  codes: ['SCH-017'],
  kinds: WORKLOAD_KINDS,
  doc: `Names the scheduler that was probably meant: the near one, or the only one that places pods in this cluster.`,
  run: ({ finding, view }) => {
    const { wanted, meant } = finding.params;
    const workload = workloadAt(view, finding.subject);
    if (finding.field === undefined || workload === undefined || typeof wanted !== 'string')
      return { advice: 'See whether kube-scheduler runs and what it logs (in kube-system, or with who runs the control plane).' };
    if (typeof meant !== 'string')
      return { advice: `Start the scheduler ${wanted}, or name another in ${finding.field} of ${workload.object.kind} ${workload.name}.` };
    return changeOrAdvice(workload, replaceValue(finding.field, wanted, meant), {
      remedy: 'name-a-scheduler',
      title: `Have the pods of ${workload.object.kind} ${workload.name} placed by ${meant} instead of ${wanted}`,
      because: finding.message,
      verify: [finding.code],
    });
  },
});
