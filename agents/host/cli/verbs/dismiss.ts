import type { Verb } from '../verb.ts';

export const DISMISS: Verb = {
  name: 'dismiss',
  summary: 'Accept an incident with a reason: nothing is said or proposed until it changes',
  args: '<incident>',
  flags: [
    ['--reason <text>', 'why, for the list and the log'],
    ['--scope <scope>', 'incident, object (all it causes), or code (this fault in the namespace)', 'incident'],
    ['--until <end>', 'a span (12h, 7d, 4w) or a time; without it until something about it changes'],
    ['--take-back', 'hear of it again'],
  ],
  examples: [
    'quarterdeck dismiss inc-4f2k9d0a1b --reason "waits for the new nodes" --until 7d',
    'quarterdeck dismiss inc-4f2k9d0a1b --reason "a sandbox" --scope object',
    'quarterdeck dismiss inc-4f2k9d0a1b --take-back',
  ],
  more:
    'An accepted incident comes back when it gets worse, has another cause, a new symptom, or affects something new, and when its time\n' +
    'is over. quarterdeck incidents --state dismissed lists what is accepted.',
  load: () => import('../dismiss.ts'),
};
