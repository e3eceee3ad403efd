import type { AppParts } from '../app-parts.ts';
import { proposeEdit, rehearseEdit } from '../edits.ts';
import { must, os } from './os.ts';

/** Objects that a person edits. */
export function editProcedures(parts: AppParts) {
  return {
    edits: {
      rehearse: os.edits.rehearse.handler(async ({ input, errors }) => must(await rehearseEdit(input, parts), errors)),
      propose: os.edits.propose.handler(async ({ input, errors }) => must(await proposeEdit(input, parts), errors)),
    },
  };
}
