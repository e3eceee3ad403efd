import type { FaultCase } from '../case.ts';
import { podSays } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '01-first-start-impossible',
  family: 1,
  title: 'A program that the image lacks, and no earlier revision',
  bystanders: [{ kind: 'Deployment', name: 'ledger' }],
  visible: podSays('importer', 'StartError', 'ContainerCannotRun', 'RunContainerError', 'CrashLoopBackOff'),
  expect: { codes: ['POD-001'], kind: 'Deployment', name: 'importer', mentions: ['/usr/bin/python3'] },
  repair: null,
  advice: ['command'],
};
