import type { Verb } from '../verb.ts';

export const CHANGES: Verb = {
  name: 'changes',
  summary: 'What changed in a cluster: who, when, which fields',
  args: '[resource]',
  flags: [
    ['--since <when>', 'only since then: 30m, 2h, 7d, or a time'],
    ['--limit <n>', 'at most so many', '50'],
  ],
  examples: [
    'quarterdeck changes --since 2h',
    'quarterdeck changes deployment/checkout -n shop -o wide',
    'quarterdeck changes --context prod -o json',
  ],
  more: 'Recorded while the app watches; of what was before, the cluster itself remembers who wrote last. Secret values are never recorded.',
  load: () => import('../changes.ts'),
};
