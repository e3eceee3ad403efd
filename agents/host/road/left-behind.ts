import { type ActionSpec, type Json, type LeftField, type Outcome, type Plan, type ResourceRef, refWords } from '../../contract/index.ts';
import { find, sameJson } from '../actions/json-patch.ts';
import { templateHash } from '../actions/undo-rollout.ts';
import { fieldWords, nameAt, quoted } from '../actions/words.ts';
import type { Rehearser } from '../ports/writer.ts';

/** One step back of an inverse, with what is found where it would be done. */
export interface StepBack {
  readonly spec: ActionSpec;
  readonly field: LeftField;
}

/**
 * What a plan changed, field by field: as it was, as the plan left it, as it is now. Everything follows from the inverses of its actions,
 * which carry the values of both sides. The order is that of the way back: the last action first.
 */
export async function stepsBack(plan: Plan, reader: Pick<Rehearser, 'read'>): Promise<Outcome<readonly StepBack[]>> {
  const steps: StepBack[] = [];
  for (const action of plan.actions.toReversed()) {
    for (const inverse of action.inverse ?? []) {
      const read = await reader.read(plan.context, inverse.target);
      if (!read.ok && read.failure.code !== 'not-found') return read;
      steps.push(...stepsOf(inverse, action.spec, read.ok ? read.value : undefined));
    }
  }
  return { ok: true, value: steps };
}

function stepsOf(inverse: ActionSpec, done: ActionSpec, live: Json | undefined): readonly StepBack[] {
  const { target } = inverse;
  const step = (spec: ActionSpec, name: string, was: string, left: string, now: string, state: LeftField['state']): StepBack => ({
    spec,
    field: { target, field: name, was, left, now, state },
  });
  switch (inverse.type) {
    case 'patch':
      return fieldsBack(inverse, live);
    case 'scale': {
      const left = done.type === 'scale' ? done.replicas : undefined;
      const now = live === undefined ? undefined : (find(live, '/spec/replicas') ?? 1);
      const state = now === undefined ? 'gone' : now === left ? 'asLeft' : now === inverse.replicas ? 'asBefore' : 'changed';
      return [step(inverse, 'replicas', String(inverse.replicas), String(left ?? 'another number'), String(now ?? 'absent'), state)];
    }
    case 'undo-rollout': {
      const hash = live === undefined ? undefined : templateHash(find(live, '/spec/template') ?? null);
      const state = hash === undefined ? 'gone' : hash === inverse.onlyIf ? 'asLeft' : 'changed';
      const now = { gone: 'absent', asLeft: 'the one the plan set', changed: 'another one' }[state];
      return [step(inverse, 'pod template', `that of revision ${inverse.revision}`, 'the one the plan set', now, state)];
    }
    case 'create':
      return [
        step(inverse, 'the object', 'there', 'absent', live === undefined ? 'absent' : 'there', live === undefined ? 'asLeft' : 'asBefore'),
      ];
    case 'delete': {
      const isOurs = live !== undefined && (target.uid === undefined || find(live, '/metadata/uid') === target.uid);
      const now = live === undefined ? 'absent' : isOurs ? 'there' : 'one that was deleted and created anew';
      return [step(inverse, 'the object', 'absent', 'there', now, live === undefined ? 'asBefore' : isOurs ? 'asLeft' : 'changed')];
    }
    case 'restart-rollout':
      return [];
  }
}

/** The operations of one place belong together: the test of what the plan left there, and the change that puts the old value back. */
function fieldsBack({ target, ops }: Extract<ActionSpec, { type: 'patch' }>, live: Json | undefined): readonly StepBack[] {
  return [...new Set(ops.map((op) => op.path))].map((path): StepBack => {
    const here = ops.filter((op) => op.path === path);
    const test = here.find((op) => op.op === 'test');
    const change = here.find((op) => op.op !== 'test');
    const left = test?.op === 'test' ? test.value : undefined;
    const was = change === undefined || change.op === 'remove' ? undefined : change.value;
    const now = live === undefined ? undefined : find(live, path);
    const same = (a: Json | undefined, b: Json | undefined) => (a === undefined || b === undefined ? a === b : sameJson(a, b));
    const state = live === undefined ? 'gone' : same(now, left) ? 'asLeft' : same(now, was) ? 'asBefore' : 'changed';
    const object = live ?? null;
    const words = (value: Json | undefined) => quoted(value, target, nameAt(object, path));
    return {
      spec: { type: 'patch', target, ops: here },
      field: { target, field: fieldWords(object, path), was: words(was), left: words(left), now: words(now), state },
    };
  });
}

/** "image of container api in Deployment shop/checkout is c; the plan left b, before it was a". */
export function changedWords(fields: readonly LeftField[]): string {
  return fields
    .filter((f) => f.state !== 'asLeft')
    .map((f) => `${f.field} of ${refWords(f.target)} is ${f.now}; the plan left ${f.left}, before it was ${f.was}`)
    .join('. ');
}

/** Only those ways back whose place nobody has touched since; operations on one object become one action again. */
export function untouchedSteps(steps: readonly StepBack[]): ActionSpec[] {
  const specs: ActionSpec[] = [];
  for (const { spec, field } of steps) {
    if (field.state !== 'asLeft') continue;
    const last = specs.at(-1);
    if (spec.type === 'patch' && last?.type === 'patch' && sameTarget(last.target, spec.target))
      specs[specs.length - 1] = { ...last, ops: [...last.ops, ...spec.ops] };
    else specs.push(spec);
  }
  return specs;
}

const sameTarget = (a: ResourceRef, b: ResourceRef) => refWords(a) === refWords(b);
