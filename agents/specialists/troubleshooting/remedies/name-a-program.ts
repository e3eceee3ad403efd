import { defineRemedy } from '../../../core/agent.ts';
import { WORKLOAD_KINDS, workloadAt } from '../../../core/workloads.ts';
import { earlierRevision } from '../revisions.ts';

export const nameAProgram = defineRemedy({
  name: 'name-a-program',
  codes: ['POD-001', 'POD-003'],
  kinds: WORKLOAD_KINDS,
  doc: `Which program was meant, or what the program lacks, nobody but the team knows. Says so where no earlier revision could be put back.`,
  run: ({ finding, view }) => {
    const w = workloadAt(view, finding.subject);
    // What is there, and only may not be executed, has a value that is right.
    if (w === undefined || finding.params['right'] !== undefined || earlierRevision(w, finding) !== undefined) return undefined;
    const { container } = finding.params;
    const quoted = finding.evidence.find((e) => e.kind === 'log' || e.source?.endsWith('.message') === true);
    return {
      advice:
        finding.code === 'POD-001'
          ? `Name a program the image has in the command or args of container ${String(container)} of ${w.object.kind} ${w.name}, or use the image that has this one.`
          : quoted === undefined
            ? `Read what the program of container ${String(container)} says before it ends: kubectl logs POD -n ${w.namespace} -c ${String(container)} --previous`
            : `Correct what the program of container ${String(container)} complains about; its ${quoted.kind === 'log' ? 'log is' : 'last words are'} quoted in the evidence.`,
    };
  },
});
