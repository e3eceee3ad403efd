import type { Verb } from '../verb.ts';

export const APPROVE: Verb = {
  name: 'approve',
  applies: true,
  summary: 'Approve a plan as it was shown, carry it out and verify it',
  args: '<plan>',
  flags: [
    ['--hash <hash>', 'refuse unless the plan still has this hash'],
    ['--type-context <name>', 'the name of a protected context, typed to confirm'],
    ['--no-wait', 'return when it has begun'],
  ],
  examples: ['quarterdeck approve plan-7f3k2m9q0d', 'quarterdeck approve plan-7f3k2m9q0d --hash 9c0f…'],
  load: () => import('../approve.ts'),
};
