import type { FaultCase } from '../case.ts';
import { restarted, rolledOut } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '07-mounted-file-name-wrong',
  family: 7,
  title: 'A program opens a file that is mounted under another name',
  bystanders: [{ kind: 'Deployment', name: 'towpath' }],
  visible: restarted('horse'),
  expect: {
    codes: ['CFG-011'],
    kind: 'Deployment',
    name: 'horse',
    field: 'spec.template.spec.volumes[0].configMap.items[0].path',
    mentions: ['/etc/horse/harness.conf', 'harness.cfg'],
  },
  repair: { actions: ['patch'], maxRisk: 'medium', after: rolledOut('Deployment', 'horse') },
};
