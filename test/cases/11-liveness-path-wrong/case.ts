import type { FaultCase } from '../case.ts';
import { all, probeFailed, restarted, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '11-liveness-path-wrong',
  family: 11,
  title: 'The liveness probe asks for a path the program does not have',
  bystanders: [{ kind: 'Deployment', name: 'gondola' }],
  visible: all(restarted('cablecar'), probeFailed('cablecar')),
  expect: {
    codes: ['PRB-002'],
    kind: 'Deployment',
    name: 'cablecar',
    field: 'spec.template.spec.containers[0].livenessProbe.httpGet.path',
    mentions: ['/helthz'],
  },
  repair: { actions: ['undo-rollout'], maxRisk: 'medium', after: rolledOut('Deployment', 'cablecar') },
};
