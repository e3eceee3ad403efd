import type { ControlCase } from '../case.ts';
import { rolledOut } from '../conditions.ts';

export const CASE: ControlCase = {
  id: '65-wrong-namespace-and-kind',
  family: 65,
  title: 'Somebody asks in the wrong namespace, for a kind that there is not, and with slips',
  bystanders: [{ kind: 'Deployment', name: 'tollbooth' }],
  silent: true,
  settled: rolledOut('Deployment', 'tollbooth'),
  asks: [
    {
      resource: 'deployment/tollbooth',
      namespaces: ['kube-public'],
      refused: true,
      says: ['There is no Deployment tollbooth in namespace kube-public.', 'There is one in namespace $(NAMESPACE)'],
    },
    { resource: 'deploymnet/tollbooth', refused: true, says: ['the server has no kind', 'deploymnet', 'Did you mean deployments?'] },
    { resource: 'deploy/tolbooth', refused: true, says: ['There is no Deployment tolbooth', 'Did you mean deployment/tollbooth?'] },
    { resource: 'deploy/tollbooth', refused: false, says: ['"incidents":[]', '"about":{"resource"', '"ruledOut":[{"hypothesis"'] },
  ],
};
