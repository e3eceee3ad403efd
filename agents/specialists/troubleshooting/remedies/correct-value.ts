import type { JsonPatchOp } from '../../../contract/index.ts';
import { defineRemedy } from '../../../core/agent.ts';
import { pointer } from '../../../core/paths.ts';
import { WORKLOAD_KINDS, workloadAt } from '../../../core/workloads.ts';
import { modeWords } from '../mounts.ts';
import { changeOrAdvice, replaceValue } from '../template-change.ts';

export const correctValue = defineRemedy({
  name: 'correct-value',
  codes: [
    'CFG-010',
    'CFG-011',
    'CFG-013',
    'CFG-014',
    'CRN-001',
    'CRN-002',
    'CRN-003',
    'CRN-004',
    'CRN-005',
    'CRN-006',
    'DEP-002',
    'DNS-001',
    'DST-001',
    'DST-002',
    'GTW-001',
    'GTW-002',
    'HPA-001',
    'HPA-002',
    'HPA-003',
    'HPA-004',
    'ING-001',
    'ING-002',
    'ING-003',
    'ING-004',
    'ING-005',
    'ING-006',
    'JOB-001',
    'MSH-001',
    'NOD-001',
    'NOD-002',
    'NOD-003',
    'NOD-004',
    'NOD-005',
    'NOD-006',
    'NOD-007',
    'NOD-008',
    'PDB-001',
    'PDB-002',
    'PDB-004',
    'POD-001',
    'POD-010',
    'POD-011',
    'POD-012',
    'POD-013',
    'POD-014',
    'POD-015',
    'POD-016',
    'POD-017',
    'POD-018',
    'POD-019',
    'PRB-004',
    'RUN-001',
    'RUN-003',
    'RUN-004',
    'RUN-005',
    'RUN-006',
    'SCH-001',
    'SCH-010',
    'SCH-018',
    'SVC-001',
    'SVC-011',
    'SVC-012',
    'SVC-013',
    'SVC-014',
    'SVC-015',
    'SVC-016',
    'SVC-017',
    'TLS-001',
    'VOL-011',
    'VOL-012',
    'CFG-016',
    'CFG-017',
    'CFG-018',
    'DNS-004',
    'POD-020',
    'POD-021',
    'RBC-004',
    'SVC-018',
    'PRB-005',
    'SVC-019',
  ],
  kinds: WORKLOAD_KINDS,
  doc: `Where a check knows which one value is right (wrong and right of the finding), sets the field to it while it is what was seen; where it
does not, says what a person must supply.`,
  run: ({ finding, view }) => {
    const { wrong, right, supply } = finding.params;
    if (finding.field === undefined || right === undefined) return typeof supply === 'string' ? { advice: supply } : undefined;
    const ops: JsonPatchOp[] =
      typeof wrong === 'string' || typeof wrong === 'number'
        ? replaceValue(finding.field, wrong, right as string | number)
        : [
            ...(wrong === undefined ? [] : [{ op: 'test' as const, path: pointer(finding.field), value: wrong }]),
            { op: wrong === undefined ? 'add' : 'replace', path: pointer(finding.field), value: right },
          ];
    const short = finding.field.split('.').at(-1) ?? finding.field;
    // Nobody reads modes of files in decimal.
    const words = (value: unknown) => (short === 'defaultMode' && typeof value === 'number' ? modeWords(value) : String(value));
    const plan = {
      remedy: 'correct-value',
      title: `Set ${short} of ${finding.subject.kind} ${finding.subject.name} to ${words(right)}${wrong === undefined ? '' : ` instead of ${words(wrong)}`}`,
      because: finding.message,
      verify: [finding.code],
    };
    const workload = workloadAt(view, finding.subject);
    if (workload !== undefined && finding.field.startsWith(workload.specPath)) return changeOrAdvice(workload, ops, plan);
    return {
      plans: [{ ...plan, actions: [{ type: 'patch', target: finding.subject, ops }], stableForSeconds: 10, atLeastRisk: 'medium' }],
    };
  },
});
