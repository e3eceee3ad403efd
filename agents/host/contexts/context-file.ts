import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { ContextName } from '../../contract/index.ts';
import { replaceFile } from '../replace-file.ts';

/** A JSON file of the data directory in which a person's wishes stand, by context. */
export class ContextFile<T> {
  readonly #path: string;
  readonly #schema: z.ZodType<Record<ContextName, T>>;

  constructor(path: string, schema: z.ZodType<T>) {
    this.#path = path;
    this.#schema = z.record(z.string(), schema);
  }

  /** Nothing where there is no file, or none that can be understood: it is written anew by the next who wishes something. */
  read(): Readonly<Record<ContextName, T>> {
    try {
      return this.#schema.parse(JSON.parse(readFileSync(this.#path, 'utf8')));
    } catch {
      return {};
    }
  }

  /** Undefined: nothing is wished of it any more. */
  write(context: ContextName, wish: T | undefined): void {
    const { [context]: _before, ...others } = this.read();
    replaceFile(this.#path, `${JSON.stringify(wish === undefined ? others : { ...others, [context]: wish }, null, 2)}\n`, 0o600);
  }
}
