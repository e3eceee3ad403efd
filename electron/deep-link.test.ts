import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linkAmong, routeOfLink } from './deep-link.ts';

test.each([
  ['quarterdeck://incidents/inc-4f2k', '#/incidents/inc-4f2k'],
  ['quarterdeck://approvals', '#/approvals'],
  ['quarterdeck://fleet/', '#/fleet'],
  ['quarterdeck://explore/pods/shop/a%2Fb', '#/explore/pods/shop/a%2Fb'],
])('%s shows %s', (link, route) => expect(routeOfLink(link)).toBe(route));

test.each([
  'https://incidents/inc-4f2k',
  'quarterdeck://nowhere/x',
  'quarterdeck://user@incidents/x',
  'quarterdeck://incidents:80/x',
  'quarterdeck://incidents/x?token=1',
  'quarterdeck://incidents/%',
  'quarterdeck:incidents',
  `quarterdeck://incidents/${'x'.repeat(3_000)}`,
  'javascript:alert(1)',
  '',
])('%s is no link of ours', (link) => expect(routeOfLink(link)).toBeUndefined());

test('whatever a link holds, it stays behind the # and in one place of the page', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const route = routeOfLink(`quarterdeck://incidents/${text}`);
      if (route !== undefined) expect(route).toMatch(/^#\/incidents(\/[A-Za-z0-9\-_.!~*'()%]+)*$/);
    }),
    { numRuns: 2_000 },
  );
});

test('the link among the arguments of a second start', () => {
  expect(linkAmong(['/opt/quarterdeck', '--flag', 'quarterdeck://feed'])).toBe('quarterdeck://feed');
  expect(linkAmong(['/opt/quarterdeck', 'https://quarterdeck'])).toBeUndefined();
});
