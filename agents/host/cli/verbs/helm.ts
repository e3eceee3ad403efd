import type { Verb } from '../verb.ts';

export const HELM: Verb = {
  name: 'helm',
  summary: 'Helm releases, from the Secrets in which Helm keeps them',
  args: '<action> [release]',
  flags: [],
  examples: [
    'quarterdeck helm list',
    'quarterdeck helm list --context east --context west -o json',
    'quarterdeck helm history web -n shop',
  ],
  more: 'Actions: list, history RELEASE. With -o json, history also has the objects, the notes and the names of the values that were given;\nwhat these values are never leaves the part that reads clusters.',
  load: () => import('../helm.ts'),
};
