import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { fieldEvidence } from '../containers.ts';

/** What `20%` of so many pods is; the controller rounds up. */
const amount = (value: string | number | undefined, of: number): number | undefined =>
  value === undefined
    ? undefined
    : typeof value === 'number'
      ? value
      : /^\d+%$/.test(value)
        ? Math.ceil((Number(value.slice(0, -1)) / 100) * of)
        : undefined;

/** A budget and its pods come one after the other, and its status follows them. Milliseconds. */
const GRACE_MS = 2_000;

export const disruptionBudgetAllowsNone = defineCheck({
  code: 'PDB-001',
  title: 'A disruption budget never lets a pod be moved',
  severity: 'medium',
  role: 'cause',
  kinds: ['PodDisruptionBudget'],
  hypothesis: 'its disruption budget blocks every drain',
  doc: `All pods of the budget are healthy and still none may be evicted: it demands as many as there are, or allows none to be absent. Every drain of a node
that has one of them waits for ever, and so does an upgrade of the cluster. Where pods are merely not healthy yet it is silent: that passes.`,
  run: ({ view, now, passed }) =>
    view.list('PodDisruptionBudget').flatMap((pdb): FindingDraft[] => {
      const { minAvailable, maxUnavailable } = pdb.spec;
      const { currentHealthy = 0, expectedPods = 0, disruptionsAllowed = 0 } = pdb.status;
      const ref = refOf(pdb);
      if (now - Date.parse(pdb.metadata.creationTimestamp ?? '') < GRACE_MS || expectedPods === 0 || currentHealthy < expectedPods)
        return [];
      if (disruptionsAllowed > 0) {
        passed(ref, `${disruptionsAllowed} may be absent`);
        return [];
      }
      const least = amount(minAvailable, expectedPods);
      const byLeast = least !== undefined && least >= expectedPods;
      const byMost = amount(maxUnavailable, expectedPods) === 0;
      if (!byLeast && !byMost) return [];
      const field = byLeast ? 'spec.minAvailable' : 'spec.maxUnavailable';
      const wrong = byLeast ? minAvailable : maxUnavailable;
      const right =
        expectedPods < 2
          ? undefined
          : byLeast
            ? typeof wrong === 'number'
              ? expectedPods - 1
              : undefined
            : typeof wrong === 'number'
              ? 1
              : undefined;
      return [
        {
          subject: ref,
          field,
          affects: [],
          message: `${field.slice(5)} ${String(wrong)} of ${expectedPods} pod${expectedPods === 1 ? '' : 's'} lets none be moved, so draining a node that has one of them never ends${right === undefined ? (expectedPods === 1 ? '; run two, or drop the budget' : '') : `; ${right} would let one go at a time`}`,
          evidence: [
            fieldEvidence(ref, field, String(wrong)),
            fieldEvidence(ref, 'status.disruptionsAllowed', `0, with ${currentHealthy} of ${expectedPods} healthy`),
          ],
          confidence: 0.9,
          params: {
            ...(wrong === undefined ? {} : { wrong }),
            ...(right === undefined
              ? { supply: 'a budget that lets one pod go needs at least two pods: raise the replicas, or set maxUnavailable to 1' }
              : { right }),
          },
        },
      ];
    }),
});
