import type { FaultCase } from '../case.ts';
import { rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '46-daemon-set-affinity-to-no-node',
  family: 46,
  title: 'The node affinity of a DaemonSet leaves every node out, and nothing is pending',
  bystanders: [{ kind: 'Deployment', name: 'toolshed' }],
  visible: rolledOut('Deployment', 'toolshed'),
  expect: {
    codes: ['DST-002'],
    kind: 'DaemonSet',
    name: 'gardener',
    field: 'spec.template.spec.affinity.nodeAffinity',
    mentions: ['runs nowhere', 'greenhouse'],
  },
  repair: null,
  advice: ['nodeAffinity'],
};
