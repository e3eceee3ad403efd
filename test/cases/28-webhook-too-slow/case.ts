import type { FaultCase } from '../case.ts';
import { creationRefused } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '28-webhook-too-slow',
  family: 28,
  title: 'A webhook takes every call and never answers, so a Job gets no pod',
  bystanders: [
    { kind: 'Deployment', name: 'stadium' },
    { kind: 'Deployment', name: 'umpire' },
  ],
  visible: creationRefused('Job', 'players'),
  expect: {
    codes: ['ADM-002'],
    kind: 'ValidatingWebhookConfiguration',
    name: 'qd-case-28-umpire',
    mentions: ['umpire.example.io', 'does not answer in time', 'players'],
  },
  repair: null,
  advice: ['slow'],
};
