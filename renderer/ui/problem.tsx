import type { Failure } from '../../agents/contract/index.ts';

/** An expected failure: what is wrong, and the next step. */
export function Problem({ failure }: { failure: Failure }) {
  return (
    <div className="problem" role="alert">
      <p>{failure.message}</p>
      {failure.hint !== undefined && <p className="hint">{failure.hint}</p>}
    </div>
  );
}
