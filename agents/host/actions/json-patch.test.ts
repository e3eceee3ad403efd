import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json, JsonPatchOp } from '../../contract/index.ts';
import { applyPatch, find, isDone, revertPatch, sameJson } from './json-patch.ts';

const pod = {
  spec: {
    containers: [
      { name: 'api', image: 'a:1' },
      { name: 'log', image: 'l:1' },
    ],
    nodeSelector: { 'kubernetes.io/os': 'linux' },
  },
};

test('finds by pointer, with escaped keys, and nothing outside', () => {
  expect(find(pod, '/spec/nodeSelector/kubernetes.io~1os')).toBe('linux');
  expect(find(pod, '/spec/containers/1/name')).toBe('log');
  expect(
    ['/spec/containers/2', '/spec/containers/-', '/spec/containers/01', '/spec/none/x', '/spec/containers/length', '/constructor'].map(
      (p) => find(pod, p),
    ),
  ).toEqual(Array(6).fill(undefined));
});

test.each<[string, JsonPatchOp[]]>([
  ['a test of another value', [{ op: 'test', path: '/spec/containers/0/image', value: 'b' }]],
  ['a replace of what is not there', [{ op: 'replace', path: '/spec/none', value: 1 }]],
  ['a remove of what is not there', [{ op: 'remove', path: '/spec/none' }]],
  ['an add below what is not there', [{ op: 'add', path: '/spec/none/x', value: 1 }]],
  ['an add beyond the end', [{ op: 'add', path: '/spec/containers/3', value: {} }]],
])('%s does not fit', (_, ops) => {
  expect(applyPatch(pod, ops)).toMatchObject({ ok: false, op: ops[0] });
});

test('adds, replaces and removes in order, leaving the given value alone', () => {
  const before = structuredClone(pod);
  const patched = applyPatch(pod, [
    { op: 'add', path: '/spec/containers/-', value: { name: 'new' } },
    { op: 'add', path: '/spec/containers/0', value: { name: 'first' } },
    { op: 'remove', path: '/spec/containers/2' },
    { op: 'replace', path: '/spec/containers/1/image', value: 'a:2' },
  ]);
  expect(patched).toEqual({
    ok: true,
    value: { spec: { ...pod.spec, containers: [{ name: 'first' }, { name: 'api', image: 'a:2' }, { name: 'new' }] } },
  });
  expect(pod).toEqual(before);
});

test('taking back tests the value the server made of ours', () => {
  const before = { spec: { cpu: '500m' } };
  const after = { spec: { cpu: '1' } };
  expect(revertPatch(before, after, [{ op: 'replace', path: '/spec/cpu', value: '1000m' }])).toEqual([
    { op: 'test', path: '/spec/cpu', value: '1' },
    { op: 'replace', path: '/spec/cpu', value: '500m' },
  ]);
});

test('an emptied list or map that the server leaves out is put back whole', () => {
  const before = { spec: { args: ['x'], name: 'a' } };
  const after = { spec: { name: 'a' } };
  const back = revertPatch(before, after, [{ op: 'remove', path: '/spec/args/0' }]);
  expect(applyPatch(after, back)).toEqual({ ok: true, value: before });
});

test('a list into which the server puts entries of its own is put back whole', () => {
  const before = { spec: { containers: ['a', 'b'] } };
  const after = { spec: { containers: ['sidecar', 'A', 'b'] } };
  const back = revertPatch(before, after, [{ op: 'replace', path: '/spec/containers/0', value: 'A' }]);
  expect(applyPatch(after, back)).toEqual({ ok: true, value: before });
});

test('taking back touches only what was changed', () => {
  const before = { metadata: { labels: { a: '1', b: '2' } } };
  const ops: JsonPatchOp[] = [{ op: 'replace', path: '/metadata/labels/a', value: '9' }];
  const back = revertPatch(before, { metadata: { labels: { a: '9', b: '2' } } }, ops);
  const sinceChanged = { metadata: { labels: { a: '9', b: 'theirs', c: 'new' } } };
  expect(applyPatch(sinceChanged, back)).toEqual({ ok: true, value: { metadata: { labels: { a: '1', b: 'theirs', c: 'new' } } } });
});

const leaf = fc.oneof(fc.constantFrom('a', 'b', ''), fc.integer({ min: 0, max: 3 }), fc.boolean());
const { value: tree } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('x', 'y', 'z/w', 'v~'), tie('value'), { maxKeys: 4 }),
  ),
}));
const root = fc.dictionary(fc.constantFrom('x', 'y', 'spec'), tree, { minKeys: 1 });

/** Every place in a value, and the places where something could be added. */
function places(value: Json, path = ''): string[] {
  if (Array.isArray(value)) return [path, `${path}/-`, `${path}/${value.length}`, ...value.flatMap((v, i) => places(v, `${path}/${i}`))];
  if (typeof value !== 'object' || value === null) return [path];
  const escape = (k: string) => k.replaceAll('~', '~0').replaceAll('/', '~1');
  return [path, `${path}/new`, ...Object.entries(value).flatMap(([k, v]) => places(v, `${path}/${escape(k)}`))];
}

test('for every patch that fits, taking back gives what there was, and is guarded', () => {
  fc.assert(
    fc.property(
      root,
      fc.array(fc.tuple(fc.nat(), fc.constantFrom('add', 'replace', 'remove'), tree), { minLength: 1, maxLength: 4 }),
      (before, choices) => {
        let after: Json = before;
        const ops: JsonPatchOp[] = [];
        for (const [n, op, value] of choices) {
          const all = places(after).filter((p) => p !== '');
          const path = all[n % Math.max(1, all.length)];
          if (path === undefined) continue;
          const next: JsonPatchOp = op === 'remove' ? { op, path } : { op: op as 'add' | 'replace', path, value };
          const patched = applyPatch(after, [next]);
          if (!patched.ok) continue;
          after = patched.value;
          ops.push(next);
        }
        const back = revertPatch(before, after, ops);
        const reverted = applyPatch(after, back);
        expect(reverted.ok && sameJson(reverted.value, before)).toBe(true);
        // Each change is preceded by a test of what it replaces.
        back.forEach((op, i) => {
          if (op.op === 'replace' || op.op === 'remove') expect(back[i - 1]).toMatchObject({ op: 'test', path: op.path });
        });
      },
    ),
    { numRuns: 2_000 },
  );
});

test('a patch is done when its values are there', () => {
  const target = { apiVersion: 'v1', kind: 'Pod', name: 'a' };
  const ops: JsonPatchOp[] = [
    { op: 'replace', path: '/spec/containers/0/image', value: 'a:1' },
    { op: 'remove', path: '/spec/gone' },
  ];
  expect(isDone({ type: 'patch', target, ops }, pod)).toBe(true);
  expect(isDone({ type: 'patch', target, ops: [{ op: 'remove', path: '/spec/containers' }] }, pod)).toBe(false);
  expect(isDone({ type: 'scale', target, replicas: 1 }, pod)).toBe(true);
});
