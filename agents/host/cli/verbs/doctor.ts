import type { Verb } from '../verb.ts';

export const DOCTOR: Verb = {
  name: 'doctor',
  summary: 'Check what Quarterdeck needs on this machine',
  flags: [],
  examples: ['quarterdeck doctor'],
  load: () => import('../doctor.ts'),
};
