import { expect, test } from 'vitest';
import { at, finding } from '../../agents/core/samples.ts';
import { thoughtsOf } from './thoughts.ts';

test('how an agent looked: its checks, and what it read besides', () => {
  const looked = {
    type: 'agent.looked',
    agent: 'a',
    context: 'c',
    objects: 812,
    checks: 190,
    raised: 1,
    cleared: 0,
    tookMs: 14.2,
  } as const;
  expect(thoughtsOf({ ...looked, probes: { podLogs: 2, tlsHandshake: 1 } })).toEqual([
    { what: 'checked', texts: ['190 checks over 812 objects, in 14 ms'] },
    { what: 'read besides', texts: ['podLogs, 2 times', 'tlsHandshake'] },
  ]);
  expect(thoughtsOf({ ...looked, probes: {} })).toHaveLength(1);
});

test('a finding: how sure, what it rests on, what was ruled out; a long list is cut with its number', () => {
  const evidence = Array.from({ length: 9 }, (_, i) => ({ kind: 'log' as const, resource: at('Pod/web'), text: `line ${i}` }));
  const ruledOut = [{ hypothesis: 'the image is missing', because: 'it was pulled' }];
  const thoughts = thoughtsOf({
    type: 'finding.raised',
    agent: 'a',
    context: 'c',
    finding: finding('POD-003', 'Deployment/web', { confidence: 0.6, evidence, ruledOut }),
  });
  expect(thoughts.find((t) => t.what === 'sure')?.texts).toEqual(['60 %']);
  expect(thoughts.find((t) => t.what === 'rests on')?.texts).toHaveLength(7);
  expect(thoughts.find((t) => t.what === 'rests on')?.texts.at(-1)).toBe('and 3 more');
  expect(thoughts.find((t) => t.what === 'ruled out')?.texts).toEqual(['the image is missing: it was pulled']);
});

test('what has nothing behind it says nothing more', () => {
  expect(thoughtsOf({ type: 'app.stopped' })).toEqual([]);
});
