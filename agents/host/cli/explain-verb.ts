import type { Verb } from './verb.ts';

export const EXPLAIN_VERB: Verb = {
  name: 'explain',
  summary: 'Put an incident into words, for an operator, a manager or a developer',
  args: '<incident>',
  flags: [['--for <reader>', 'operator, manager or developer', 'operator']],
  examples: ['quarterdeck explain inc-4f2k9d0a1b', 'quarterdeck explain inc-4f2k9d0a1b --for manager -o json'],
  more:
    'A model may word it (quarterdeck models); what it says is shown only where it holds to the facts, letter by letter. Otherwise the\n' +
    'same facts are joined by a template, and stderr says why. With -o json: {incident, for, text, by, refused, tookMs}.',
  load: () => import('./explain.ts'),
};
