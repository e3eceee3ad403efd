import type { Failure, SourceKind } from '../../../contract/index.ts';
import type { SourceNews } from '../turn.ts';

/** Why a source is not used, in the words of the failure. */
export function failureNews(kind: SourceKind, name: string, failure: Failure, needs: string, samples = 0): SourceNews {
  const state = failure.code === 'forbidden' ? 'forbidden' : failure.code === 'not-found' ? 'absent' : 'failing';
  return { kind, name, state, samples, because: failure.message, needs: state === 'forbidden' ? needs : undefined };
}
