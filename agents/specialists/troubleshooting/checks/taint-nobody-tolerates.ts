import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { refOf } from '../../../contract/index.ts';
import { tolerates } from '../../../core/selectors.ts';
import { workloads } from '../../../core/workloads.ts';
import { count, nodeNames, schedulerSaid } from '../scheduling-evidence.ts';
import { SCHEDULING_KINDS, stuckAt, untolerated } from '../scheduling.ts';

const taintWords = (t: { key: string; value?: string | undefined; effect: string }) =>
  `${t.key}${t.value === undefined || t.value === '' ? '' : `=${t.value}`}:${t.effect}`;

export const taintNobodyTolerates = defineCheck({
  code: 'SCH-003',
  title: 'A taint keeps it off every node it could run on',
  severity: 'high',
  role: 'cause',
  kinds: SCHEDULING_KINDS,
  hypothesis: 'the nodes it could run on have taints that it does not tolerate',
  doc: `A taint repels pods without a matching toleration. The scheduler's message counts tainted nodes and does not name the taint
any more. Taints that Kubernetes sets by itself (node.kubernetes.io/…) are not a choice and are not blamed here. Where other workloads
tolerate the taint, the one that does not is what a person edits; where nobody does, it is the node.`,
  run: ({ view }) => {
    const nobody = new Map<string, FindingDraft>();
    const own: FindingDraft[] = [];
    for (const stuck of stuckAt(view, 'taints')) {
      const nodes = stuck.blame.candidates;
      const [node] = nodes;
      const taint = node === undefined ? undefined : untolerated(stuck.spec, node)[0];
      if (node === undefined || taint === undefined) continue;
      const evidence = nodes.slice(0, 5).flatMap((n) =>
        untolerated(stuck.spec, n).map((t) => ({
          kind: 'field' as const,
          resource: refOf(n),
          source: 'spec.taints',
          text: taintWords(t),
        })),
      );
      const tolerated = workloads(view).some((w) => w.object.kind !== 'DaemonSet' && tolerates(w.template.spec.tolerations, taint));
      const words = `the taint ${taintWords(taint)} of ${nodes.length === 1 ? 'node ' : 'nodes '}${nodeNames(nodes)}`;
      if (tolerated) {
        own.push({
          subject: stuck.workload.ref,
          field: `${stuck.workload.specPath}.tolerations`,
          affects: stuck.pods.map(refOf),
          message: `${count(stuck.pods.length, 'pod')} cannot be placed: it does not tolerate ${words}, and no other node would do`,
          evidence: [...evidence, ...schedulerSaid(stuck)],
          confidence: 0.93,
          params: { taint: taintWords(taint) },
        });
        continue;
      }
      const key = `${node.metadata.name}|${taintWords(taint)}`;
      const known = nobody.get(key);
      const affects = [...(known?.affects ?? []), ...stuck.pods.map(refOf)];
      nobody.set(key, {
        subject: refOf(node),
        field: `spec.taints[${node.spec.taints.indexOf(taint)}]`,
        affects,
        message: `${count(affects.length, 'pod')} cannot be placed: nobody tolerates ${words}, and no other node would do`,
        evidence: known?.evidence ?? [...evidence, ...schedulerSaid(stuck)],
        confidence: 0.93,
        params: { taint: taintWords(taint) },
      });
    }
    return [...own, ...nobody.values()];
  },
});
