import { refOf, type KubeObject } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { isOver } from '../../../core/unexplained.ts';
import { matchesSelector } from '../../../core/selectors.ts';
import { fieldEvidence } from '../containers.ts';
import { count, names } from '../scheduling-evidence.ts';

type Budget = KubeObject<'PodDisruptionBudget'>;

export const disruptionBudgetsOverlap = defineCheck({
  code: 'PDB-004',
  title: 'More than one disruption budget counts the same pod',
  severity: 'low',
  role: 'cause',
  kinds: ['PodDisruptionBudget', 'Pod', 'Node'],
  hypothesis: 'more than one disruption budget counts its pods',
  doc: `The eviction of a pod that two PodDisruptionBudgets select is refused always, however many disruptions each allows: "This pod has more than one PodDisruptionBudget, which
the eviction subresource does not support". Nobody notices until a node is to be drained; while such a pod is on a cordoned node the drain never ends.`,
  run: ({ view }) => {
    const groups = new Map<string, { readonly budgets: readonly Budget[]; readonly pods: KubeObject<'Pod'>[] }>();
    for (const namespace of new Set(view.list('PodDisruptionBudget').map((b) => b.metadata.namespace ?? ''))) {
      const budgets = view.list('PodDisruptionBudget', namespace);
      if (budgets.length < 2) continue;
      for (const pod of view.list('Pod', namespace)) {
        if (isOver(pod) || pod.metadata.deletionTimestamp != null) continue;
        const over = budgets.filter((b) => matchesSelector(b.spec.selector, pod.metadata.labels));
        if (over.length < 2) continue;
        const key = `${namespace} ${over.map((b) => b.metadata.name).join()}`;
        const known = groups.get(key);
        if (known === undefined) groups.set(key, { budgets: over, pods: [pod] });
        else known.pods.push(pod);
      }
    }
    return [...groups.values()].flatMap(({ budgets, pods }): FindingDraft[] => {
      const [first, ...others] = budgets;
      if (first === undefined) return [];
      const cordoned = new Set(
        pods.flatMap((p) => view.get('Node', undefined, p.spec.nodeName ?? '') ?? []).filter((n) => n.spec.unschedulable === true),
      );
      const nodes = [...cordoned].map((n) => n.metadata.name);
      return [
        {
          subject: refOf(first),
          field: 'spec.selector',
          affects: [],
          ...(nodes.length > 0 ? { severity: 'medium' as const } : {}),
          message: `PodDisruptionBudget ${names(budgets.map((b) => b.metadata.name))} both count ${count(pods.length, 'pod')}, and a pod with more than one budget can never be evicted${nodes.length === 0 ? '' : `, so ${nodes.length === 1 ? 'node' : 'nodes'} ${names(nodes)}, cordoned, cannot be drained`}`,
          evidence: budgets.map((b) => fieldEvidence(refOf(b), 'spec.selector', JSON.stringify(b.spec.selector))),
          confidence: 0.95,
          params: {
            supply: `keep one budget over those pods: delete ${names(others.map((b) => b.metadata.name))} or ${first.metadata.name}, or narrow the selector of one`,
          },
        },
      ];
    });
  },
});
