import type { Verb } from '../verb.ts';

export const RELEASE: Verb = {
  name: 'release',
  summary: 'Let all agents go on after a hold',
  flags: [],
  examples: ['quarterdeck release'],
  more: 'Plans are proposed again as they fit by now; what was stopped on its way is not continued.',
  load: () => import('../release.ts'),
};
