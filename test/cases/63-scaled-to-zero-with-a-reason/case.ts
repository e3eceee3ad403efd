import type { ControlCase } from '../case.ts';
import { rolledOut } from '../conditions.ts';

export const CASE: ControlCase = {
  id: '63-scaled-to-zero-with-a-reason',
  family: 63,
  title: 'Scaled to zero, an annotation says why; and one that nobody calls',
  silent: true,
  bystanders: [{ kind: 'Deployment', name: 'winter-market' }],
  settled: rolledOut('Deployment', 'market-guide'),
};
