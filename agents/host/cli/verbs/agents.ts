import type { Verb } from '../verb.ts';

export const AGENTS: Verb = {
  name: 'agents',
  summary: 'List the agents and how they are',
  flags: [],
  examples: ['quarterdeck agents'],
  load: () => import('../agents.ts'),
};
