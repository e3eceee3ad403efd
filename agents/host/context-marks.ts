import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { ContextName } from '../contract/index.ts';

/** What people have said about contexts, kept by us beside the log: `contexts.yaml` with a list `protected`. The kubeconfig is never written. */
const MarksSchema = z.object({ protected: z.array(z.string()).default([]) });

export interface ContextMarks {
  /** Plans for a protected context ask for its name to be typed, and are never approved by rule. */
  isProtected(context: ContextName): boolean;
}

/** A missing file marks nothing. An unreadable or malformed one protects every context: fail closed. */
export async function contextMarks(dataDir: string): Promise<ContextMarks> {
  let text: string;
  try {
    text = await readFile(join(dataDir, 'contexts.yaml'), 'utf8');
  } catch (error) {
    const absent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return { isProtected: () => !absent };
  }
  try {
    const marks = new Set(MarksSchema.parse(parse(text) ?? {}).protected);
    return { isProtected: (context) => marks.has(context) };
  } catch {
    return { isProtected: () => true };
  }
}
