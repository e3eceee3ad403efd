import { expect, test } from 'vitest';
import { readRoute } from '../state/route.ts';
import { askedIn, linkToObject, linkToTable, objectAt } from './places.ts';

test.each([
  { kind: 'pods', context: 'prod/eu #1', namespace: 'shop', name: 'סל-🚢' },
  { kind: 'widgets.example.com', context: 'a', namespace: undefined, name: '<b>?x=1&y' },
])('the address of $kind $name leads back to it', (place) => {
  expect(objectAt(readRoute(linkToObject(place, 'yaml')).path)).toEqual(place);
  expect(readRoute(linkToObject(place, 'yaml')).query.get('tab')).toBe('yaml');
});

test('all that is asked of a table is in its address', () => {
  const asked = { contexts: ['a', 'b'], labels: 'app in (x, y),!z', text: 'crash & burn', sort: 'Age', down: true };
  const route = readRoute(linkToTable('deployments.apps', asked));
  expect(route.id).toBe('deployments.apps');
  expect(askedIn(route.query)).toEqual(asked);
  expect(linkToTable('pods', askedIn(new URLSearchParams()))).toBe('#/explore/pods');
});
