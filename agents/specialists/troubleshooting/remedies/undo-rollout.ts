import { defineRemedy } from '../../../core/agent.ts';
import { WORKLOAD_KINDS, workloadAt } from '../../../core/workloads.ts';
import { earlierRevision } from '../revisions.ts';

export const undoRollout = defineRemedy({
  name: 'undo-rollout',
  codes: [
    'POD-001',
    'POD-002',
    'POD-003',
    'POD-014',
    'POD-015',
    'POD-016',
    'POD-017',
    'POD-018',
    'VOL-011',
    'POD-004',
    'DNS-001',
    'CFG-010',
    'CFG-011',
    'PRB-010',
    'PRB-011',
    'RUN-006',
    'RUN-004',
    'RUN-003',
    'RUN-002',
    'RUN-001',
    'SVC-011',
    'POD-012',
    'POD-011',
    'POD-010',
    'IMG-001',
    'IMG-002',
    'IMG-003',
    'IMG-004',
    'IMG-005',
    'IMG-006',
    'CFG-001',
    'CFG-002',
    'CFG-003',
    'CFG-004',
    'PRB-001',
    'PRB-002',
    'PRB-003',
    'PRB-004',
    'DEP-001',
    'SCH-001',
    'SCH-002',
    'SCH-003',
    'SCH-005',
    'SCH-006',
    'SCH-011',
    'SCH-012',
    'SCH-013',
    'SCH-014',
    'SCH-016',
    'SCH-017',
    'VOL-001',
    'QTA-001',
    'QTA-002',
    'RBC-002',
    'RBC-001',
    'ADM-005',
    'ADM-004',
    'ADM-001',
    'QTA-003',
    'CFG-016',
    'CFG-017',
    'CFG-018',
    'DNS-004',
    'POD-020',
    'POD-021',
    'RBC-004',
  ],
  kinds: WORKLOAD_KINDS,
  doc: `Where an earlier revision of a Deployment differs just where the fault lies, puts its pod template back. First choice when that revision
still serves; otherwise a proposal after the precise change, because an older revision may be wrong in other ways.`,
  run: ({ finding, view }) => {
    const w = workloadAt(view, finding.subject);
    if (w === undefined) return undefined;
    const earlier = earlierRevision(w, finding);
    if (earlier === undefined) return undefined;
    return {
      plans: [
        {
          remedy: 'undo-rollout',
          title: `Put revision ${earlier.revision} of ${w.object.kind} ${w.name} back`,
          because: earlier.serves
            ? `revision ${earlier.revision} differs where the fault lies and is still serving`
            : `revision ${earlier.revision} differs where the fault lies`,
          actions: [{ type: 'undo-rollout', target: w.ref, revision: earlier.revision }],
          verify: [finding.code],
          stableForSeconds: 10,
          atLeastRisk: 'medium',
        },
      ],
    };
  },
});
