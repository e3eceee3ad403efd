import type { Kind } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { nearest } from '../../../core/nearest.ts';
import { WORKLOAD_KINDS } from '../../../core/workloads.ts';
import { fieldEvidence } from '../containers.ts';
import { refusedBy } from '../refusal-words.ts';
import { refusedPods } from '../refused-pods.ts';
import { count, names } from '../scheduling-evidence.ts';

export const CLASS_KINDS = [...WORKLOAD_KINDS, 'PriorityClass', 'RuntimeClass'] as const satisfies readonly Kind[];

export const classDoesNotExist = defineCheck({
  code: 'ADM-005',
  title: 'A PriorityClass or RuntimeClass does not exist',
  severity: 'high',
  role: 'cause',
  kinds: CLASS_KINDS,
  hypothesis: 'the PriorityClass or RuntimeClass it names is missing',
  doc: `A pod that names a PriorityClass or a RuntimeClass which the cluster has not is refused when it is created.`,
  run: (ctx) =>
    refusedPods(ctx).flatMap(({ workload, missing, text, evidence, by }): FindingDraft[] => {
      const words = refusedBy(text);
      if (words.by !== 'class' || ctx.view.get(words.kind, undefined, words.name) !== undefined) return [];
      const there = ctx.view.list(words.kind).map((c) => c.metadata.name);
      const meant = nearest(words.name, there);
      const field = `${workload.specPath}.${words.kind === 'PriorityClass' ? 'priorityClassName' : 'runtimeClassName'}`;
      return [
        {
          subject: workload.ref,
          field,
          affects: by,
          message: `${count(missing, 'pod')} cannot be created: ${words.kind} ${words.name} does not exist; ${meant === undefined ? `there are ${names(there) || 'none'}` : `was ${meant} meant?`}`,
          evidence: [...evidence, fieldEvidence(workload.ref, field, words.name)],
          confidence: 0.97,
          params: { kind: words.kind, wanted: words.name, ...(meant === undefined ? {} : { meant }) },
        },
      ];
    }),
});
