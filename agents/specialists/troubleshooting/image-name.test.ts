import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainImageName } from './image-name.ts';

test.each([
  ['quarterdeck/Workload:1', 'quarterdeck/workload:1'],
  ['https://registry.example/shop/web:2', 'registry.example/shop/web:2'],
  [' shop/web:2', 'shop/web:2'],
  ['shop/web::2', 'shop/web:2'],
  ['shop/web:', 'shop/web'],
  ['registry.example:5000/Shop/web:V2', 'registry.example:5000/shop/web:V2'],
])('%s was meant as %s', (written, meant) => {
  expect(plainImageName(written)).toBe(meant);
});

test('a valid name is not another one, and what cannot be mended is left', () => {
  expect(plainImageName('shop/web:2')).toBeUndefined();
  expect(plainImageName('shop/web:-bad-')).toBeUndefined();
  expect(plainImageName('')).toBeUndefined();
});

test('what was mended once is stable', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), (text) => {
      const mended = plainImageName(text);
      if (mended !== undefined) expect(plainImageName(mended)).toBeUndefined();
    }),
  );
});
