import { refOf } from '../../../contract/index.ts';
import { defineCheck } from '../../../core/agent.ts';
import { matchesRequirement } from '../../../core/selectors.ts';
import { insteadWords, meantLabel, valuesOf } from '../node-labels.ts';
import { count, nodeLabel, schedulerSaid } from '../scheduling-evidence.ts';
import { affinityTerms } from '../scheduling-filters.ts';
import { SCHEDULING_KINDS } from '../scheduling-kinds.ts';
import { stuckAt } from '../scheduling.ts';

const AFFINITY = 'affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms';

interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values: readonly string[];
}

/** `disk In (ssd, nvme)`, `gpu Exists`. */
function words({ key, operator, values }: Requirement): string {
  return values.length === 0 ? `${key} ${operator}` : `${key} ${operator} (${values.join(', ')})`;
}

export const nodeAffinityMatchesNoNode = defineCheck({
  code: 'SCH-002',
  title: 'The required node affinity matches no node',
  severity: 'high',
  role: 'cause',
  kinds: SCHEDULING_KINDS,
  hypothesis: 'its required node affinity matches no node',
  doc: `requiredDuringSchedulingIgnoredDuringExecution holds alternatives (terms), each a list of requirements that must all hold on
one node. This check finds the requirement that no remaining node meets, in the term that came nearest. Rule: Kubernetes
documentation, "Assigning Pods to Nodes", node affinity.`,
  run: ({ view }) =>
    stuckAt(view, 'affinity').flatMap((stuck) => {
      const { workload, pods, blame } = stuck;
      const terms = affinityTerms(stuck.spec) ?? [];
      const nodes = blame.candidates;
      const path = `${workload.specPath}.${AFFINITY}`;
      // The term with the fewest requirements that no node meets is the one somebody meant to match.
      const unmet = terms
        .map((term, t) => ({
          t,
          failing: term.matchExpressions
            .map((requirement, e) => ({ requirement, e }))
            .filter(({ requirement }) => !nodes.some((n) => matchesRequirement(requirement, n.metadata.labels))),
          fields: term.matchFields.filter((f) => !nodes.some((n) => matchesRequirement(f, { 'metadata.name': n.metadata.name }))),
        }))
        .sort((a, b) => a.failing.length + a.fields.length - (b.failing.length + b.fields.length))[0];
      const first = unmet?.failing[0];
      const common = { subject: workload.ref, affects: pods.map(refOf), confidence: 0.95 };
      const said = schedulerSaid(stuck);
      if (unmet === undefined || first === undefined)
        return [
          {
            ...common,
            field: path,
            message: `${count(pods.length, 'pod')} cannot be placed: no node meets the required node affinity (${terms.map((t) => t.matchExpressions.map(words).join(' and ')).join(', or ') || 'it has no term, so it matches nothing'})`,
            evidence: said,
          },
        ];
      const { requirement, e } = first;
      const at = `${path}[${unmet.t}].matchExpressions[${e}]`;
      const [value] = requirement.values;
      const pair = { key: requirement.key, value: value ?? '' };
      const meant = requirement.operator === 'In' && requirement.values.length === 1 ? meantLabel(pair, nodes) : undefined;
      const sole = unmet.failing.length === 1 && unmet.fields.length === 0 && terms.length === 1;
      const have =
        requirement.operator === 'In' || valuesOf(nodes, requirement.key).length === 0
          ? insteadWords(pair, meant, nodes)
          : `nodes have ${valuesOf(nodes, requirement.key)
              .map((v) => `${requirement.key}=${v}`)
              .join(', ')}`;
      return [
        {
          ...common,
          field: at,
          message: `${count(pods.length, 'pod')} cannot be placed: no node meets the required affinity ${words(requirement)}; ${have}`,
          evidence: [
            { kind: 'field' as const, resource: workload.ref, source: at, text: words(requirement) },
            ...nodeLabel(nodes, meant?.key ?? requirement.key),
            ...said,
          ],
          params: {
            key: requirement.key,
            value: pair.value,
            ...(meant === undefined || !sole ? {} : { meantKey: meant.key, meantValue: meant.value }),
          },
        },
      ];
    }),
});
