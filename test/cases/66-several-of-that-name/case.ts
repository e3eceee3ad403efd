import type { ControlCase } from '../case.ts';
import { all, rolledOut } from '../conditions.ts';

export const CASE: ControlCase = {
  id: '66-several-of-that-name',
  family: 66,
  title: 'A name that several pods begin with: which one is asked back, and the exact name wins',
  bystanders: [
    { kind: 'Deployment', name: 'sampan' },
    { kind: 'Deployment', name: 'sampanman' },
  ],
  silent: true,
  settled: all(rolledOut('Deployment', 'sampan'), rolledOut('Deployment', 'sampanman')),
  asks: [
    {
      resource: 'po/sampan',
      refused: true,
      says: ['2 of kind Pod have names that begin with sampan; which one do you mean?', 'pod/sampan-', '-n $(NAMESPACE)'],
    },
    { resource: 'pods/sampanman', refused: false, says: ['"about":{"resource"', '"name":"sampanman-'] },
    { resource: 'deployments/sampan', refused: false, says: ['"name":"sampan"'], saysNot: ['"name":"sampanman"'] },
    {
      resource: 'cm/kube-root-ca.crt',
      namespaces: [],
      refused: true,
      says: ['objects are called configmap/kube-root-ca.crt; which one do you mean?'],
    },
  ],
};
