import { expect, test } from 'vitest';
import { VERBS } from './verbs.ts';

test('every verb can be parsed: its arguments are single words in brackets, its examples begin with its own name', () => {
  const wrong = VERBS.flatMap(({ name, args = '', examples }) => [
    ...(/^(?:(?:\[[\w.-]+\]|<[\w.-]+>)(?: |$))*$/.test(args) ? [] : [`${name}: ${args}`]),
    ...examples.filter((e) => !new RegExp(`\\bquarterdeck ${name}\\b`).test(e)).map((e) => `${name}: ${e}`),
  ]);
  expect(wrong).toEqual([]);
});
