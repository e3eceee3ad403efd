import type { Verb } from '../verb.ts';

export const INCIDENTS: Verb = {
  name: 'incidents',
  summary: 'List incidents that are known, or those that were like one of them',
  flags: [
    ['--state <state>', 'open, dismissed, resolved or all', 'open'],
    ['--similar <incident>', 'incidents that are over and were like this one, and what helped then'],
  ],
  examples: [
    'quarterdeck incidents',
    'quarterdeck incidents --state dismissed',
    'quarterdeck incidents --similar inc-4f2k9d0a1b',
    'quarterdeck incidents --state all -o json',
  ],
  load: () => import('../incidents.ts'),
};
