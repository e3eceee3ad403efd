import type { Verb } from '../verb.ts';

export const WHO_CAN: Verb = {
  name: 'who-can',
  summary: 'Who may do something, by the Roles and bindings of a cluster',
  args: '<verb> <resource> [name]',
  flags: [],
  examples: [
    'quarterdeck who-can get secrets -n shop',
    'quarterdeck who-can create pods/exec -n shop -o json',
    'quarterdeck who-can delete nodes',
  ],
  more: 'With -A: who may in the whole cluster. The group system:masters may do everything, whatever the Roles say; other authorizers may give more.',
  load: () => import('../who-can.ts'),
};
