import { refOf } from '../../../../agents/contract/index.ts';
import { defineAgent, defineCheck } from '../../../../agents/core/agent.ts';

/** An agent of a test: it sees single-replica Deployments. One folder; its kinds, thread and row in the lists follow. */
export const lookout = defineAgent({
  id: 'lookout',
  title: 'Lookout',
  description: 'Says which workloads have no second replica.',
  icon: 'telescope',
  remedies: [],
  checks: [
    defineCheck({
      code: 'LKT-001',
      title: 'A workload has one replica',
      severity: 'low',
      role: 'cause',
      kinds: ['Deployment'],
      hypothesis: 'it has one replica only',
      doc: 'One replica is none while its node is drained.',
      run: ({ view }) =>
        view
          .list('Deployment')
          .filter((d) => (d.spec.replicas ?? 1) === 1)
          .map((d) => ({ subject: refOf(d), field: 'spec.replicas', affects: [], message: 'has one replica only', evidence: [] })),
    }),
  ],
});
