import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { nearest } from '../../../core/nearest.ts';
import { field } from '../../../core/paths.ts';
import { matchesSelector } from '../../../core/selectors.ts';
import { WORKLOAD_KINDS, workloads } from '../../../core/workloads.ts';
import { fieldEvidence } from '../containers.ts';

/** A budget and its pods come one after the other, and its status follows them. Milliseconds. */
const GRACE_MS = 2_000;

export const disruptionBudgetMatchesNothing = defineCheck({
  code: 'PDB-002',
  title: 'A disruption budget protects nothing',
  severity: 'low',
  role: 'cause',
  kinds: ['PodDisruptionBudget', ...WORKLOAD_KINDS],
  hypothesis: 'its selector matches no pods',
  doc: `The selector of the budget matches no pod and no workload's template of its namespace, so a drain may take down everything at once that it was written
for. Silent where the workload is merely scaled to zero.`,
  run: ({ view, now, passed }) =>
    view.list('PodDisruptionBudget').flatMap((pdb): FindingDraft[] => {
      const { namespace = '' } = pdb.metadata;
      const { selector } = pdb.spec;
      const ref = refOf(pdb);
      const all = workloads(view, namespace);
      if (
        now - Date.parse(pdb.metadata.creationTimestamp ?? '') < GRACE_MS ||
        !view.complete('Pod', namespace) ||
        !view.complete('Deployment', namespace) ||
        !view.complete('StatefulSet', namespace)
      )
        return [];
      if (
        all.some(
          (w) => matchesSelector(selector, w.template.metadata.labels) || w.pods.some((p) => matchesSelector(selector, p.metadata.labels)),
        )
      ) {
        passed(ref, 'it selects pods');
        return [];
      }
      const entries = Object.entries(selector?.matchLabels ?? {});
      const [key, value] = entries.length === 1 && selector?.matchExpressions.length === 0 ? (entries[0] ?? []) : [];
      const values = key === undefined ? [] : [...new Set(all.flatMap((w) => w.template.metadata.labels[key] ?? []))];
      const right = value === undefined ? undefined : nearest(value, values);
      const at = key === undefined ? 'spec.selector' : field('spec.selector.matchLabels', key);
      return [
        {
          subject: ref,
          field: at,
          affects: [],
          message: `the selector ${entries.map(([k, v]) => `${k}=${v}`).join(', ') || 'of the budget'} matches no pod in ${namespace}, so nothing is protected${right === undefined ? '' : `; was ${right} meant?`}`,
          evidence: [fieldEvidence(ref, at, value ?? JSON.stringify(selector ?? null))],
          confidence: 0.9,
          params: {
            ...(value === undefined ? {} : { wrong: value }),
            ...(right === undefined
              ? { supply: 'set the selector to labels that the pods carry, or delete the budget with the workload it was for' }
              : { right }),
          },
        },
      ];
    }),
});
