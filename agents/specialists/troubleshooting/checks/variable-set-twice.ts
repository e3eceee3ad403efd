import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { maskedText } from '../../../core/masked-value.ts';
import { WORKLOAD_KINDS, workloads } from '../../../core/workloads.ts';
import { failedRun, fieldEvidence, placedContainers } from '../containers.ts';

export const variableSetTwice = defineCheck({
  code: 'CFG-010',
  title: 'A variable is set twice in one container, to different values',
  severity: 'low',
  role: 'cause',
  kinds: WORKLOAD_KINDS,
  hypothesis: 'a variable is set twice',
  doc: `In the env of a container the later entry of a name wins, silently. Two entries with different values are mostly a merge gone wrong. That env wins over envFrom
is how defaults are meant to be overridden, and stays without a word; so does an entry that is written twice with the same value.`,
  run: (ctx) => {
    const failing = new Set(
      placedContainers(ctx).flatMap((p) =>
        p.runs.some((r) => failedRun(r) !== undefined || !r.status.ready)
          ? [`${p.workload.ref.kind}/${p.workload.namespace}/${p.workload.name}/${p.spec.name}`]
          : [],
      ),
    );
    return workloads(ctx.view).flatMap((w): FindingDraft[] =>
      (['initContainers', 'containers'] as const).flatMap((list) =>
        w.template.spec[list].flatMap((container, c): FindingDraft[] => {
          const last = new Map(container.env.map((e, i) => [e.name, i]));
          return container.env.flatMap((first, i): FindingDraft[] => {
            const winner = last.get(first.name) ?? i;
            const later = container.env[winner];
            const source = (e: typeof first | undefined) => JSON.stringify([e?.value ?? '', e?.valueFrom ?? null]);
            // A value built on the one before it ($(PATH):/more) is meant.
            if (winner === i || source(first) === source(later) || (later?.value ?? '').includes(`$(${first.name})`)) return [];
            const at = `${w.specPath}.${list}[${c}].env`;
            const said = (e: typeof first | undefined) =>
              e?.valueFrom === undefined ? `"${maskedText([{ item: first.name }, 'value'], e?.value) ?? ''}"` : 'a reference';
            const hurts = failing.has(`${w.ref.kind}/${w.namespace}/${w.name}/${container.name}`);
            return [
              {
                subject: w.ref,
                field: `${at}[${winner}]`,
                affects: [],
                message: `variable ${first.name} of container ${container.name} is set twice: ${said(first)}, then ${said(later)}, which wins; take one of them out`,
                evidence: [fieldEvidence(w.ref, `${at}[${i}]`, said(first)), fieldEvidence(w.ref, `${at}[${winner}]`, said(later))],
                severity: hurts ? 'medium' : 'low',
                confidence: hurts ? 0.72 : 0.9,
                params: {
                  container: container.name,
                  variable: first.name,
                  supply: `take one of the two entries of ${first.name} out of ${at}: entry ${i} is not in force`,
                },
              },
            ];
          });
        }),
      ),
    );
  },
});
