import { defineCheck } from '../../../core/agent.ts';
import { requestFinding, shortest } from '../request-finding.ts';
import { SCHEDULING_KINDS } from '../scheduling-kinds.ts';
import { stuckAt } from '../scheduling.ts';

export const requestLargerThanAnyNode = defineCheck({
  code: 'SCH-005',
  title: 'It asks for more than any node has',
  severity: 'high',
  role: 'cause',
  kinds: SCHEDULING_KINDS,
  hypothesis: 'it asks for more than the largest node has',
  doc: `A pod's requests must fit into what one node can give (status.allocatable), even when the node is empty. Requests of containers
and sidecars add up, an init container counts where it is more, and a limit without a request is a request. Waiting does not help.`,
  run: ({ view }) =>
    stuckAt(view, 'allocatable').flatMap((stuck) => {
      const empty = new Map<string, Record<string, number>>();
      return (
        requestFinding(
          stuck,
          shortest(stuck, empty),
          empty,
          ({ pods, resource, asks, node, has }) =>
            `${pods} cannot be placed: each asks for ${asks} of ${resource}, and the largest node it may run on, ${node}, has ${has} to give`,
        ) ?? []
      );
    }),
});
