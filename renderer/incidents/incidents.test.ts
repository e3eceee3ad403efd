import { expect, test } from 'vitest';
import type { Change, Envelope, HostEvent, IncidentWithPlans, ResourceRef } from '../../agents/contract/index.ts';
import { markdownOf } from './markdown.ts';
import { OPEN_SIEVE, choices, sift } from './sift.ts';
import { momentsOf } from './timeline.ts';

const service: ResourceRef = { apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: 'cart' };
const pod: ResourceRef = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'cart-1' };
const elsewhere: ResourceRef = { apiVersion: 'v1', kind: 'Pod', namespace: 'office', name: 'labels-1' };

const incident = (more: Partial<IncidentWithPlans> = {}): IncidentWithPlans => ({
  id: 'inc-1',
  context: 'prod',
  title: 'Service shop/cart: the selector matches no pod',
  severity: 'high',
  state: 'open',
  rootCause: { code: 'SVC-001', resource: service, field: 'spec.selector.app', message: 'it asks for app=crat', confidence: 1 },
  symptoms: [{ code: 'POD-001', resource: pod, message: 'nobody calls it' }],
  affects: [],
  evidence: [{ kind: 'event', resource: pod, source: 'Killing', text: 'stopped', at: '2026-11-23T14:02:00.000Z' }],
  ruledOut: [],
  firstSeen: '2026-11-23T14:03:00.000Z',
  lastSeen: '2026-11-23T14:05:00.000Z',
  plans: [],
  ...more,
});

const change = (resource: ResourceRef, at: string): Change => ({
  id: at,
  context: 'prod',
  at,
  seenAt: at,
  resource,
  type: 'changed',
  by: { manager: 'kubectl-edit' },
  fields: [],
  beforeKnown: true,
  summary: `${resource.name} changed`,
  count: 1,
});

const logged = (seq: number, at: string, event: HostEvent): Envelope => ({ v: 1, seq, at, prev: '', hash: '', event });

test('the timeline has changes of the objects involved, dated evidence and the log, newest first, and nothing of others', () => {
  const moments = momentsOf(
    incident(),
    [change(service, '2026-11-23T14:01:00.000Z'), change(elsewhere, '2026-11-23T14:01:30.000Z')],
    [
      logged(2, '2026-11-23T14:04:00.000Z', { type: 'incident.resolved', context: 'prod', incident: 'inc-1', because: 'gone' }),
      logged(1, '2026-11-23T14:04:30.000Z', { type: 'incident.resolved', context: 'prod', incident: 'inc-2', because: 'gone' }),
    ],
  );
  expect(moments.map(({ at, kind, words, by, near }) => [at.slice(14, 16), kind, words, by, near])).toEqual([
    ['04', 'log', 'Incident inc-1 resolved: gone', undefined, false],
    ['03', 'seen', 'First seen by Quarterdeck', undefined, false],
    ['02', 'evidence', 'stopped', 'Killing', false],
    ['01', 'change', 'cart changed', 'kubectl-edit', true],
  ]);
});

test('Markdown tells the whole incident, and text of the cluster stays text', () => {
  const text = markdownOf(
    incident({
      title: 'Pod <img src=x> [a](http://b) @all\n# no heading',
      evidence: [{ kind: 'log', resource: pod, source: 'app', text: '```\nrm -rf\n```' }],
      ruledOut: [{ hypothesis: 'a *policy*', because: 'none there' }],
    }),
  );
  expect(text).toBe(`# Pod \\<img src=x\\> \\[a\\](http://b) \\@all \\# no heading

high · \`prod\` · SVC-001 · first seen 2026-11-23T14:03:00.000Z · \`inc-1\`

## Cause

\`Service shop/cart\` at \`spec.selector.app\`: it asks for app=crat

## What people noticed

- \`Pod shop/cart-1\`: nobody calls it

## Evidence

- log, \`Pod shop/cart-1\`, \`app\`

  \`\`\`\`
  \`\`\`
  rm -rf
  \`\`\`
  \`\`\`\`


## Ruled out

- a \\*policy\\*: none there
`);
});

test('incidents are sifted by words, severity, context and namespace', () => {
  const all = [
    incident(),
    incident({ id: 'inc-2', context: 'dev', severity: 'low', rootCause: { ...incident().rootCause, resource: elsewhere } }),
  ];
  const ids = (sieve: Partial<typeof OPEN_SIEVE>) => sift(all, { ...OPEN_SIEVE, ...sieve }).map((i) => i.id);
  expect(ids({})).toEqual(['inc-1', 'inc-2']);
  expect(ids({ text: 'SVC cart' })).toEqual(['inc-1', 'inc-2']);
  expect(ids({ text: 'office' })).toEqual(['inc-2']);
  expect(ids({ severity: 'low' })).toEqual(['inc-2']);
  expect(ids({ context: 'prod', namespace: 'office' })).toEqual([]);
  expect(choices(['b', undefined, 'a', 'b'])).toEqual(['a', 'b']);
});
