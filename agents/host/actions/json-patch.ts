import type { ActionSpec, Json, JsonPatchOp } from '../../contract/index.ts';
import { canonical } from '../../core/canonical.ts';

/** RFC 6901 and 6902 as far as plans need them: finding, applying, and taking back. Values are never changed in place. */

const decode = (step: string) => step.replaceAll('~1', '/').replaceAll('~0', '~');
const encode = (step: string) => step.replaceAll('~', '~0').replaceAll('/', '~1');

export function stepsOf(pointer: string): string[] {
  return pointer === '' ? [] : pointer.slice(1).split('/').map(decode);
}
const pointerOf = (steps: readonly string[]) => steps.map((s) => `/${encode(s)}`).join('');

export const sameJson = (a: unknown, b: unknown) => canonical(a) === canonical(b);

const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function at(value: Json | undefined, steps: readonly string[]): Json | undefined {
  let here = value;
  for (const step of steps) {
    if (Array.isArray(here)) here = /^(0|[1-9]\d*)$/.test(step) ? here[Number(step)] : undefined;
    else if (isObject(here)) here = Object.hasOwn(here, step) ? here[step] : undefined;
    else return undefined;
  }
  return here;
}

/** The value at a JSON pointer; undefined where there is none. */
export function find(document: Json, pointer: string): Json | undefined {
  return at(document, stepsOf(pointer));
}

export type Patched =
  | { readonly ok: true; readonly value: Json }
  /** `found` is what is at the path of the operation that cannot be carried out. */
  | { readonly ok: false; readonly op: JsonPatchOp; readonly found: Json | undefined };

/** Carries out the operations in order; stops at the first that does not fit, as a server would. */
export function applyPatch(document: Json, ops: readonly JsonPatchOp[]): Patched {
  let value = document;
  for (const op of ops) {
    const steps = stepsOf(op.path);
    const found = at(value, steps);
    const misfit = { ok: false, op, found } as const;
    if (op.op === 'test') {
      if (found === undefined || !sameJson(found, op.value)) return misfit;
      continue;
    }
    if (op.op !== 'add' && found === undefined) return misfit;
    const next = change(value, steps, op);
    if (next === undefined) return misfit;
    value = next;
  }
  return { ok: true, value };
}

function change(value: Json, steps: readonly string[], op: Exclude<JsonPatchOp, { op: 'test' }>): Json | undefined {
  const [step, ...rest] = steps;
  if (step === undefined) return op.op === 'remove' ? undefined : op.value;
  if (Array.isArray(value)) {
    const index = step === '-' && op.op === 'add' ? value.length : /^(0|[1-9]\d*)$/.test(step) ? Number(step) : -1;
    if (index < 0 || index > value.length) return undefined;
    if (rest.length === 0) {
      if (op.op === 'add') return value.toSpliced(index, 0, op.value);
      if (index === value.length) return undefined;
      return op.op === 'remove' ? value.toSpliced(index, 1) : value.with(index, op.value);
    }
    const below = value[index];
    const next = below === undefined ? undefined : change(below, rest, op);
    return next === undefined ? undefined : value.with(index, next);
  }
  if (!isObject(value)) return undefined;
  if (rest.length === 0) {
    if (op.op !== 'remove') return { ...value, [step]: op.value };
    const { [step]: _gone, ...left } = value;
    return left;
  }
  const below = Object.hasOwn(value, step) ? value[step] : undefined;
  const next = below === undefined ? undefined : change(below, rest, op);
  return next === undefined ? undefined : { ...value, [step]: next };
}

/**
 * The operations that turn `after` into `before` at the places `ops` touched, and nowhere else. Each is guarded by a test of the value
 * in `after`, so that a value somebody set in between is not overwritten. `after` is the server's answer: its defaults and its spelling
 * of values (`1000m` becomes `1`) are what will be found.
 */
export function revertPatch(before: Json, after: Json, ops: readonly JsonPatchOp[]): JsonPatchOp[] {
  const anchors = ops.filter((op) => op.op !== 'test').map((op) => anchorOf(before, after, stepsOf(op.path), op.op));
  const within = (a: readonly string[], b: readonly string[]) => a.length > b.length && b.every((step, i) => a[i] === step);
  const pointers = anchors.filter((a) => !anchors.some((b) => within(a, b))).map(pointerOf);
  return [...new Set(pointers)].flatMap((path): JsonPatchOp[] => {
    const [old, now] = [find(before, path), find(after, path)];
    if (sameJson(old ?? null, now ?? null) && (old === undefined) === (now === undefined)) return [];
    if (now === undefined) return old === undefined ? [] : [{ op: 'add', path, value: old }];
    const test = { op: 'test', path, value: now } as const;
    return old === undefined ? [test, { op: 'remove', path }] : [test, { op: 'replace', path, value: old }];
  });
}

/**
 * The place that is put back for one operation: its path, or the list around it where the list's length changes (indices shift), or the
 * nearest object that is there both before and after (an empty list or map is left out by the server).
 */
function anchorOf(before: Json, after: Json, steps: readonly string[], op: 'add' | 'replace' | 'remove'): readonly string[] {
  for (let n = 0; n < steps.length; n++) {
    const above = steps.slice(0, n);
    const [old, now] = [at(before, above), at(after, above)];
    const container = (Array.isArray(old) && Array.isArray(now)) || (isObject(old) && isObject(now));
    if (!container) return above;
    const last = n === steps.length - 1;
    if (Array.isArray(old) && Array.isArray(now) && (old.length !== now.length || (last && op !== 'replace'))) return above;
  }
  return steps;
}

/** Whether the object already has the values a patch or a scaling would give it. */
export function isDone(spec: ActionSpec, object: Json): boolean {
  if (spec.type === 'scale') return (find(object, '/spec/replicas') ?? 1) === spec.replicas;
  if (spec.type !== 'patch') return false;
  return spec.ops.every((op) => {
    if (op.op === 'test') return true;
    const now = find(object, op.path);
    return op.op === 'remove' ? now === undefined : now !== undefined && sameJson(now, op.value);
  });
}
