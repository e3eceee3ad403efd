import type { ControlCase } from '../case.ts';
import { all, rolledOut } from '../conditions.ts';

export const CASE: ControlCase = {
  id: '66-several-of-that-name',
  family: 66,
  title: 'A name that several pods begin with: which one is asked back, and the exact name wins',
  bystanders: [
    { kind: 'Deployment', name: 'ferry' },
    { kind: 'Deployment', name: 'ferryman' },
  ],
  silent: true,
  settled: all(rolledOut('Deployment', 'ferry'), rolledOut('Deployment', 'ferryman')),
  asks: [
    {
      resource: 'po/ferry',
      refused: true,
      says: ['2 of kind Pod have names that begin with ferry; which one do you mean?', 'pod/ferry-', '-n $(NAMESPACE)'],
    },
    { resource: 'pods/ferryman', refused: false, says: ['"about":{"resource"', '"name":"ferryman-'] },
    { resource: 'deployments/ferry', refused: false, says: ['"name":"ferry"'], saysNot: ['"name":"ferryman"'] },
    {
      resource: 'cm/kube-root-ca.crt',
      namespaces: [],
      refused: true,
      says: ['objects are called configmap/kube-root-ca.crt; which one do you mean?'],
    },
  ],
};
