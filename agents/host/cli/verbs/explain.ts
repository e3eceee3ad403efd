import type { Verb } from '../verb.ts';

export const EXPLAIN: Verb = {
  name: 'explain',
  summary: 'Put an incident, what happened in it, or a log into words, for an operator, a manager or a developer',
  args: '[incident]',
  flags: [
    ['--for <reader>', 'operator, manager or developer', 'operator'],
    ['--timeline', 'what happened from its beginning to its end, from the log'],
    ['--log <file>', 'what the lines of a log show; - for the standard input; no incident is named then'],
  ],
  examples: [
    'quarterdeck explain inc-4f2k9d0a1b',
    'quarterdeck explain inc-4f2k9d0a1b --for manager -o json',
    'quarterdeck explain inc-4f2k9d0a1b --timeline --for manager',
    'quarterdeck logs deploy/checkout --tail 2000 | quarterdeck explain --log -',
  ],
  more:
    'A model may word it (quarterdeck models); what it says is shown only where it holds to the facts, letter by letter. Otherwise the\n' +
    'same facts are joined by a template, and stderr says why. With -o json: {incident, of, for, text, by, refused, tookMs, events};\n' +
    'of a timeline `events` are the entries of the log it tells; of a log {for, text, by, refused, tookMs, lines, kinds}.',
  load: () => import('../explain.ts'),
};
