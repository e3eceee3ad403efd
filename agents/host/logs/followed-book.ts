import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ContextName } from '../../contract/index.ts';
import { replaceFile } from '../replace-file.ts';

/** Whose logs people chose to have followed always, by context: `followed-logs.json` of the data directory. */

const BookSchema = z.record(z.string(), z.array(z.strictObject({ namespace: z.string(), workload: z.string() })));
export type Chosen = z.infer<typeof BookSchema>;

export class FollowedBook {
  readonly #path: string;

  constructor(dataDir: string) {
    this.#path = join(dataDir, 'followed-logs.json');
  }

  /** Nothing where there is no file, or none that can be understood: it is written anew by the next who chooses. */
  read(): Chosen {
    try {
      return BookSchema.parse(JSON.parse(readFileSync(this.#path, 'utf8')));
    } catch {
      return {};
    }
  }

  write(context: ContextName, chosen: Chosen[string]): void {
    const { [context]: _before, ...others } = this.read();
    replaceFile(this.#path, `${JSON.stringify(chosen.length === 0 ? others : { ...others, [context]: chosen }, null, 2)}\n`, 0o600);
  }
}
