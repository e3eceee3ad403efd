import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { nearest } from '../../../core/nearest.ts';
import { field } from '../../../core/paths.ts';
import { type Workload, workloads } from '../../../core/workloads.ts';
import { fieldEvidence } from '../containers.ts';
import { insteadWords, meantLabel } from '../node-labels.ts';
import { count, names, nodeLabel, schedulerSaid, smallestChange } from '../scheduling-evidence.ts';
import { SCHEDULING_KINDS, type SchedulingView } from '../scheduling-kinds.ts';
import { stuckAt } from '../scheduling.ts';

/** A node may be on its way when the pods for it are made. Milliseconds. */
const GRACE_MS = 60_000;

export const nodeSelectorMatchesNoNode = defineCheck({
  code: 'SCH-001',
  title: 'The node selector matches no node',
  severity: 'high',
  role: 'cause',
  kinds: SCHEDULING_KINDS,
  hypothesis: 'its node selector asks for labels that no node has',
  doc: `A pod runs only on a node that carries every label of its nodeSelector. The scheduler says how many nodes did not match, not
which label; this check goes through the labels one by one. A node that the pods name themselves (nodeName) is looked for as well. Rule: Kubernetes documentation, "Assigning Pods to Nodes".`,
  run: ({ view, now }) => [
    ...namedNodes(view, now),
    ...stuckAt(view, 'selector').flatMap((stuck) => {
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
  ],
});

/** Pods that name their node themselves are bound to it without a scheduler, and nobody takes them where there is none of that name. */
function namedNodes(view: SchedulingView, now: number): FindingDraft[] {
  if (!view.complete('Node')) return [];
  const nodes = view.list('Node').map((n) => n.metadata.name);
  return workloads(view).flatMap((w): FindingDraft[] => {
    const { nodeName } = w.template.spec;
    if (nodeName === undefined || nodes.includes(nodeName) || w.desired === 0 || isPlaced(w)) return [];
    if (now - Date.parse(w.object.metadata.creationTimestamp ?? '') < GRACE_MS) return [];
    const meant = nearest(nodeName, nodes);
    const path = `${w.specPath}.nodeName`.replace(/^\./, '');
    return [
      {
        subject: w.ref,
        field: path,
        affects: w.pods.map(refOf),
        message: `${w.object.kind === 'Pod' ? 'it is' : 'its pods are'} bound to node ${nodeName} by nodeName, and there is no such node, so no kubelet starts ${w.object.kind === 'Pod' ? 'it' : 'them'}; ${meant === undefined ? `the nodes are ${names(nodes)}` : `was ${meant} meant?`}`,
        evidence: [fieldEvidence(w.ref, path, nodeName), ...nodeLabel(view.list('Node'), 'kubernetes.io/hostname')],
        confidence: 0.97,
        params: {
          wrong: nodeName,
          ...(meant === undefined
            ? { supply: `name a node that exists, or leave nodeName out so that the scheduler finds one` }
            : { right: meant }),
        },
      },
    ];
  });
}

/** A kubelet has taken one of them: its node was there. */
const isPlaced = (w: Workload) => w.pods.some((p) => p.status.startTime != null || (p.status.phase ?? 'Pending') !== 'Pending');
