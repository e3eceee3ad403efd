import type { Verb } from '../verb.ts';

export const HOLD: Verb = {
  name: 'hold',
  applies: true,
  summary: 'Hold all agents at once: nothing more is proposed, approved or changed',
  args: '[status]',
  flags: [['--reason <text>', 'why, for the log and for whoever finds them held']],
  examples: ['quarterdeck hold --reason "we are changing the network"', 'quarterdeck hold status'],
  more:
    'An action under way is finished; a plan that is on its way stops before its next request and is left for a person to look at,\n' +
    'without being taken back. The agents go on watching. It lasts over restarts: the file hold.json in the data directory is the hold.',
  load: () => import('../hold.ts'),
};
