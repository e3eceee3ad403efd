import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ContextName } from '../../contract/index.ts';
import { replaceFile } from '../replace-file.ts';
import type { NamedPrometheus } from './prometheus.ts';

/** Which Prometheus a person named for a context: `prometheus.json` of the data directory. Secrets stay in files of their own. */

const NamedSchema = z.record(
  z.string(),
  z.strictObject({
    url: z.url({ protocol: /^https?$/ }),
    tokenFile: z.string().optional(),
    user: z.string().optional(),
    passwordFile: z.string().optional(),
  }),
);
export type NamedByContext = Readonly<Record<ContextName, NamedPrometheus>>;

export class PrometheusBook {
  readonly #path: string;

  constructor(dataDir: string) {
    this.#path = join(dataDir, 'prometheus.json');
  }

  /** Nothing where there is no file, or none that can be understood: it is written anew by the next who names one. */
  read(): NamedByContext {
    try {
      return NamedSchema.parse(JSON.parse(readFileSync(this.#path, 'utf8')));
    } catch {
      return {};
    }
  }

  write(context: ContextName, named: NamedPrometheus | undefined): void {
    const { [context]: _before, ...others } = this.read();
    replaceFile(this.#path, `${JSON.stringify(named === undefined ? others : { ...others, [context]: named }, null, 2)}\n`, 0o600);
  }
}
