import type { Verb } from '../verb.ts';

export const REPORT: Verb = {
  name: 'report',
  summary: 'What happened in an incident: timeline, cause, evidence, decision, change, result',
  args: '[incident]',
  flags: [],
  examples: ['quarterdeck report', 'quarterdeck report inc-4f2k9d0a1b > incident.md', 'quarterdeck report inc-4f2k9d0a1b -o json'],
  more:
    'Prints Markdown; the numbers at the end of each line are the entries of the log it rests on (quarterdeck events). Once an incident is\n' +
    'over its report is also kept in the folder reports of the data directory. Without an incident it lists those that are over.',
  load: () => import('../report.ts'),
};
