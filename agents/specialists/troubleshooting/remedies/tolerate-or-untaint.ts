import { defineRemedy } from '../../../core/agent.ts';
import { pointer } from '../../../core/paths.ts';
import { WORKLOAD_KINDS, workloadAt } from '../../../core/workloads.ts';
import { changeOrAdvice, replaceValue } from '../template-change.ts';

export const tolerateOrUntaint = defineRemedy({
  name: 'tolerate-or-untaint',
  codes: ['SCH-003'],
  kinds: WORKLOAD_KINDS,
  doc: `A toleration that misses a taint by one part is corrected to the taint. Otherwise a taint is somebody's decision about who may run
on a node; whether to lift it or to be let in does not follow from the cluster. So that is advice, with the exact taint.`,
  run: ({ finding, view }) => {
    const { path, part, wrong, right } = finding.params;
    const workload = workloadAt(view, finding.subject);
    if (workload !== undefined && typeof path === 'string' && typeof part === 'string' && right !== '')
      return changeOrAdvice(
        workload,
        wrong === ''
          ? [{ op: 'add', path: pointer(`${path}.${part}`), value: String(right) }]
          : replaceValue(`${path}.${part}`, String(wrong), String(right)),
        {
          remedy: 'tolerate-or-untaint',
          title: `Tolerate ${String(finding.params['taint'])} (${part} ${String(right)} instead of ${String(wrong) || 'none'})`,
          because: finding.message,
          verify: [finding.code],
        },
      );
    const taint = String(finding.params['taint'] ?? '');
    const node = finding.subject.kind === 'Node' ? finding.subject.name : 'NODE';
    return {
      advice: `If these pods may run there, add a toleration for ${taint} to their template; if the taint has had its day, remove it: kubectl taint node ${node} ${taint}-`,
    };
  },
});
