import type { FaultCase } from '../case.ts';
import { at } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '11-readiness-flapping',
  family: 11,
  title: 'A program is ready and not ready by turns',
  bystanders: [{ kind: 'Deployment', name: 'ferris' }],
  visible: (seen) =>
    seen
      .list('Event')
      .filter((e) => e['reason'] === 'Unhealthy' && String(at(e, 'involvedObject.name')).startsWith('carousel-'))
      .some((e) => Number(at(e, 'count') ?? 0) >= 6),
  expect: {
    codes: ['PRB-012'],
    kind: 'Deployment',
    name: 'carousel',
    field: 'spec.template.spec.containers[0].readinessProbe',
    mentions: ['ready'],
  },
  repair: null,
  advice: ['carousel'],
};
