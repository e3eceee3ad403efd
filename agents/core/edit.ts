import type { Json, JsonPatchOp } from '../contract/index.ts';
import { canonical } from './canonical.ts';
import { HOLDS_SECRET_VALUES } from './stated-secrets.ts';

/** What somebody changed in an object that was shown to them, as a patch of just that: whatever else has changed since stays. */

type Fields = { readonly [key: string]: Json };
const isFields = (value: Json | undefined): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const same = (a: Json, b: Json) => canonical(a) === canonical(b);
const step = (key: string) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** What makes an object this one, and what the server writes: no edit can mean to change it. */
const FIXED: Readonly<Record<string, string>> = {
  '/apiVersion': 'The apiVersion says how the object is read',
  '/kind': 'The kind says what the object is',
  '/metadata/name': 'An object cannot be called otherwise',
  '/metadata/namespace': 'An object cannot move to another namespace',
  '/metadata/uid': 'The uid is the server’s',
  '/metadata/resourceVersion': 'The resourceVersion is the server’s',
  '/metadata/generation': 'The generation is the server’s',
  '/metadata/creationTimestamp': 'The creationTimestamp is the server’s',
  '/metadata/managedFields': 'The managedFields are the server’s',
  '/status': 'The status is what controllers report',
};

/** Why the patch cannot be meant, in words; undefined where it can. */
export function notForEditing(kind: string, ops: readonly JsonPatchOp[]): string | undefined {
  for (const op of ops) {
    const fixed = Object.keys(FIXED).find((path) => op.path === path || op.path.startsWith(`${path}/`));
    if (fixed !== undefined) return `${FIXED[fixed] ?? ''}: put ${fixed.slice(1).replaceAll('/', '.')} back as it was.`;
    if (kind === 'Secret' && op.op !== 'test' && op.op !== 'remove' && HOLDS_SECRET_VALUES.test(op.path))
      return 'Values of a Secret are not shown here, so they are not set here either: set them where Secrets are made.';
  }
  return undefined;
}

/** Each change guarded by a test of the value that was shown. Lists of one length are compared item by item, others change as a whole. */
export function editOps(before: Json, after: Json, path = ''): readonly JsonPatchOp[] {
  if (same(before, after)) return [];
  if (isFields(before) && isFields(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key): readonly JsonPatchOp[] => {
      const [old, now, at] = [before[key], after[key], `${path}${step(key)}`];
      if (old === undefined) return now === undefined ? [] : [{ op: 'add', path: at, value: now }];
      return now === undefined ? [...guard(at, old), { op: 'remove', path: at }] : editOps(old, now, at);
    });
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length && before.length > 0 && alike(before, after))
    return before.flatMap((old, i) => editOps(old, after[i] ?? null, `${path}/${i}`));
  return [...guard(path, before), { op: 'replace', path, value: after }];
}

/** A masked value is not what the server has. */
const guard = (path: string, value: Json): readonly JsonPatchOp[] =>
  typeof value === 'string' && value.startsWith('[masked') ? [] : [{ op: 'test', path, value }];

/** The items stand for the same things: those that have a name have the same one. */
const alike = (before: readonly Json[], after: readonly Json[]) =>
  before.every((item, i) => {
    const other = after[i];
    return !isFields(item) || !isFields(other) || same(item['name'] ?? null, other['name'] ?? null);
  });
