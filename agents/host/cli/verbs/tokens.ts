import type { Verb } from '../verb.ts';

export const TOKENS: Verb = {
  name: 'tokens',
  summary: 'Tokens for programs and other people to call the API with',
  args: '[action] [name]',
  flags: [
    ['--scope <scope>', 'create: read, propose, decide or admin, each with what stands before it', 'read'],
    ['--expires <end>', 'create: a span (12h, 30d), a time, or never', '30d'],
  ],
  examples: ['quarterdeck tokens', 'quarterdeck tokens create grafana --scope read --expires 90d', 'quarterdeck tokens revoke grafana'],
  more:
    'Actions: list (the default), create NAME, revoke NAME. The value is shown once and kept as a hash. What is decided with a token is\n' +
    'recorded under its name. read sees what is known; propose has clusters looked at, makes plans, and may hold all agents; decide\n' +
    'approves and rejects; admin changes settings, rules and tokens, and opens shells and tunnels.',
  load: () => import('../tokens.ts'),
};
