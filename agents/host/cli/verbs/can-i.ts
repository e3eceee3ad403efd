import type { Verb } from '../verb.ts';

export const CAN_I: Verb = {
  name: 'can-i',
  summary: 'Whether you may do something, as the cluster answers',
  args: '[verb] [resource] [name]',
  flags: [['--list', 'everything you may do in the namespace']],
  examples: [
    'quarterdeck can-i create pods -n shop',
    'quarterdeck can-i get pods/log checkout-7d9f -n shop',
    'quarterdeck can-i --list -n shop',
  ],
  more: 'Exits 0 for yes and 1 for no.',
  load: () => import('../can-i.ts'),
};
