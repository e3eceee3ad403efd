import type { FaultCase } from '../case.ts';
import { restarted } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '15-through-and-started-again',
  family: 15,
  title: 'A program that does one thing and ends runs as a Deployment',
  bystanders: [{ kind: 'Deployment', name: 'doorman' }],
  visible: restarted('errand', 2),
  expect: { codes: ['POD-015'], kind: 'Deployment', name: 'errand', mentions: ['exit status 0', 'dns -once localhost'] },
  repair: null,
  advice: ['Job'],
};
