import type { Verb } from '../verb.ts';

export const LOGS: Verb = {
  name: 'logs',
  summary: 'Logs of many containers, merged by time; and what was learned of them: patterns, what is new since a rollout',
  args: '[targets...]',
  flags: [
    ['-f, --follow', 'go on as they grow; pods that come are joined'],
    ['-l, --selector <labels>', 'pods with these labels'],
    ['-c, --container <pattern>', 'containers whose names match this regular expression'],
    ['--since <when>', 'only since then: 90s, 10m, 2h, or a time'],
    ['--tail <n>', 'the last so many lines of each container'],
    ['--previous', 'of the run before the last restart'],
    ['--timestamps', 'with the time of each line'],
    ['--verbatim', 'also what looks like a credential, which is masked otherwise'],
    ['--match <words>', 'only lines with all of these words, upper and lower case alike'],
    ['--search <words>', 'patterns: only those with all of these words'],
    ['--level <level>', 'patterns: error, warning or other'],
    ['--news', 'patterns: only what is new, more, or a burst'],
    ['--limit <n>', 'patterns: at most so many', '50'],
    ['--export <file>', 'patterns: into a file, .csv or .json'],
  ],
  examples: [
    'quarterdeck logs deploy/checkout -n shop -f',
    'quarterdeck logs -l app=web --since 10m',
    'quarterdeck logs checkout-7d9f --previous',
    'quarterdeck logs deploy/checkout --match "timeout upstream"',
    'quarterdeck logs patterns deploy/checkout -n shop',
    'quarterdeck logs patterns --news -o json',
    'quarterdeck logs patterns --level error --export errors.csv',
    'quarterdeck logs watching',
    'quarterdeck logs watch deploy/checkout -n shop',
  ],
  more:
    'TARGETS are pods or KIND/NAME of what selects pods. With -o json each line is an object.\n' +
    'patterns [KIND/NAME] tells what is logged again and again, over all replicas: how often, since which revision, and what is news: an\n' +
    'error that no earlier revision logged, one that comes much more often since the rollout, a burst. Learned while the app runs and a\n' +
    'cluster is connected, from workloads that were chosen (watch, unwatch), have an incident, were rolled out or restarted lately, and in\n' +
    'small clusters from all; watching says from whom. Credentials are masked. forget forgets all of it. A pod that is called as one of\n' +
    'these words is named pod/NAME.',
  load: () => import('../logs.ts'),
};
