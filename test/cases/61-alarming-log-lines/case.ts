import type { ControlCase } from '../case.ts';
import { hasEndpoints } from '../conditions.ts';

export const CASE: ControlCase = {
  id: '61-alarming-log-lines',
  family: 61,
  title: 'A healthy program that logs fatal errors of its self test',
  bystanders: [{ kind: 'Deployment', name: 'bookkeeper' }],
  silent: true,
  settled: hasEndpoints('bookkeeper', 1),
};
