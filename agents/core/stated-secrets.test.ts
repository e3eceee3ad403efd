import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ActionSpec, PlanDraft } from '../contract/index.ts';
import { withoutStatedSecrets } from './stated-secrets.ts';

const target = { apiVersion: 'v1', kind: 'Secret', namespace: 'shop', name: 'db' };
const draftOf = (...actions: ActionSpec[]): PlanDraft => ({
  remedy: 'r',
  title: 't',
  because: 'b',
  actions,
  verify: ['POD-001'],
  stableForSeconds: 10,
  atLeastRisk: 'low',
});

test('whatever states a value of a Secret is named, and the value is gone', () => {
  const value = fc.string({ minLength: 12, maxLength: 40 }).map((s) => `canary-${Buffer.from(s).toString('hex')}`);
  const stating = value.chain((v) =>
    fc.constantFrom<ActionSpec>(
      { type: 'patch', target, ops: [{ op: 'replace', path: '/data/password', value: v }] },
      { type: 'patch', target, ops: [{ op: 'test', path: '/data/password', value: v }] },
      { type: 'patch', target, ops: [{ op: 'add', path: '/stringData', value: { password: v } }] },
      { type: 'patch', target, ops: [{ op: 'replace', path: '', value: { data: { password: v } } }] },
      { type: 'patch', target, ops: [{ op: 'add', path: '/metadata/annotations/copy', value: v }] },
      { type: 'patch', target, ops: [{ op: 'replace', path: '/metadata', value: { annotations: { copy: v } } }] },
      { type: 'create', target, manifest: { kind: 'Secret', data: { password: v } } },
      { type: 'create', target, manifest: { kind: 'Secret', stringData: { password: v } } },
      { type: 'create', target, manifest: { kind: 'Secret', metadata: { name: 'db', annotations: { copy: v } } } },
    ),
  );
  fc.assert(
    fc.property(stating, (action) => {
      const { draft, stating: found } = withoutStatedSecrets(draftOf(action));
      expect(found).toBe(action);
      expect(JSON.stringify(draft)).not.toContain('canary-');
    }),
  );
});

test('what states none is left as it is', () => {
  const draft = draftOf(
    { type: 'patch', target, ops: [{ op: 'remove', path: '/data/password' }] },
    { type: 'patch', target, ops: [{ op: 'add', path: '/metadata/labels/app', value: 'web' }] },
    { type: 'delete', target },
    { type: 'patch', target: { ...target, kind: 'ConfigMap' }, ops: [{ op: 'replace', path: '/data/mode', value: 'new' }] },
  );
  expect(withoutStatedSecrets(draft)).toEqual({ draft, stating: undefined });
});
