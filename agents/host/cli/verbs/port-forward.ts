import type { Verb } from '../verb.ts';

export const PORT_FORWARD: Verb = {
  name: 'port-forward',
  summary: 'Forward a port of this machine to a pod, a Service or a workload',
  args: '<target> <ports...>',
  flags: [['--type-context <name>', 'the name of a protected context, typed to confirm']],
  examples: ['quarterdeck port-forward svc/web 8080:80 -n shop', 'quarterdeck port-forward deploy/checkout http'],
  more: 'Listens on 127.0.0.1 only. A pod that is replaced is followed by the next connection.',
  load: () => import('../port-forward.ts'),
};
