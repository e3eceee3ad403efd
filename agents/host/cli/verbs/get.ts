import type { Verb } from '../verb.ts';

export const GET: Verb = {
  name: 'get',
  summary: 'Objects of any kind a cluster serves, in its own columns; one whole object with -o yaml or json',
  args: '<kind> [name]',
  flags: [['-l, --selector <labels>', 'only objects with these labels']],
  examples: [
    'quarterdeck get pods -n shop',
    'quarterdeck get widgets.example.com -A --context east --context west',
    'quarterdeck get deploy checkout -n shop -o yaml',
  ],
  more: 'Without -n all namespaces are read. With several contexts each line names its own. Values of Secrets are masked.',
  load: () => import('../get.ts'),
};
