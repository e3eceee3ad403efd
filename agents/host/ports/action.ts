import type { ActionSpec, ContextName, Json, Outcome } from '../../contract/index.ts';
import type { WriteRequest, AccessReview, Rehearser } from './writer.ts';

/** One file an action type in host/actions: what it sends, what it needs, how it is said and taken back. */
export interface ActionKind<T extends ActionSpec = ActionSpec> {
  readonly type: T['type'];
  /** Access reviews that must be allowed. */
  needs(spec: T): readonly AccessReview[];
  /** The request, the words and the inverse, from the live object(s). Reads, never writes. */
  prepare(spec: T, context: ContextName, rehearser: Rehearser): Promise<Outcome<PreparedAction>>;
}

export interface PreparedAction {
  readonly request: WriteRequest;
  readonly summary: string;
  /** The live object before; null for a create. */
  readonly before: Json;
  readonly undo: string;
  /** The object as it would be, from the server's dry-run answer; null where it would be gone. */
  after(answer: Json): Json;
  /** What takes it back, from the object as it would be; guarded by tests of the values we set. Null where nothing can. */
  inverse(after: Json): readonly ActionSpec[] | null;
}
