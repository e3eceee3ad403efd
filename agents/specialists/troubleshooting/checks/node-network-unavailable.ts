import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { fieldEvidence } from '../containers.ts';
import { podsByNode } from '../pods-by-node.ts';

/** Network plugins come up after the node. Milliseconds. */
const GRACE_MS = 120_000;

export const nodeNetworkUnavailable = defineCheck({
  code: 'NOD-003',
  title: 'The network of a node is not set up',
  severity: 'high',
  role: 'cause',
  kinds: ['Node', 'Pod'],
  hypothesis: 'the network of its node is not set up',
  doc: `The condition NetworkUnavailable is True: the network plugin or the cloud's route controller has not set up the node, so its pods reach nobody.`,
  run: ({ view, now }) =>
    view.list('Node').flatMap((node): FindingDraft[] => {
      const bad = node.status.conditions.find((c) => c.type === 'NetworkUnavailable' && c.status === 'True');
      if (bad === undefined || now - Date.parse(bad.lastTransitionTime ?? node.metadata.creationTimestamp ?? '') < GRACE_MS) return [];
      const ref = refOf(node);
      return [
        {
          subject: ref,
          field: 'status.conditions[NetworkUnavailable]',
          affects: podsByNode(view, node.metadata.name).map(refOf),
          message: `the network of the node is not set up: ${bad.message ?? bad.reason ?? 'no reason is given'}`,
          evidence: [fieldEvidence(ref, 'status.conditions[NetworkUnavailable].message', `${bad.reason ?? ''}: ${bad.message ?? ''}`)],
          confidence: 0.9,
          params: { supply: `look at the pods of the network plugin on node ${node.metadata.name}` },
        },
      ];
    }),
});
