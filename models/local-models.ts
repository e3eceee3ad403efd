import type { Embedder } from '../agents/contract/index.ts';
import { type LocalEmbedder, localEmbedder } from './embedder.ts';
import { ModelFolder } from './folder.ts';
import { type StartModelProcess, forkModelProcess } from './llama/process.ts';

export interface LocalModelsOptions {
  readonly dataDir: string;
  /** Folder of the models that came with the app; it need not be there. */
  readonly bundled: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly start?: StartModelProcess | undefined;
  readonly warn: (message: string) => void;
}

/** The models on this machine, each started when it is first asked. */
export class LocalModels {
  readonly #options: LocalModelsOptions;
  readonly #folder: ModelFolder;
  #embedder: { readonly path: string; readonly started: LocalEmbedder } | undefined;

  constructor(options: LocalModelsOptions) {
    this.#options = options;
    this.#folder = new ModelFolder(options.dataDir, options.bundled);
  }

  /** The one that is chosen now; null where there is none. */
  readonly embedder = async (): Promise<Embedder | null> => {
    const chosen = await this.#folder.chosen('embedding');
    if (this.#embedder !== undefined && this.#embedder.path !== chosen?.path) {
      void this.#embedder.started.close();
      this.#embedder = undefined;
    }
    if (chosen === null || this.#embedder !== undefined) return this.#embedder?.started ?? null;
    const { env, start = forkModelProcess } = this.#options;
    const made = await localEmbedder(chosen.path, { env, start });
    if (!made.ok) {
      this.#options.warn(made.failure.message);
      return null;
    }
    this.#embedder = { path: chosen.path, started: made.value };
    return made.value;
  };

  async close(): Promise<void> {
    await this.#embedder?.started.close();
  }
}
