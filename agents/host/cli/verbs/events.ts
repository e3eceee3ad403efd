import type { Verb } from '../verb.ts';

export const EVENTS: Verb = {
  name: 'events',
  summary: 'The event log: what was seen, proposed, decided and done',
  flags: [
    ['--follow', 'go on as it grows'],
    ['--since <n>', 'only entries after this number', '0'],
  ],
  examples: ['quarterdeck events', 'quarterdeck events --follow -o json', 'quarterdeck events --since 120'],
  load: () => import('../events.ts'),
};
