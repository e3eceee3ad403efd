import { type KubeObject, refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { matchesNodeTerms } from '../../../core/selectors.ts';
import { fieldEvidence } from '../containers.ts';
import { isNew } from '../new-objects.ts';
import { names, nodeNames } from '../scheduling-evidence.ts';
import { untolerated } from '../scheduling-filters.ts';

type Node = KubeObject<'Node'>;
/** Nodes of the control plane are kept free on purpose; that most things do not run there is no news. */
const CONTROL_PLANE = /^node-role\.kubernetes\.io\/(?:control-plane|master)$/;

export const daemonSetKeptOffNodes = defineCheck({
  code: 'DST-002',
  title: 'A DaemonSet is kept off nodes',
  severity: 'medium',
  role: 'cause',
  kinds: ['DaemonSet', 'Node'],
  hypothesis: 'its affinity or the taints of nodes keep it off',
  doc: `A DaemonSet makes no pod for a node whose taint its pods do not tolerate, or that its node affinity leaves out; nothing is pending that would say so.
Where that leaves no node at all it is a fault. Where it leaves some out by a taint (that of the control plane apart) it is a remark: which nodes, and
by which taint.`,
  run: ({ view, now, passed }) => {
    const nodes = view.list('Node');
    if (nodes.length === 0 || !view.complete('Node')) return [];
    return view.list('DaemonSet').flatMap((set): FindingDraft[] => {
      const { spec } = set.spec.template;
      const ref = refOf(set);
      const scheduled = set.status.desiredNumberScheduled;
      if (scheduled === undefined || isNew(set, now)) return [];
      const wanted = nodes.filter((n) => Object.entries(spec.nodeSelector).every(([k, v]) => n.metadata.labels[k] === v));
      // A selector that no node matches is another check's.
      if (wanted.length === 0) return [];
      const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
      const near = terms === undefined ? wanted : wanted.filter((n) => matchesNodeTerms(terms, n));
      const base = 'spec.template.spec';
      if (near.length === 0)
        return scheduled > 0
          ? []
          : [
              {
                subject: ref,
                field: `${base}.affinity.nodeAffinity`,
                affects: [],
                message: `the node affinity of the DaemonSet matches none of ${nodeNames(wanted)}, so it runs nowhere`,
                evidence: [
                  fieldEvidence(ref, `${base}.affinity.nodeAffinity`, JSON.stringify(terms)),
                  fieldEvidence(ref, 'status.desiredNumberScheduled', '0'),
                ],
                confidence: 0.85,
                params: { supply: `correct ${base}.affinity.nodeAffinity, or label the nodes it is meant for` },
              },
            ];
      const off = near.flatMap((n) => {
        const taints = untolerated(spec, n).filter((t) => scheduled === 0 || !CONTROL_PLANE.test(t.key));
        return taints.length === 0 ? [] : [{ node: n, taints }];
      });
      if (off.length === 0 || (scheduled === 0 && off.length < near.length)) {
        if (off.length === 0) passed(ref, 'no taint keeps it off a node');
        return [];
      }
      const words = [...new Set(off.flatMap(({ taints }) => taints.map(taintWords)))];
      return [
        {
          subject: ref,
          field: `${base}.tolerations`,
          affects: [],
          message: `the DaemonSet does not run on ${nodeNames(off.map((o) => o.node))}: it does not tolerate ${names(words)}${scheduled === 0 ? ', so it runs nowhere' : ''}`,
          evidence: [
            ...off.slice(0, 3).map(({ node, taints }) => fieldEvidence(refOf(node), 'spec.taints', taints.map(taintWords).join(', '))),
            fieldEvidence(ref, 'status.desiredNumberScheduled', String(scheduled)),
          ],
          ...(scheduled === 0 ? {} : { severity: 'info' as const }),
          confidence: scheduled === 0 ? 0.9 : 0.7,
          params: {
            supply: `if it is meant for ${nodeNames(off.map((o) => o.node))}, add a toleration for ${names(words)} to ${base}.tolerations`,
          },
        },
      ];
    });
  },
});

const taintWords = ({ key, value, effect }: Node['spec']['taints'][number]) =>
  `${key}${value === undefined || value === '' ? '' : `=${value}`}:${effect}`;
