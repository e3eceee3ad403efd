import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from './case.ts';
import { objectsOf } from './cluster-client.ts';
import type { RawObject } from './conditions.ts';

/** A case with its objects read: what is played. */
export interface Script {
  readonly case: Case;
  /** The good state, reached before the fault; empty where there is none. */
  readonly before: readonly RawObject[];
  readonly objects: readonly RawObject[];
  /** Takes back what would outlive the namespace. */
  readonly undo: readonly RawObject[];
  /** How the namespace begins; the case's id without it. */
  readonly namespace?: string;
  /** How long the incident may take after the fault shows. Milliseconds. */
  readonly patienceMs?: number;
  /** What is special about it, for the table. */
  readonly says?: string;
}

export function scriptOf(c: Case): Script {
  const read = (file: string): RawObject[] => {
    const path = join(import.meta.dirname, c.id, file);
    return existsSync(path) ? objectsOf(path) : [];
  };
  return { case: c, before: read('before.yaml'), objects: read('objects.yaml'), undo: read('undo.yaml') };
}
