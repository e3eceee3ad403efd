import type { Verb } from '../verb.ts';

export const MAINTENANCE: Verb = {
  name: 'maintenance',
  summary: 'Say where and when somebody works: what goes wrong there is kept, and told when it is over',
  args: '[action] [maintenance]',
  flags: [
    ['--object <kind/name>', 'only this object: a workload of the namespace given with -n, or a node'],
    ['--from <begin>', 'a time, or a span from now (2h); now, without it'],
    ['--until <end>', 'a time, or a span from its beginning (90m); without it until it is ended'],
    ['--every <when>', 'only in these hours, again and again: "sat,sun 02:00-04:00"'],
    ['--timezone <zone>', 'of these hours, like Europe/Berlin; UTC, without it'],
    ['--reason <text>', 'why, for the list and the log'],
  ],
  examples: [
    'quarterdeck maintenance',
    'quarterdeck maintenance add -n shop --until 2h --reason "new database"',
    'quarterdeck maintenance add --object Node/worker-3 --until 8h --reason "new disks"',
    'quarterdeck maintenance add --every "sat,sun 02:00-04:00" --timezone Europe/Berlin --reason "backups"',
    'quarterdeck maintenance end mnt-4f2k9d0a1b',
  ],
  more:
    'Actions: list (the default), add, end ID. Without -n the whole cluster is meant. While it runs, incidents that have their cause there\n' +
    'are found, kept and marked, wake nobody, and nothing is proposed for them unasked or done without asking. When it is over, what is\n' +
    'still wrong is told.',
  load: () => import('../maintenance.ts'),
};
