import type { ControlCase } from '../case.ts';
import { rolledOut } from '../conditions.ts';

export const CASE: ControlCase = {
  id: '65-wrong-namespace-and-kind',
  family: 65,
  title: 'Somebody asks in the wrong namespace, for a kind that there is not, and with slips',
  bystanders: [{ kind: 'Deployment', name: 'samovar' }],
  silent: true,
  settled: rolledOut('Deployment', 'samovar'),
  asks: [
    {
      resource: 'deployment/samovar',
      namespaces: ['kube-public'],
      refused: true,
      says: ['There is no Deployment samovar in namespace kube-public.', 'There is one in namespace ', '$(NAMESPACE)'],
    },
    { namespaces: ['kube-pubilc'], refused: true, says: ['There is no namespace kube-pubilc', 'Did you mean kube-public?'] },
    { resource: 'deploymnet/samovar', refused: true, says: ['the server has no kind', 'deploymnet', 'Did you mean deployments?'] },
    { resource: 'deploy/smaovar', refused: true, says: ['There is no Deployment smaovar', 'Did you mean deployment/samovar?'] },
    { resource: 'deploy/samovar', refused: false, says: ['"incidents":[]', '"about":{"resource"', '"ruledOut":[{"hypothesis"'] },
  ],
};
