import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../contract/index.ts';
import { applyPatch, sameJson } from '../host/actions/json-patch.ts';
import { editOps, notForEditing } from './edit.ts';

const json = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Json>(null, true, 0, 1, 'a', 'a/b~c'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('name', 'a/b', '~', 'spec', ''), tie('value'), { maxKeys: 4 }),
  ),
})).value;

describe('what somebody changed', () => {
  test('turns what was shown into what was written, whatever it is', () => {
    fc.assert(
      fc.property(json, json, (before, after) => {
        const patched = applyPatch(before, editOps(before, after));
        return patched.ok && sameJson(patched.value, after);
      }),
    );
  });

  test('is refused by an object in which that very value has changed, and not by one that has changed elsewhere', () => {
    const shown: Json = { spec: { replicas: 1, template: { image: 'a' } }, status: { ready: 0 } };
    const ops = editOps(shown, { spec: { replicas: 3, template: { image: 'a' } }, status: { ready: 0 } });
    expect(applyPatch({ spec: { replicas: 1, template: { image: 'b' } }, status: { ready: 1 } }, ops)).toEqual({
      ok: true,
      value: { spec: { replicas: 3, template: { image: 'b' } }, status: { ready: 1 } },
    });
    expect(applyPatch({ spec: { replicas: 2, template: { image: 'a' } } }, ops).ok).toBe(false);
  });

  test('one field of one container is one operation', () => {
    const shown: Json = {
      containers: [
        { name: 'app', image: 'app:1' },
        { name: 'side', image: 'side:1' },
      ],
    };
    expect(
      editOps(shown, {
        containers: [
          { name: 'app', image: 'app:2' },
          { name: 'side', image: 'side:1' },
        ],
      }),
    ).toEqual([
      { op: 'test', path: '/containers/0/image', value: 'app:1' },
      { op: 'replace', path: '/containers/0/image', value: 'app:2' },
    ]);
  });

  test.each([
    ['status', { status: { a: 1 } }, { status: { a: 2 } }, 'The status is what controllers report: put status back as it was.'],
    [
      'name',
      { metadata: { name: 'a' } },
      { metadata: { name: 'b' } },
      'An object cannot be called otherwise: put metadata.name back as it was.',
    ],
    ['kind', { kind: 'Pod' }, { kind: 'Job' }, 'The kind says what the object is: put kind back as it was.'],
  ] as const)('%s cannot be meant', (_, before, after, words) => {
    expect(notForEditing('Pod', editOps(before as Json, after as Json))).toBe(words);
  });

  test('of a Secret keys may go, and no value may be set', () => {
    const shown: Json = { data: { a: '[masked, 4 characters, 12ab]', b: '[masked, 4 characters, 34cd]' }, metadata: { labels: {} } };
    const without = editOps(shown, { data: { b: '[masked, 4 characters, 34cd]' }, metadata: { labels: { x: 'y' } } });
    expect(without).toEqual([
      { op: 'remove', path: '/data/a' },
      { op: 'add', path: '/metadata/labels/x', value: 'y' },
    ]);
    expect(notForEditing('Secret', without)).toBeUndefined();
    const set = editOps(shown, { data: { a: 'aGVsbG8=', b: '[masked, 4 characters, 34cd]' }, metadata: { labels: {} } });
    expect(notForEditing('Secret', set)).toContain('not shown here');
  });
});
