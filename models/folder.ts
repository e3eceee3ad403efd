import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type GgufHeader, readGgufHeader } from './gguf-header.ts';

/** A model file that is there and whole as far as its header can tell. */
export interface ModelFile {
  readonly file: string;
  readonly path: string;
  /** Came with the app: it can be chosen, and not removed. */
  readonly bundled: boolean;
  readonly header: GgufHeader;
}

type Purpose = GgufHeader['purpose'];

const ChoiceSchema = z.object({ instruct: z.string().optional(), embedding: z.string().optional() });
export type Choice = z.infer<typeof ChoiceSchema>;

/** The folder of models in the data directory, and the one that came with the app. */
export class ModelFolder {
  readonly path: string;
  readonly #bundled: string;

  constructor(dataDir: string, bundled: string) {
    this.path = join(dataDir, 'models');
    // The system opens these, so they lie beside the app's archive.
    this.#bundled = bundled.replace(/app\.asar(?=[\\/])/, 'app.asar.unpacked');
  }

  /** Files that cannot be read, or are no models, are left out. One's own come before those of the same name that came with the app. */
  async files(): Promise<ModelFile[]> {
    const found = [
      ...ggufIn(this.path).map((file) => ({ file, path: join(this.path, file), bundled: false })),
      ...ggufIn(this.#bundled).map((file) => ({ file, path: join(this.#bundled, file), bundled: true })),
    ];
    const models: ModelFile[] = [];
    for (const at of found) {
      const header = await readGgufHeader(at.path);
      if (header.ok && !models.some((m) => m.file === at.file)) models.push({ ...at, header: header.value });
    }
    return models;
  }

  /** What was chosen for this purpose; for vectors the first that is there where nothing was. */
  async chosen(purpose: Purpose): Promise<ModelFile | null> {
    const name = this.choice()[purpose];
    const fit = (await this.files()).filter((m) => m.header.purpose === purpose);
    return fit.find((m) => m.file === name) ?? (purpose === 'embedding' ? fit[0] : undefined) ?? null;
  }

  choice(): Choice {
    try {
      return ChoiceSchema.parse(JSON.parse(readFileSync(join(this.path, 'choice.json'), 'utf8')));
    } catch {
      return {};
    }
  }
}

function ggufIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.gguf'))
      .sort();
  } catch {
    return [];
  }
}
