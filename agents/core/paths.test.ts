import fc from 'fast-check';
import { expect, test } from 'vitest';
import { field, pointer } from './paths.ts';

test.each([
  ['spec.template.spec.volumes[0].configMap.name', '/spec/template/spec/volumes/0/configMap/name'],
  ['metadata.labels["app.kubernetes.io/name"]', '/metadata/labels/app.kubernetes.io~1name'],
  ['data["a~b"]', '/data/a~0b'],
  ['', ''],
])('%s as a JSON pointer', (path, expected) => {
  expect(pointer(path)).toBe(expected);
});

test('a key of any text is one step of the pointer, and comes back out of it', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (key) => {
      const steps = pointer(field('data', key)).split('/');
      expect(steps).toHaveLength(3);
      expect(steps[2]?.replaceAll('~1', '/').replaceAll('~0', '~')).toBe(key);
    }),
  );
});
