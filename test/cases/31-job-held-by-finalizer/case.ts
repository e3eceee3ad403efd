import type { FaultCase } from '../case.ts';
import { beingDeleted } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '31-job-held-by-finalizer',
  family: 31,
  title: 'A finished Job is being deleted, and nobody removes its finalizer',
  bystanders: [{ kind: 'Deployment', name: 'filing' }],
  visible: beingDeleted('Job', 'invoice-run'),
  expect: {
    codes: ['NSP-002'],
    kind: 'Job',
    name: 'invoice-run',
    field: 'metadata.finalizers',
    mentions: ['paper.example.com/filed', 'not removed'],
  },
  repair: null,
  advice: ['Bring back the controller', 'paper.example.com/filed'],
};
