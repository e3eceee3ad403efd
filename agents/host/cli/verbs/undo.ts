import type { Verb } from '../verb.ts';

export const UNDO: Verb = {
  name: 'undo',
  applies: true,
  summary: 'Take back a plan that was carried out',
  args: '<plan>',
  flags: [
    ['--yes', 'approve the undo at once'],
    ['--type-context <name>', 'the name of a protected context, typed to confirm'],
    ['--compare', 'only show what it changed: before, as the plan left it, and now'],
    ['--untouched', 'take back only what nobody has touched since'],
  ],
  examples: [
    'quarterdeck undo plan-7f3k2m9q0d --yes',
    'quarterdeck undo plan-7f3k2m9q0d --compare',
    'quarterdeck undo plan-7f3k2m9q0d --untouched',
  ],
  load: () => import('../undo.ts'),
};
