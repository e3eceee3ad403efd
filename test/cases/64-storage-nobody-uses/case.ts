import type { ControlCase } from '../case.ts';
import { all, bound, rolledOut } from '../conditions.ts';

export const CASE: ControlCase = {
  id: '64-storage-nobody-uses',
  family: 64,
  title: 'A claim that nobody uses: information for who asks, no incident, never a plan',
  bystanders: [
    { kind: 'Deployment', name: 'postbox' },
    { kind: 'PersistentVolumeClaim', name: 'letters-of-last-year' },
  ],
  silent: true,
  settled: all(bound('letters-of-last-year'), rolledOut('Deployment', 'postbox')),
  asks: [
    {
      refused: false,
      says: ['"severity":"info"', 'letters-of-last-year', 'a volume of 2Gi', 'reclaim policy Retain', '"plans":[]'],
      saysNot: ['"type":"delete"'],
    },
    {
      resource: 'pvc/letters-of-last-year',
      refused: false,
      says: ['no workload in namespace $(NAMESPACE) uses it', 'Nothing has to be done'],
    },
  ],
};
