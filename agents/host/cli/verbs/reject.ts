import type { Verb } from '../verb.ts';

export const REJECT: Verb = {
  name: 'reject',
  summary: 'Reject a plan',
  args: '<plan>',
  flags: [['--reason <text>', 'why, for the log']],
  examples: ['quarterdeck reject plan-7f3k2m9q0d --reason "wait for the release"'],
  load: () => import('../reject.ts'),
};
