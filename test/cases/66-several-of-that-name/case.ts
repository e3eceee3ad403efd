import type { ControlCase } from '../case.ts';
import { all, rolledOut } from '../conditions.ts';

export const CASE: ControlCase = {
  id: '66-several-of-that-name',
  family: 66,
  title: 'A name that several pods begin with: which one is asked back, and the exact name wins',
  bystanders: [
    { kind: 'Deployment', name: 'gondola' },
    { kind: 'Deployment', name: 'gondolaman' },
  ],
  silent: true,
  settled: all(rolledOut('Deployment', 'gondola'), rolledOut('Deployment', 'gondolaman')),
  asks: [
    {
      resource: 'po/gondola',
      refused: true,
      says: ['2 of kind Pod have names that begin with gondola; which one do you mean?', 'pod/gondola-', '-n $(NAMESPACE)'],
    },
    { resource: 'pods/gondolaman', refused: false, says: ['"about":{"resource"', '"name":"gondolaman-'] },
    { resource: 'deployments/gondola', refused: false, says: ['"name":"gondola"'], saysNot: ['"name":"gondolaman"'] },
    {
      resource: 'cm/kube-root-ca.crt',
      namespaces: [],
      refused: true,
      says: ['objects are called configmap/kube-root-ca.crt; which one do you mean?'],
    },
  ],
};
