import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { matchesNodeTerms } from '../../../core/selectors.ts';
import { count, nodeNames, schedulerSaid } from '../scheduling-evidence.ts';
import { boundVolumes } from '../scheduling-filters.ts';
import { SCHEDULING_KINDS } from '../scheduling-kinds.ts';
import { stuckAt } from '../scheduling.ts';

export const volumeOnNoEligibleNode = defineCheck({
  code: 'VOL-006',
  title: 'A bound volume can be reached from no node the pod may run on',
  severity: 'high',
  role: 'cause',
  kinds: SCHEDULING_KINDS,
  hypothesis: 'its volume is on a node where it may not run',
  doc: `A volume's node affinity (a local disk, a zone) binds its pods to those nodes. Where the node is gone, or the pod's own selector
excludes it, the pod waits for ever.`,
  run: ({ view }) =>
    stuckAt(view, 'volume').flatMap((stuck): FindingDraft[] => {
      const { workload, spec, pods, blame } = stuck;
      const out = boundVolumes(view, spec, workload.namespace).find(({ pv }) => {
        const terms = pv.spec.nodeAffinity?.required?.nodeSelectorTerms;
        return terms !== undefined && !blame.candidates.some((n) => matchesNodeTerms(terms, n));
      });
      if (out === undefined) return [];
      const terms = out.pv.spec.nodeAffinity?.required?.nodeSelectorTerms ?? [];
      const wants = terms
        .map((t) => t.matchExpressions.map((e) => `${e.key} ${e.operator} (${e.values.join(', ')})`).join(' and '))
        .join(', or ');
      const there = view.list('Node').filter((n) => matchesNodeTerms(terms, n));
      return [
        {
          subject: refOf(out.claim),
          affects: pods.map(refOf),
          message:
            `${count(pods.length, 'pod')} cannot be placed: PersistentVolume ${out.pv.metadata.name} of this claim is only on nodes with ${wants}, ` +
            (there.length === 0
              ? 'and no such node exists'
              : `that is ${nodeNames(there)}, where the pod's own selector or affinity does not let it run`),
          evidence: [
            { kind: 'field', resource: refOf(out.pv), source: 'spec.nodeAffinity.required', text: wants },
            ...schedulerSaid(stuck),
          ],
          confidence: 0.94,
          params: { volume: out.pv.metadata.name },
        },
      ];
    }),
});
