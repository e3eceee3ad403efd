import { type ActionSpec, refWords } from '../../contract/index.ts';
import { HOLDS_SECRET_VALUES } from '../../core/stated-secrets.ts';
import type { ActionKind } from '../ports/action.ts';
import { applyPatch, revertPatch } from './json-patch.ts';
import { failed, need, readTarget, stateTests } from './target.ts';
import { fieldWords, nameAt, patchWords, quoted, undoWords } from './words.ts';

type Patch = Extract<ActionSpec, { type: 'patch' }>;

/**
 * Changes fields of one object by JSON Patch. The server tests the object's identity and state together with the remedy's own tests,
 * in the moment of writing. Values of a Secret are not kept, so a change of them cannot be taken back.
 */
export const patch: ActionKind<Patch> = {
  type: 'patch',
  needs: (spec) => [...need(spec, 'get'), ...need(spec, 'patch')],
  prepare: async (spec, context, rehearser) => {
    const { target, ops } = spec;
    const live = await readTarget(spec, context, rehearser);
    if (!live.ok) return live;
    const before = live.value;
    const fits = applyPatch(before, ops);
    if (!fits.ok) {
      const name = nameAt(before, fits.op.path);
      const wanted = fits.op.op === 'test' ? `, the plan expects ${quoted(fits.op.value, target, name)}` : '';
      return failed({
        code: 'plan-drifted',
        message: `${fieldWords(before, fits.op.path)} in ${refWords(target)} is ${quoted(fits.found, target, name)}${wanted}.`,
        hint: 'Diagnose again; the object has changed since it was looked at.',
      });
    }
    const secret = target.kind === 'Secret' && ops.some((op) => HOLDS_SECRET_VALUES.test(op.path));
    return {
      ok: true,
      value: {
        request: {
          verb: 'patch',
          target,
          contentType: 'application/json-patch+json',
          body: [...stateTests(before), ...ops],
        },
        summary: patchWords(before, ops, target),
        before,
        undo: secret ? 'Cannot be taken back: Quarterdeck does not keep the values of Secrets' : undoWords(before, ops, target),
        after: (answer) => answer,
        inverse: (after) => {
          if (secret) return null;
          const back = revertPatch(before, after, ops);
          return back.length === 0 ? [] : [{ type: 'patch', target, ops: back }];
        },
      },
    };
  },
};
