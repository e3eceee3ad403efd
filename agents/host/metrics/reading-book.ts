import { join } from 'node:path';
import { z } from 'zod';
import { type ContextName, PaceSchema } from '../../contract/index.ts';
import { ContextFile } from '../contexts/context-file.ts';

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
  readonly #file: ContextFile<ReadingOf>;

  constructor(dataDir: string) {
    this.#file = new ContextFile(join(dataDir, 'metrics.json'), ReadingSchema);
  }

  read(): ReadingByContext {
    return this.#file.read();
  }

  /** What is undefined in `change` is as if it had never been set. */
  write(context: ContextName, change: ReadingOf): void {
    const after = { ...this.read()[context], ...change };
    this.#file.write(context, Object.values(after).some((value) => value !== undefined) ? after : undefined);
  }
}
