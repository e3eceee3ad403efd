import type { ControlCase } from '../case.ts';
import { rolledOut } from '../conditions.ts';

export const CASE: ControlCase = {
  id: '65-wrong-namespace-and-kind',
  family: 65,
  title: 'Somebody asks in the wrong namespace, for a kind that there is not, and with slips',
  bystanders: [{ kind: 'Deployment', name: 'lighthouse' }],
  silent: true,
  settled: rolledOut('Deployment', 'lighthouse'),
  asks: [
    {
      resource: 'deployment/lighthouse',
      namespaces: ['kube-public'],
      refused: true,
      says: ['There is no Deployment lighthouse in namespace kube-public.', 'There is one in namespace $(NAMESPACE)'],
    },
    { resource: 'deploymnet/lighthouse', refused: true, says: ['the server has no kind', 'deploymnet', 'Did you mean deployments?'] },
    { resource: 'deploy/lighthuose', refused: true, says: ['There is no Deployment lighthuose', 'Did you mean deployment/lighthouse?'] },
    { resource: 'deploy/lighthouse', refused: false, says: ['"incidents":[]', '"about":{"resource"', '"ruledOut":[{"hypothesis"'] },
  ],
};
