import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome } from '../agents/contract/index.ts';
import { type GgufHeader, readGgufHeader } from './gguf-header.ts';

/** A file of the folder; whether it is a model, and which, says its header. */
export interface ModelFile {
  readonly file: string;
  readonly path: string;
  readonly bytes: number;
  /** Came with the app: it can be used, and not removed. */
  readonly bundled: boolean;
  readonly header: Outcome<GgufHeader>;
}

/** The folder of models in the data directory, and the one that came with the app. */
export class ModelFolder {
  readonly path: string;
  readonly #bundled: string;

  constructor(dataDir: string, bundled: string) {
    this.path = join(dataDir, 'models');
    // The system opens these, so they lie beside the app's archive.
    this.#bundled = bundled.replace(/app\.asar(?=[\\/])/, 'app.asar.unpacked');
  }

  /** One's own come before those of the same name that came with the app. */
  async files(): Promise<ModelFile[]> {
    const found = [
      ...ggufIn(this.path).map((file) => ({ file, path: join(this.path, file), bundled: false })),
      ...ggufIn(this.#bundled).map((file) => ({ file, path: join(this.#bundled, file), bundled: true })),
    ];
    const models: ModelFile[] = [];
    for (const at of found) {
      if (models.some((m) => m.file === at.file)) continue;
      models.push({ ...at, bytes: statSync(at.path, { throwIfNoEntry: false })?.size ?? 0, header: await readGgufHeader(at.path) });
    }
    return models;
  }

  /** Where a pull or an import puts a file of this name. */
  place(file: string): string {
    return join(this.path, file);
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
