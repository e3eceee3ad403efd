import type { ActionSpec, ActionType } from '../../contract/index.ts';
import type { ActionKind } from '../ports/action.ts';
import { create } from './create.ts';
import { deleteObject } from './delete.ts';
import { patch } from './patch.ts';
import { restartRollout } from './restart-rollout.ts';
import { scale } from './scale.ts';
import { undoRollout } from './undo-rollout.ts';

/** One row an action type; a missing one does not compile. */
export const ACTIONS: { readonly [T in ActionType]: ActionKind<Extract<ActionSpec, { type: T }>> } = {
  patch,
  scale,
  'restart-rollout': restartRollout,
  'undo-rollout': undoRollout,
  create,
  delete: deleteObject,
};

/** The row of an action, typed for any of them. */
export function actionKind(spec: ActionSpec): ActionKind {
  return ACTIONS[spec.type] as unknown as ActionKind;
}
