import { totalmem } from 'node:os';
import type { CatalogueEntry, Embedder, InferencePort, ModelEngine, ModelSettings } from '../agents/contract/index.ts';
import { memoryFor } from './catalogue.ts';
import { type LocalEmbedder, localEmbedder } from './embedder.ts';
import { ModelFolder } from './folder.ts';
import { type KeyBox, Library, lacking } from './library.ts';
import { type StartModelProcess, forkModelProcess } from './llama/process.ts';
import { type LocalEngine, localEngine } from './local-engine.ts';
import { remoteEngine } from './remote.ts';
import { SettingsFile } from './settings-file.ts';

export interface LocalModelsOptions {
  readonly dataDir: string;
  /** Folder of the models that came with the app; it need not be there. */
  readonly bundled: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where the endpoint's key is kept; without it there is none. */
  readonly key?: KeyBox;
  readonly start?: StartModelProcess | undefined;
  /** In place of the models that people are offered. */
  readonly catalogue?: readonly CatalogueEntry[] | undefined;
  readonly warn: (message: string) => void;
}

const NO_KEY: KeyBox = {
  keeps: 'file',
  get: () => Promise.resolve({ ok: true, value: undefined }),
  set: () => Promise.resolve({ ok: false, failure: { code: 'internal', message: 'There is no keychain here.' } }),
  remove: () => Promise.resolve({ ok: true, value: undefined }),
};

/** The models that are chosen now, each started when it is first asked. */
export class LocalModels implements InferencePort {
  readonly library: Library;
  readonly #options: LocalModelsOptions;
  readonly #settings: SettingsFile;
  #embedder: { readonly path: string; readonly started: LocalEmbedder } | undefined;
  #embedding: Promise<unknown> = Promise.resolve();
  #closed = false;
  #local: { readonly path: string; readonly started: LocalEngine } | undefined;
  #remote: { readonly settings: string; readonly engine: ModelEngine } | undefined;

  constructor(options: LocalModelsOptions) {
    this.#options = options;
    const folder = new ModelFolder(options.dataDir, options.bundled);
    this.#settings = new SettingsFile(folder.path);
    const { env, key = NO_KEY, catalogue } = options;
    this.library = new Library({ folder, settings: this.#settings, env, key, ...(catalogue === undefined ? {} : { catalogue }) });
  }

  readonly settings = (): ModelSettings => this.#settings.read();

  engine(where: 'local' | 'remote'): Promise<ModelEngine | null> {
    return where === 'local' ? this.#localEngine() : Promise.resolve(this.#remoteEngine());
  }

  /** The one that is chosen now; null where there is none. Who asks meanwhile gets the same one: a second process would be ended by nobody. */
  readonly embedder = (): Promise<Embedder | null> => {
    const next = this.#embedding.then(() => this.#chosenEmbedder());
    this.#embedding = next.catch(() => undefined);
    return next;
  };

  async #chosenEmbedder(): Promise<Embedder | null> {
    if (this.#closed) return null;
    const chosen = await this.library.chosen('embedding');
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
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#embedding;
    await Promise.all([this.#embedder?.started.close(), this.#local?.started.close()]);
  }

  async #localEngine(): Promise<ModelEngine | null> {
    const chosen = this.settings().instruct === null ? null : await this.library.chosen('instruct');
    if (this.#local !== undefined && this.#local.path !== chosen?.path) {
      void this.#local.started.close();
      this.#local = undefined;
    }
    if (chosen === null || !chosen.header.ok) return null;
    if (this.#local !== undefined) return this.#local.started;
    const needed = memoryFor(chosen.bytes, 'instruct');
    const lack = lacking(needed, { memoryBytes: totalmem(), availableBytes: process.availableMemory() }, chosen.file);
    if (lack !== null) {
      this.#options.warn(lack);
      return null;
    }
    const { env, start = forkModelProcess } = this.#options;
    this.#local = { path: chosen.path, started: localEngine(chosen.path, chosen.header.value.name ?? chosen.file, { env, start }) };
    return this.#local.started;
  }

  #remoteEngine(): ModelEngine | null {
    const { remote, proxy } = this.settings();
    if (remote === null) return null;
    const settings = JSON.stringify([remote, proxy]);
    const { env, key = NO_KEY } = this.#options;
    if (this.#remote?.settings !== settings)
      this.#remote = { settings, engine: remoteEngine({ settings: remote, proxy, env, key: () => key.get() }) };
    return this.#remote.engine;
  }
}
