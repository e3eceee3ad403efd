import { expect, test } from 'vitest';
import { filterOf, linkToLines, rateWords } from './pattern-words.ts';

test('the lines of a pattern fit the expression that is made of it, whatever stands where it varies', () => {
  const filter = new RegExp(filterOf('GET /cart/<*> failed: timeout after <*> ms (pool [main])'));
  expect(filter.test('2026 GET /cart/17 failed: timeout after 3000 ms (pool [main])')).toBe(true);
  expect(filter.test('GET /cart/17 answered in 3 ms')).toBe(false);
  expect(filterOf('IllegalState: <*>\n  at Pool.take')).toBe('IllegalState:');
});

test('the link names the cluster, the workload and the filter', () => {
  expect(linkToLines('one', { namespace: 'shop', workload: 'Deployment/web', text: 'pool <*> empty' })).toBe(
    '#/explore/~logs?in=one&namespace=shop&for=Deployment%2Fweb&since=3600&filter=pool.*empty&regex=true',
  );
});

test('a rate is said in the unit that can be imagined', () => {
  expect([0, 0.05, 1.25, 4200].map(rateWords)).toEqual(['none now', '3 an hour', '1.3 a minute', '4,200 a minute']);
});
