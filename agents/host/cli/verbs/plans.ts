import type { Verb } from '../verb.ts';

export const PLANS: Verb = {
  name: 'plans',
  summary: 'List plans, those that wait for approval first',
  args: '[plan]',
  flags: [
    ['--waiting', 'only those that wait for approval'],
    ['--patch-file', 'of one plan: the same change for the source its objects come from (Flux, Argo CD, Helm, kustomize)'],
  ],
  examples: ['quarterdeck plans', 'quarterdeck plans plan-7f3k2m9q0d', 'quarterdeck plans plan-7f3k2m9q0d --patch-file > patch.yaml'],
  load: () => import('../plans.ts'),
};
