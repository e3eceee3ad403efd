import type { ActionSpec, Json, PlanDraft } from '../contract/index.ts';

/** Values of Secrets that a plan itself would carry: it is stored and shown, and they must not be. */

const MASK = '[masked]';
/** Here a Secret has its values, or a copy of them (kubectl keeps one in an annotation); the rest of it says nothing. */
export const HOLDS_SECRET_VALUES = /^(?:$|\/(?:data|stringData)(?:\/|$)|\/metadata(?:$|\/annotations(?:\/|$)))/;

/** The draft without any value of a Secret, and the first action that stated one. */
export function withoutStatedSecrets(draft: PlanDraft): { readonly draft: PlanDraft; readonly stating: ActionSpec | undefined } {
  const masked = draft.actions.map(masking);
  const stating = draft.actions.find((action, i) => masked[i] !== action);
  return { draft: stating === undefined ? draft : { ...draft, actions: masked }, stating };
}

function masking(action: ActionSpec): ActionSpec {
  if (action.target.kind !== 'Secret') return action;
  if (action.type === 'patch') {
    const states = (op: (typeof action.ops)[number]) => op.op !== 'remove' && HOLDS_SECRET_VALUES.test(op.path);
    return action.ops.some(states) ? { ...action, ops: action.ops.map((op) => (states(op) ? { ...op, value: MASK } : op)) } : action;
  }
  if (action.type !== 'create') return action;
  const { data, stringData, metadata, ...rest } = action.manifest;
  const annotated = typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata) && 'annotations' in metadata;
  if (data === undefined && stringData === undefined && !annotated) return action;
  const kept: { [key: string]: Json } = { ...rest, data: MASK };
  return { ...action, manifest: kept };
}
