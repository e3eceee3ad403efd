import type { Verb } from '../verb.ts';

export const EXEC: Verb = {
  name: 'exec',
  summary: 'Run a command in a container',
  args: '<target> <command...>',
  flags: [
    ['-c, --container <name>', 'container; the first one by default'],
    ['-i, --stdin', 'pass the input on'],
    ['-t, --tty', 'with a terminal'],
    ['--type-context <name>', 'the name of a protected context, typed to confirm'],
  ],
  examples: ['quarterdeck exec checkout-7d9f -n shop -it -- sh', 'quarterdeck exec deploy/checkout -n shop -- cat /etc/app/config.yaml'],
  more: 'TARGET is a pod, or KIND/NAME of what selects pods. Exits as the command does. Who ran what is recorded; what was typed and printed is not.',
  load: () => import('../exec.ts'),
};
