import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type ContextName, PaceSchema } from '../../contract/index.ts';
import { replaceFile } from '../replace-file.ts';

/** What a person has set about reading the metrics of a context: `metrics.json` of the data directory. Secrets stay in files of their own. */

const ReadingSchema = z.strictObject({
  prometheus: z
    .strictObject({
      url: z.url({ protocol: /^https?$/ }),
      tokenFile: z.string().optional(),
      user: z.string().optional(),
      passwordFile: z.string().optional(),
    })
    .optional(),
  everySeconds: PaceSchema.optional(),
});
export type ReadingOf = z.infer<typeof ReadingSchema>;
export type ReadingByContext = Readonly<Record<ContextName, ReadingOf>>;

export class ReadingBook {
  readonly #path: string;

  constructor(dataDir: string) {
    this.#path = join(dataDir, 'metrics.json');
  }

  /** Nothing where there is no file, or none that can be understood: it is written anew by the next who sets something. */
  read(): ReadingByContext {
    try {
      return z.record(z.string(), ReadingSchema).parse(JSON.parse(readFileSync(this.#path, 'utf8')));
    } catch {
      return {};
    }
  }

  /** What is undefined in `change` is as if it had never been set. */
  write(context: ContextName, change: ReadingOf): void {
    const { [context]: before, ...others } = this.read();
    const after = { ...before, ...change };
    const set = Object.values(after).some((value) => value !== undefined);
    replaceFile(this.#path, `${JSON.stringify(set ? { ...others, [context]: after } : others, null, 2)}\n`, 0o600);
  }
}
