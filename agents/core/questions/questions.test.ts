import fc from 'fast-check';
import { expect, test } from 'vitest';
import { answerFromPassages } from './answer-from-passages.ts';
import { choose } from './choose.ts';
import { explain } from './explain.ts';
import { addressesIn, hiding } from './hide.ts';
import { piecesOf } from './pieces.ts';

const options = [
  { id: 'restart', text: 'Restart the rollout' },
  { id: 'undo', text: 'Go back to revision 3' },
  { id: 'scale', text: 'Scale to 4' },
];

test('an order of remedies is of all that were given, and of no other', () => {
  const asked = choose({ id: 'rankRemedies', about: 'inc-1', situation: 'Deployment cart is not ready', options, most: 3, names: [] });
  expect(asked.template).toEqual(['restart', 'undo', 'scale']);
  expect(asked.read({ chosen: ['option 3'] })).toEqual({ ok: true, value: ['scale', 'restart', 'undo'] });
  for (const chosen of [[], ['option 4'], ['scale'], ['option 1', 'option 1'], 'option 1', undefined])
    expect(asked.read({ chosen })).toMatchObject({ ok: false });
});

test('one agent is named, never two', () => {
  const asked = choose({ id: 'nameAgent', about: null, situation: 'why is checkout slow', options, most: 1, names: [] });
  expect(asked.read({ chosen: ['option 2'] })).toEqual({ ok: true, value: ['undo'] });
  expect(asked.read({ chosen: ['option 1', 'option 2'] })).toEqual({ ok: false, because: 'it chooses more than was asked for' });
});

const passages = [
  {
    id: 'p1',
    text: 'A pod is evicted when its node is short of memory. Those that use more than they requested go first. It is written down.',
  },
  { id: 'p2', text: 'Set requests so that they are what the program uses:\n\n```sh\nkubectl top pod web-1\n```\n\nThen wait.' },
];

test('an answer is made of sentences and commands of the passages, each whole and in the order of its page', () => {
  const asked = answerFromPassages('Which pods are evicted first?', passages);
  const chose = (...sentences: unknown[]) => asked.read({ sentences });
  expect(asked.prompt.data).toContain('1.2: Those that use more than they requested go first.');
  expect(chose('1.2', '1.1')).toEqual({
    ok: true,
    value: [
      { passage: 'p1', text: 'A pod is evicted when its node is short of memory.' },
      { passage: 'p1', text: 'Those that use more than they requested go first.' },
    ],
  });
  expect(chose('2.2', '2.1', '1.1', '2.2')).toMatchObject({
    ok: true,
    value: [
      { text: 'Set requests so that they are what the program uses:' },
      { text: '```sh\nkubectl top pod web-1\n```' },
      { passage: 'p1' },
    ],
  });
  expect(chose()).toEqual({ ok: true, value: [] });
  expect(chose('1.4')).toEqual({ ok: false, because: 'it gives the number of a sentence that was not given' });
  expect(chose('Those that use more go first.').ok).toBe(false);
  expect(chose('2.3')).toEqual({ ok: false, because: 'what it chose says nothing of what was asked' });
  expect(asked.read({ sentences: 'all' }).ok).toBe(false);
});

test('a text in pieces: each stands in it as it is, code with its fences, also where a block is not closed', () => {
  const text = '# Title\n\nOne. Two.\n\n- a point\n- another\n\n```sh\nkubectl get pods\n```\n\nThen this.\n\n~~~\nopen to the end';
  const pieces = piecesOf(text);
  expect(pieces).toEqual(['One.', 'Two.', '- a point', '- another', '```sh\nkubectl get pods\n```', 'Then this.', '~~~\nopen to the end']);
  for (const piece of pieces) expect(text).toContain(piece);
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
    choose({ id: 'pickRunbooks', about: null, situation: 's', options, most: 2, names: [] }),
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

test('hosts and addresses are told by their form; groups of the API, fields, versions and files are nobody’s', () => {
  expect(
    addressesIn([
      'dial tcp 10.4.0.7:5432 for db.prod.example.com: ask kim@example.com, image registry.example.com/shop/web:1.2.3.',
      'apiVersion networking.k8s.io/v1, spec.template.spec, values.yaml, version 1.37.2, e.g. this. Then that.',
    ]),
  ).toEqual(['10.4.0.7', 'db.prod.example.com', 'kim@example.com', 'registry.example.com']);
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
