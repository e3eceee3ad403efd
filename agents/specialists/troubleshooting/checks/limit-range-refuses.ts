import { type Kind, refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { field } from '../../../core/paths.ts';
import { WORKLOAD_KINDS } from '../../../core/workloads.ts';
import { fieldEvidence } from '../containers.ts';
import { type Broken, brokenRules } from '../limit-ranges.ts';
import { formatAmount } from '../pod-requests.ts';
import { refusedBy } from '../refusal-words.ts';
import { refusedPods } from '../refused-pods.ts';
import { count, names } from '../scheduling-evidence.ts';

export const LIMIT_KINDS = [...WORKLOAD_KINDS, 'LimitRange'] as const satisfies readonly Kind[];

const shown = ({ resource, actual }: Broken) =>
  actual === undefined ? 'nothing' : typeof actual === 'number' ? formatAmount(resource, actual) : actual;

function words(b: Broken): string {
  const who = b.container === undefined ? 'the pod' : `container ${b.container}`;
  const side = b.side === 'limits' ? 'limit' : 'request';
  switch (b.rule) {
    case 'max':
      return `the ${b.resource} ${side} of ${who} is ${shown(b)}, and LimitRange ${b.range} allows at most ${b.bound}`;
    case 'min':
      return `the ${b.resource} ${side} of ${who} is ${shown(b)}, and LimitRange ${b.range} demands at least ${b.bound}`;
    case 'ratio':
      return `the ${b.resource} limit of ${who} is ${b.actual ?? 'too many'} times its request, and LimitRange ${b.range} allows at most ${b.bound} times`;
    case 'default':
      return `${who} asks for ${shown(b)} of ${b.resource} and writes no limit, and the default limit of LimitRange ${b.range} is only ${b.bound}`;
  }
}

export const limitRangeRefuses = defineCheck({
  code: 'QTA-003',
  title: 'A LimitRange refuses its pods',
  severity: 'high',
  role: 'cause',
  kinds: LIMIT_KINDS,
  hypothesis: 'a LimitRange refuses its pods',
  doc: `A LimitRange bounds what one container or pod may ask for (max, min, the ratio of limit to request) and completes what is not
written; a default limit may be less than the request that is written. Pods that break a rule are refused when they are created, so the
workload looks healthy but for missing pods. The rules are computed again from the objects; the refusal is the evidence.`,
  run: (ctx) =>
    refusedPods(ctx).flatMap(({ workload, missing, text, evidence, by }): FindingDraft[] => {
      if (refusedBy(text).by !== 'limits') return [];
      const ranges = ctx.view.list('LimitRange', workload.namespace);
      const broken = brokenRules(workload.template.spec, ranges);
      const [first] = broken;
      if (first === undefined) {
        ctx.passed(workload.ref, 'its requests and limits are within those of every LimitRange by now');
        return [];
      }
      const at =
        first.place === undefined
          ? `${workload.specPath}.containers`
          : field(`${workload.specPath}.${first.place}.resources.${first.side}`, first.resource);
      return [
        {
          subject: workload.ref,
          field: at,
          affects: by,
          message: `${count(missing, 'pod')} cannot be created: ${names(broken.map(words), 3)}`,
          evidence: [
            ...evidence,
            fieldEvidence(workload.ref, at, shown(first)),
            ...ranges
              .filter((r) => broken.some((b) => b.range === r.metadata.name))
              .map((r) =>
                fieldEvidence(refOf(r), 'spec.limits', broken.map((b) => `${b.type} ${b.rule} ${b.resource}=${b.bound}`).join(', ')),
              ),
          ],
          confidence: 0.97,
        },
      ];
    }),
});
