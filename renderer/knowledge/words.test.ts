import { expect, test } from 'vitest';
import { linkToDocument } from './places.ts';
import { howFar, stateWords, textAndCode } from './words.ts';

const source = { state: 'ready', progress: null, documents: 1, passages: 3, problem: null } as const;

test('a source says how it stands', () => {
  expect(stateWords({ ...source, documents: 1_234 })).toBe('1,234 documents, 3 passages');
  expect(stateWords({ ...source, passages: 1 })).toBe('1 document, 1 passage');
  expect(stateWords({ ...source, state: 'reading', progress: { done: 4, total: null } })).toBe('Reading: 4 files so far');
  expect(stateWords({ ...source, state: 'reading', progress: { done: 4, total: 9 } })).toBe('Reading: 4 of about 9 files');
});

test('how far the vectors are, and what that means', () => {
  const vectors = { model: 'mini', done: 5, total: 10, state: 'running', problem: null } as const;
  expect(howFar(vectors)).toBe('5 of 10 passages can also be found by what they mean; the rest follows in the background.');
  expect(howFar({ ...vectors, done: 10, state: 'done' })).toBe('All 10 passages can also be found by what they mean.');
  expect(howFar({ ...vectors, model: null, state: 'none' })).toBe('Passages are found by their words: no embedding model is set up.');
  expect(howFar({ ...vectors, state: 'failed', problem: 'It ended.' })).toBe(
    '5 of 10 passages can also be found by what they mean. It ended.',
  );
});

test('a path is one part of the address, whatever is in it', () => {
  expect(linkToDocument('my wiki', 'a/b c.md', 7)).toBe('#/knowledge/my%20wiki/a%2Fb%20c.md?line=7');
});

test('code stands apart from text, also where a passage has several pieces, and one that is cut off', () => {
  expect(textAndCode('Look:\n\n```sh\nkubectl get pods\n```\n\nThen:\n```\na\n\nb\n```\nDone.')).toEqual([
    'Look:\n\n',
    'kubectl get pods\n',
    '\nThen:\n',
    'a\n\nb\n',
    'Done.',
  ]);
  expect(textAndCode('Text\n```sh\nkubectl get')).toEqual(['Text\n```sh\nkubectl get']);
});
