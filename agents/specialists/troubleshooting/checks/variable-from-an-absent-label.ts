import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { nearest } from '../../../core/nearest.ts';
import { WORKLOAD_KINDS } from '../../../core/workloads.ts';
import { containerWords, fieldEvidence, logEvidence, podsOf } from '../containers.ts';
import { missingVariable } from '../error-lines.ts';
import { failingRuns, lastSaying } from '../failing-runs.ts';
import { names } from '../scheduling-evidence.ts';

/** `metadata.labels['tier']`, with either quote (downward API). */
const OF_META = /^metadata\.(labels|annotations)\[["'](.+)["']\]$/;

export const variableFromAnAbsentLabel = defineCheck({
  code: 'CFG-017',
  title: 'A variable is taken from a label or annotation that the pod does not have',
  severity: 'high',
  role: 'cause',
  kinds: WORKLOAD_KINDS,
  hypothesis: 'a label or annotation that a variable is taken from is missing',
  doc: `With fieldRef a variable gets the value of a label or annotation of the pod (downward API). Where the pod has none of that name the variable is empty, and nothing says so
but the program, which ended because of it. Labels of the Deployment itself are not those of its pods: they stand in the template.`,
  run: (ctx) =>
    lastSaying(failingRuns(ctx), missingVariable).flatMap(({ placed, run, line, says: variable }): FindingDraft[] => {
      const { workload, spec, path } = placed;
      const at = spec.env.findIndex((e) => e.name === variable);
      const fieldPath = spec.env[at]?.valueFrom?.fieldRef?.fieldPath ?? '';
      const [, list, key] = OF_META.exec(fieldPath) ?? [];
      if ((list !== 'labels' && list !== 'annotations') || key === undefined || run.pod.metadata[list][key] !== undefined) return [];
      const has = Object.keys(workload.template.metadata[list]);
      const meant = nearest(key, has);
      const word = list.slice(0, -1);
      const field = `${path}.env[${at}].valueFrom.fieldRef.fieldPath`;
      return [
        {
          subject: workload.ref,
          field,
          affects: podsOf(placed.runs.filter((r) => !r.status.ready || r.unproven)),
          message: `${containerWords(placed)} takes ${variable} from the ${word} ${key} of its pod, and the pod has none of that name, so it is empty; ${meant === undefined ? `the template has ${names(has) || 'none'}` : `was ${meant} meant?`}`,
          evidence: [logEvidence(run, line), fieldEvidence(workload.ref, field, fieldPath)],
          confidence: 0.95,
          params: {
            container: spec.name,
            path,
            variable,
            ...(meant === undefined
              ? {
                  supply: `give the pod template of ${workload.object.kind} ${workload.name} the ${word} ${key} (in spec.template.metadata.${list}), or set ${variable} otherwise`,
                }
              : { wrong: fieldPath, right: `metadata.${list}['${meant}']` }),
          },
        },
      ];
    }),
});
