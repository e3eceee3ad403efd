import type { FaultCase } from '../case.ts';
import { restarted } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '15-config-file-not-accepted',
  family: 15,
  title: 'A program does not accept a file of its ConfigMap',
  bystanders: [{ kind: 'Deployment', name: 'cider-press' }],
  visible: restarted('orchardist'),
  expect: { codes: ['CFG-013'], kind: 'ConfigMap', name: 'orchard-rows', mentions: ['rows.yaml', 'line 3'] },
  repair: null,
  advice: ['rows.yaml', 'orchard-rows'],
};
