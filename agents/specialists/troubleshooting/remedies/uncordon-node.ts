import { defineRemedy } from '../../../core/agent.ts';

export const uncordonNode = defineRemedy({
  name: 'uncordon-node',
  codes: ['SCH-004'],
  kinds: ['Node'],
  doc: `Lets a cordoned node take pods again. Somebody may have cordoned it on purpose, so the risk is never less than high.`,
  run: ({ finding, view }) => {
    const node = view.get('Node', undefined, finding.subject.name);
    if (node?.spec.unschedulable !== true) return undefined;
    return {
      plans: [
        {
          remedy: 'uncordon-node',
          title: `Uncordon node ${node.metadata.name}`,
          because: `${finding.message}. Nobody but who cordoned it knows whether that work is over`,
          actions: [
            {
              type: 'patch',
              target: finding.subject,
              ops: [
                { op: 'test', path: '/spec/unschedulable', value: true },
                { op: 'remove', path: '/spec/unschedulable' },
              ],
            },
          ],
          verify: ['SCH-004'],
          stableForSeconds: 10,
          atLeastRisk: 'high',
        },
      ],
    };
  },
});
