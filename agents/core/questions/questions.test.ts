import fc from 'fast-check';
import { expect, test } from 'vitest';
import { answerFromPassages } from './answer-from-passages.ts';
import { choose } from './choose.ts';
import { explain } from './explain.ts';
import { hiding } from './hide.ts';

const options = [
  { id: 'restart', text: 'Restart the rollout' },
  { id: 'undo', text: 'Go back to revision 3' },
  { id: 'scale', text: 'Scale to 4' },
];

test('an order of remedies is of all that were given, and of no other', () => {
  const asked = choose('rankRemedies', 'inc-1', 'Deployment cart is not ready', options, 3);
  expect(asked.template).toEqual(['restart', 'undo', 'scale']);
  expect(asked.read({ chosen: ['option 3'] })).toEqual({ ok: true, value: ['scale', 'restart', 'undo'] });
  for (const chosen of [[], ['option 4'], ['scale'], ['option 1', 'option 1'], 'option 1', undefined])
    expect(asked.read({ chosen })).toMatchObject({ ok: false });
});

test('one agent is named, never two', () => {
  const asked = choose('nameAgent', null, 'why is checkout slow', options, 1);
  expect(asked.read({ chosen: ['option 2'] })).toEqual({ ok: true, value: ['undo'] });
  expect(asked.read({ chosen: ['option 1', 'option 2'] })).toEqual({ ok: false, because: 'it chooses more than was asked for' });
});

const passages = [
  {
    id: 'p1',
    text: 'A pod is evicted when its node is short of memory. Those that use more than they requested go first. It is written down.',
  },
  { id: 'p2', text: 'Set requests so that they are what the program uses.' },
];

test('an answer is made of sentences that stand in their passages', () => {
  const asked = answerFromPassages('Which pods are evicted first?', passages);
  const said = (passage: string, sentence: string) => asked.read({ sentences: [{ passage, sentence }] });
  expect(said('passage 2', 'Set requests so that they are what the program uses.')).toEqual({
    ok: true,
    value: [{ passage: 'p2', text: 'Set requests so that they are what the program uses.' }],
  });
  expect(said('passage 1', 'Set requests so that they are what the program uses.').ok).toBe(false);
  expect(said('passage 2', 'Set limits so that they are what the program uses.').ok).toBe(false);
  expect(said('passage 3', 'Set requests so that they are what the program uses.').ok).toBe(false);
  expect(said('passage 1', 'its node is short of memory').ok).toBe(false);
  expect(asked.read({ sentences: [] })).toEqual({ ok: true, value: [] });
  for (const quote of asked.template) expect(passages.find((p) => p.id === quote.passage)?.text).toContain(quote.text);
});

test('whatever an answer is, reading it ends in a value or a reason', () => {
  const all = [
    explain(
      {
        id: 'i',
        rootCause: { code: 'A-001', resource: { apiVersion: 'v1', kind: 'Pod', name: 'a' }, message: 'x', confidence: 1 },
        symptoms: [],
        affects: [],
      },
      [],
      'manager',
    ),
    choose('pickRunbooks', null, 's', options, 2),
    answerFromPassages('q', passages),
  ];
  fc.assert(
    fc.property(fc.anything(), (answer) => {
      for (const asked of all) expect(typeof asked.read(answer).ok).toBe('boolean');
    }),
  );
});

test('hidden names come back as they were, and none of them is left', () => {
  const names = ['cart', 'cart-2', 'shop', 'db.internal'];
  const { hide, show } = hiding(names);
  const text = 'Deployment shop/cart-2 and Service shop/cart call db.internal; carts stay';
  expect(hide(text)).toBe('Deployment hidden-4/hidden-2 and Service hidden-4/hidden-3 call hidden-1; carts stay');
  expect(show(hide(text))).toBe(text);
});

test('a credential in what is asked about is masked before anybody sees it', () => {
  const asked = explain(
    {
      id: 'i',
      rootCause: {
        code: 'A-001',
        resource: { apiVersion: 'v1', kind: 'Pod', name: 'a' },
        message: 'login failed with password=hunter2secret at start',
        confidence: 1,
      },
      symptoms: [],
      affects: [],
    },
    [],
    'operator',
  );
  expect(JSON.stringify(asked)).not.toContain('hunter2secret');
  expect(asked.template).toContain('[masked]');
});
