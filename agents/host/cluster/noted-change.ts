import { createHash } from 'node:crypto';
import { type Change, type ContextName, type FieldChange, type KubeObject, refOf } from '../../contract/index.ts';
import { changeWords } from '../../core/change.ts';
import { redact } from '../../core/redact.ts';
import type { ManagedBy } from './managed-fields.ts';
import { fieldOf } from './projecting.ts';

/** Clocks of servers and ours may differ by so much. */
export const SKEW_MS = 600_000;
/** The server keeps time to the second: of a change that is seen as it happens, our own clock says more. */
const JUST_NOW_MS = 2_000;
const REVISION = 'deployment.kubernetes.io/revision';
const LONGEST_CAUSE = 200;

/** What was noticed about an object. */
export interface Noted {
  readonly object: KubeObject;
  readonly type: Change['type'];
  readonly by: ManagedBy | undefined;
  readonly raw: unknown;
  readonly fields: readonly FieldChange[];
  /** Why it was changed, in the words of who did. */
  readonly cause?: string | undefined;
  readonly beforeKnown: boolean;
  /** Whether it was written since the object was last seen, or is only said by the one who wrote last before. */
  readonly written?: boolean;
}

/**
 * The entry of the record. It has the server's time where it was written since the object was last seen, else `seen` (milliseconds since
 * 1970). The same change has the same id in every run.
 */
export function changeOf(context: ContextName, noted: Noted, seen: number): Change {
  const { object, type, by: writer, raw, fields, cause, beforeKnown, written = false } = noted;
  const { metadata } = object;
  const told = written ? writer?.at : undefined;
  const justNow = told !== undefined && seen >= told && seen - told < JUST_NOW_MS;
  const at = told === undefined || (beforeKnown && justNow) || told > seen + SKEW_MS ? seen : told;
  const revision = fieldOf(fieldOf(fieldOf(raw, 'metadata'), 'annotations'), REVISION);
  const resource = refOf(object);
  const { manager, operation } = writer ?? {};
  const words = cause === undefined ? {} : { cause: causeWords(cause) };
  const by = manager === undefined ? null : { manager, ...(operation === undefined ? {} : { operation }), ...words };
  const id = beforeKnown ? [metadata.uid, metadata.resourceVersion, type] : [metadata.uid, manager, operation, at];
  return {
    id: createHash('sha256')
      .update(JSON.stringify([context, ...id]))
      .digest('hex')
      .slice(0, 20),
    context,
    at: new Date(at).toISOString(),
    seenAt: new Date(seen).toISOString(),
    resource,
    type,
    by,
    fields: [...fields],
    beforeKnown,
    ...(metadata.generation === undefined ? {} : { generation: metadata.generation }),
    ...(typeof revision === 'string' ? { revision } : {}),
    summary: changeWords({ resource, type, fields: [...fields], by }),
    count: 1,
  };
}

/** People write whole command lines there, with what they held. */
export const causeWords = (cause: string): string => redact(cause.slice(0, LONGEST_CAUSE * 4)).slice(0, LONGEST_CAUSE);
