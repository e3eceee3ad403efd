import { expect, test } from 'vitest';
import type { IncidentWithPlans } from '../../contract/index.ts';
import { isAboutSubject, subjectOf } from './subjects.ts';

const incident = (kind: string, title: string) =>
  ({ title, rootCause: { message: title, resource: { apiVersion: 'v1', kind, name: 'x' } } }) as unknown as IncidentWithPlans;

test('a part of a cluster is asked for by what it does; two of them, or none, are no part', () => {
  expect(subjectOf('is dns working?')?.words).toBe('DNS');
  expect(subjectOf('are all nodes ok')?.words).toBe('the nodes');
  expect(subjectOf('any problems with storage')?.words).toBe('storage');
  expect(subjectOf('do the jobs run on the nodes')).toBeUndefined();
  expect(subjectOf('what is wrong?')).toBeUndefined();
});

test('what is wrong with another part is no answer', () => {
  const dns = subjectOf('is dns working?');
  const nodes = subjectOf('are the nodes ok');
  if (dns === undefined || nodes === undefined) throw new Error('no subject');
  expect(isAboutSubject(dns, incident('Deployment', 'its log says: no such host'))).toBe(true);
  expect(isAboutSubject(dns, incident('Deployment', 'container app ends with exit status 1'))).toBe(false);
  expect(isAboutSubject(nodes, incident('Node', 'it has no room'))).toBe(true);
  expect(isAboutSubject(nodes, incident('PersistentVolumeClaim', 'its class is missing'))).toBe(false);
});
