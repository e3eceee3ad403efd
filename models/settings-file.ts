import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ModelSettings, ModelSettingsSchema } from '../agents/contract/index.ts';

/** What is set about models, in `settings.json` of their folder. No secret is in it. */
export class SettingsFile {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** A file that cannot be read sets nothing. */
  read(): ModelSettings {
    try {
      return ModelSettingsSchema.parse(JSON.parse(readFileSync(join(this.#folder, 'settings.json'), 'utf8')));
    } catch {
      return ModelSettingsSchema.parse({});
    }
  }

  write(settings: ModelSettings): void {
    mkdirSync(this.#folder, { recursive: true });
    const path = join(this.#folder, 'settings.json');
    writeFileSync(`${path}.new`, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${path}.new`, path);
  }
}
