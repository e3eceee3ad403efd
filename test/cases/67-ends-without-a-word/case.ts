import type { FaultCase } from '../case.ts';
import { restarted } from '../conditions.ts';

export const CASE: FaultCase = {
  id: '67-ends-without-a-word',
  family: 67,
  title: 'A program that ends with an error and logs nothing: what is not known is said',
  bystanders: [{ kind: 'Deployment', name: 'narrator' }],
  visible: restarted('mime'),
  expect: {
    codes: ['POD-003'],
    kind: 'Deployment',
    name: 'mime',
    mentions: ['ends with exit status 3', 'its log is empty, so nothing says why'],
  },
  repair: null,
};
