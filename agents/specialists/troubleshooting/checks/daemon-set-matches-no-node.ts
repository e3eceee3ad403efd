import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { nearest } from '../../../core/nearest.ts';
import { field } from '../../../core/paths.ts';
import { fieldEvidence } from '../containers.ts';
import { isNew } from '../new-objects.ts';
import { names } from '../scheduling-evidence.ts';

export const daemonSetMatchesNoNode = defineCheck({
  code: 'DST-001',
  title: 'A DaemonSet matches no node',
  severity: 'medium',
  role: 'cause',
  kinds: ['DaemonSet', 'Node'],
  hypothesis: 'its node selector matches no node',
  doc: `A DaemonSet makes pods only for nodes that carry the labels of its nodeSelector. Where none does it makes no pod, and nothing is pending that would
say so. Silent where the selector asks for the label of a kind of node that comes and goes (a value that says yes or no) and nothing like it is there.`,
  run: ({ view, now, passed }) =>
    view.list('DaemonSet').flatMap((set): FindingDraft[] => {
      const nodes = view.list('Node');
      const { nodeSelector } = set.spec.template.spec;
      const ref = refOf(set);
      if (nodes.length === 0 || !view.complete('Node') || isNew(set, now) || Object.keys(nodeSelector).length === 0) return [];
      const bad = Object.entries(nodeSelector).filter(([key, value]) => !nodes.some((n) => n.metadata.labels[key] === value));
      const [first] = bad;
      if (first === undefined || (set.status.desiredNumberScheduled ?? 0) > 0) {
        passed(ref, 'nodes carry the labels it asks for');
        return [];
      }
      const [key, value] = first;
      const keys = [...new Set(nodes.flatMap((n) => Object.keys(n.metadata.labels)))];
      const values = [...new Set(nodes.flatMap((n) => n.metadata.labels[key] ?? []))];
      const right = nearest(value, values);
      const otherKey = values.length > 0 ? undefined : nearest(key, keys);
      const isSwitch = value === 'true' || value === '' || value === 'false';
      if (right === undefined && otherKey === undefined && isSwitch) return [];
      const at = field('spec.template.spec.nodeSelector', key);
      return [
        {
          subject: ref,
          field: at,
          affects: [],
          message: `${nodes.length === 1 ? 'the only node does not have' : `none of the ${nodes.length} nodes has`} the label ${key}=${value}, so the DaemonSet runs nowhere; ${right !== undefined ? `was ${right} meant?` : otherKey !== undefined ? `was the label ${otherKey} meant?` : values.length > 0 ? `nodes have ${names(values)}` : `no node has a label ${key}`}`,
          evidence: [fieldEvidence(ref, at, value), fieldEvidence(ref, 'status.desiredNumberScheduled', '0')],
          confidence: right === undefined && otherKey === undefined ? 0.75 : 0.93,
          params: {
            wrong: value,
            ...(right === undefined
              ? { supply: `label the nodes it is meant for with ${key}=${value}, or correct the nodeSelector` }
              : { right }),
          },
        },
      ];
    }),
});
