import { refOf } from '../../../contract/index.ts';
import { defineCheck } from '../../../core/agent.ts';
import { field } from '../../../core/paths.ts';
import { insteadWords, meantLabel } from '../node-labels.ts';
import { count, names, nodeLabel, schedulerSaid, smallestChange } from '../scheduling-evidence.ts';
import { SCHEDULING_KINDS } from '../scheduling-kinds.ts';
import { stuckAt } from '../scheduling.ts';

export const nodeSelectorMatchesNoNode = defineCheck({
  code: 'SCH-001',
  title: 'The node selector matches no node',
  severity: 'high',
  role: 'cause',
  kinds: SCHEDULING_KINDS,
  hypothesis: 'its node selector asks for labels that no node has',
  doc: `A pod runs only on a node that carries every label of its nodeSelector. The scheduler says how many nodes did not match, not
which label; this check goes through the labels one by one. Rule: Kubernetes documentation, "Assigning Pods to Nodes".`,
  run: ({ view }) =>
    stuckAt(view, 'selector').flatMap((stuck) => {
      const { workload, spec, pods } = stuck;
      const nodes = view.list('Node');
      const pairs = Object.entries(spec.nodeSelector).map(([key, value]) => ({ key, value }));
      const absent = pairs.filter(({ key, value }) => !nodes.some((n) => n.metadata.labels[key] === value));
      const common = {
        subject: workload.ref,
        affects: pods.map(refOf),
        confidence: 0.97,
      };
      const path = `${workload.specPath}.nodeSelector`;
      const [first] = absent;
      if (first === undefined) {
        const wanted = pairs.map(({ key, value }) => `${key}=${value}`);
        return [
          {
            ...common,
            field: path,
            message: `${count(pods.length, 'pod')} cannot be placed: no node has all of ${names(wanted)}; each label is on some node, none carries them together${smallestChange(stuck)}`,
            evidence: [...pairs.flatMap(({ key }) => nodeLabel(nodes, key)), ...schedulerSaid(stuck)],
          },
        ];
      }
      const meant = meantLabel(first, nodes);
      const others = absent.slice(1).map(({ key, value }) => `${key}=${value}`);
      return [
        {
          ...common,
          field: field(path, first.key),
          message:
            `${count(pods.length, 'pod')} cannot be placed: no node has the label ${first.key}=${first.value} that nodeSelector asks for; ` +
            `${insteadWords(first, meant, nodes)}${others.length > 0 ? `. No node has ${names(others)} either` : ''}${meant === undefined ? smallestChange(stuck) : ''}`,
          evidence: [
            { kind: 'field' as const, resource: workload.ref, source: field(path, first.key), text: `${first.key}: ${first.value}` },
            ...nodeLabel(nodes, meant?.key ?? first.key),
            ...schedulerSaid(stuck),
          ],
          params: {
            key: first.key,
            value: first.value,
            ...(meant === undefined || absent.length > 1 ? {} : { meantKey: meant.key, meantValue: meant.value }),
          },
        },
      ];
    }),
});
