import { expect, test } from 'vitest';
import { headedLogs, logPlace } from './bundle-logs.ts';

test.each([
  ['shop/web-1/app.log', ['shop', 'web-1', 'app', false]],
  ['bundle/pods/shop/web-1/app.log', ['shop', 'web-1', 'app', false]],
  ['bundle/pods/shop/web-1/app-previous.log', ['shop', 'web-1', 'app', true]],
  ['cluster-resources/pods/logs/shop/web-1/app.log', ['shop', 'web-1', 'app', false]],
  ['x/shop/pods/web-1/app.previous.log', ['shop', 'web-1', 'app', true]],
  ['namespaces/shop/pods/web-1/app/app/logs/current.log', ['shop', 'web-1', 'app', false]],
  ['namespaces/shop/pods/web-1/app/app/logs/previous.log', ['shop', 'web-1', 'app', true]],
  ['dump/shop/web-1/logs.txt', ['shop', 'web-1', undefined, false]],
  ['shop\\web-1\\app.log', ['shop', 'web-1', 'app', false]],
])('%s', (path, [namespace, pod, container, previous]) => {
  expect(logPlace(path)).toEqual({ namespace, pod, container, previous });
});

test.each(['app.log', 'web-1/app.log', 'shop/web-1/app.yaml', 'Shop/Web/App.log'])('%s says not whose log it is', (path) => {
  expect(logPlace(path)).toBeUndefined();
});

test('the headings of a dump part the logs of its containers', () => {
  const text = `==== START logs for container app of pod shop/web-1 ====
one
two
==== END logs for container app of pod shop/web-1 ====
between
==== START logs for container side of pod shop/web-1 ====
three
==== END logs for container side of pod shop/web-1 ====
`;
  expect(headedLogs(text).map(({ container, lines }) => [container, lines])).toEqual([
    ['app', ['one', 'two']],
    ['side', ['three']],
  ]);
});
