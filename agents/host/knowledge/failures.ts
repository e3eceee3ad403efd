import type { Failure } from '../../contract/index.ts';

export const noSource = (name: string): { readonly ok: false; readonly failure: Failure } => ({
  ok: false,
  failure: { code: 'not-found', message: `There is no source ${name}.`, hint: 'quarterdeck knowledge list shows them.' },
});

const wordsOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

export const unreadable = (root: string, error: unknown): Failure => ({
  code: 'bad-input',
  message: `${root} cannot be read: ${wordsOf(error)}.`,
  hint: 'Give a file, a folder or an archive that is there, whole, and that you may read.',
});

/** What went wrong with the file of the knowledge. */
export function fileFailure(file: string, error: unknown): Failure {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (code === 'SQLITE_FULL' || code === 'ENOSPC')
    return { code: 'data-dir-full', message: `There is no room left for ${file}.`, hint: 'Free space on that disk.' };
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB')
    return {
      code: 'store-corrupt',
      message: `${file} is damaged.`,
      hint: 'Move it aside and add the sources again; nothing else is in it.',
    };
  return { code: 'internal', message: `${file} cannot be used: ${wordsOf(error)}.` };
}
