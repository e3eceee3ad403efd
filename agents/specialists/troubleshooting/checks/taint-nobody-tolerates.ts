import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { refOf } from '../../../contract/index.ts';
import { nearest } from '../../../core/nearest.ts';
import { tolerates } from '../../../core/selectors.ts';
import { workloads } from '../../../core/workloads.ts';
import { count, nodeNames, schedulerSaid, smallestChange } from '../scheduling-evidence.ts';
import { untolerated } from '../scheduling-filters.ts';
import { SCHEDULING_KINDS } from '../scheduling-kinds.ts';
import { type Stuck, stuckAt } from '../scheduling.ts';
import { taintWords } from '../scheduling-table.ts';

type Taint = ReturnType<typeof untolerated>[number];

/** The toleration that was probably meant for the taint: all but one of its parts agree, and that one nearly. */
function almost({ workload }: Stuck, taint: Taint) {
  const { tolerations } = workload.template.spec;
  for (const [i, t] of tolerations.entries()) {
    const at = `${workload.specPath}.tolerations[${i}]`;
    const exists = t.operator === 'Exists';
    const [key, value, effect] = [
      t.key === taint.key,
      exists || (t.value ?? '') === (taint.value ?? ''),
      (t.effect ?? '') === '' || t.effect === taint.effect,
    ];
    if (key && !value && effect) return { path: at, part: 'value', wrong: t.value ?? '', right: taint.value ?? '' };
    if (key && value && !effect) return { path: at, part: 'effect', wrong: t.effect ?? '', right: taint.effect };
    if (!key && value && effect && nearest(t.key ?? '', [taint.key]) !== undefined)
      return { path: at, part: 'key', wrong: t.key ?? '', right: taint.key };
  }
  return undefined;
}

export const taintNobodyTolerates = defineCheck({
  code: 'SCH-003',
  title: 'A taint keeps it off every node it could run on',
  severity: 'high',
  role: 'cause',
  kinds: SCHEDULING_KINDS,
  hypothesis: 'the nodes it could run on have taints that it does not tolerate',
  doc: `A taint repels pods without a matching toleration. The scheduler's message counts tainted nodes and does not name the taint
any more. Taints that Kubernetes sets by itself (node.kubernetes.io/…) are not a choice and are not blamed here. A toleration that
differs in one part only (key, value or effect) is what a person mistyped; else, where other workloads tolerate the taint, the one that
does not is what a person edits; where nobody does, it is the node.`,
  run: ({ view }) => {
    const nobody = new Map<string, FindingDraft>();
    const own: FindingDraft[] = [];
    for (const stuck of stuckAt(view, 'taints')) {
      const nodes = stuck.blame.candidates;
      // The node with the fewest taints against it is the one to speak of.
      const against = nodes.map((node) => ({ node, taints: untolerated(stuck.spec, node) }));
      const near = against.flatMap(({ node, taints: [t, ...more] }) => {
        const slip = t === undefined || more.length > 0 ? undefined : almost(stuck, t);
        return t === undefined || slip === undefined ? [] : [{ node, taint: t, slip }];
      })[0];
      const fewest = against.sort((a, b) => a.taints.length - b.taints.length)[0];
      const node = near?.node ?? fewest?.node;
      const taint = near?.taint ?? fewest?.taints[0];
      if (node === undefined || taint === undefined) continue;
      const evidence = nodes.slice(0, 5).flatMap((n) =>
        untolerated(stuck.spec, n).map((t) => ({
          kind: 'field' as const,
          resource: refOf(n),
          source: 'spec.taints',
          text: taintWords(t),
        })),
      );
      const words = `the taint ${taintWords(taint)} of ${nodes.length === 1 ? 'node ' : 'nodes '}${nodeNames(nodes)}`;
      const pods = count(stuck.pods.length, 'pod');
      if (near !== undefined) {
        const { path, part, wrong, right } = near.slip;
        own.push({
          subject: stuck.workload.ref,
          field: `${path}.${part}`,
          affects: stuck.pods.map(refOf),
          message: `${pods} cannot be placed: its toleration has the ${part} ${wrong || '(none)'}, and the taint ${taintWords(taint)} of node ${node.metadata.name} has ${right || 'none'}; no other node would do`,
          evidence: [
            { kind: 'field', resource: stuck.workload.ref, source: `${path}.${part}`, text: wrong || '(not set)' },
            ...evidence,
            ...schedulerSaid(stuck),
          ],
          confidence: 0.95,
          params: { taint: taintWords(taint), path, part, wrong, right },
        });
        continue;
      }
      const tolerated = workloads(view).some((w) => w.object.kind !== 'DaemonSet' && tolerates(w.template.spec.tolerations, taint));
      if (tolerated) {
        own.push({
          subject: stuck.workload.ref,
          field: `${stuck.workload.specPath}.tolerations`,
          affects: stuck.pods.map(refOf),
          message: `${pods} cannot be placed: it does not tolerate ${words}, and no other node would do${smallestChange(stuck)}`,
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
        message: `${count(affects.length, 'pod')} cannot be placed: nobody tolerates ${words}, and no other node would do${smallestChange(stuck)}`,
        evidence: known?.evidence ?? [...evidence, ...schedulerSaid(stuck)],
        confidence: 0.93,
        params: { taint: taintWords(taint) },
      });
    }
    return [...own, ...nobody.values()];
  },
});
