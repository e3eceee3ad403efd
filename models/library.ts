import { copyFileSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { open, rename, rm, statfs } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { basename } from 'node:path';
import type {
  AbortSignalLike,
  CatalogueEntry,
  Failure,
  ModelLibrary,
  ModelProgress,
  ModelRow,
  ModelSettings,
  ModelsChange,
  ModelsState,
  Outcome,
  Purpose,
} from '../agents/contract/index.ts';
import { CATALOGUE, memoryFor } from './catalogue.ts';
import { type DownloadLimits, download, full, sha256Of, sizeOf } from './download.ts';
import type { ModelFile, ModelFolder } from './folder.ts';
import { readGgufHeader } from './gguf-header.ts';
import { CANCELLED } from './http.ts';
import type { SettingsFile } from './settings-file.ts';

export interface LibraryOptions {
  readonly folder: ModelFolder;
  readonly settings: SettingsFile;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where the endpoint's key is kept. */
  readonly key: KeyBox;
  readonly catalogue?: readonly CatalogueEntry[];
  readonly limits?: Partial<DownloadLimits>;
  /** Of this machine; tests bring their own. */
  readonly machine?: () => Machine;
}

export interface KeyBox {
  readonly keeps: 'system' | 'file';
  get(): Promise<Outcome<string | undefined>>;
  set(key: string): Promise<Outcome<undefined>>;
  remove(): Promise<Outcome<undefined>>;
}

export interface Machine {
  readonly memoryBytes: number;
  readonly availableBytes: number;
  /** Undefined: as the disk of the folder says. */
  readonly freeDiskBytes?: number;
}

const HUB = 'https://huggingface.co';
/** The log and the rest of the data directory live on the same disk. */
const ROOM_LEFT = 200_000_000;
const COPY_BYTES = 4 << 20;

/** The models that can be had and those that are here. */
export class Library implements ModelLibrary {
  readonly #options: LibraryOptions;
  readonly #catalogue: readonly CatalogueEntry[];
  /** Names of what is being pulled or taken in now. */
  readonly #coming = new Set<string>();

  constructor(options: LibraryOptions) {
    this.#options = options;
    this.#catalogue = options.catalogue ?? CATALOGUE;
  }

  async state(): Promise<ModelsState> {
    const { folder, settings: file, key } = this.#options;
    const settings = file.read();
    const [files, machine, kept] = [await folder.files(), await this.#machine(), await key.get()];
    const inUse = { instruct: settings.instruct, embedding: (await this.chosen('embedding', files))?.file ?? null };
    const listed = await Promise.all(this.#catalogue.map((entry) => this.#row(entry, files, inUse, machine)));
    const own = files.filter((f) => !this.#catalogue.some((e) => e.file === f.file)).map((f) => ownRow(f, inUse, machine));
    return {
      models: [...listed, ...own],
      settings,
      remoteKey: kept.ok && kept.value !== undefined ? key.keeps : 'none',
      machine: { ...machine, folder: folder.path },
    };
  }

  settings(): ModelSettings {
    return this.#options.settings.read();
  }

  /** The file that is used for this purpose; for vectors the first that is there where none was chosen. */
  async chosen(purpose: Purpose, files?: readonly ModelFile[]): Promise<ModelFile | null> {
    const name = this.settings()[purpose];
    const fit = (files ?? (await this.#options.folder.files())).filter((f) => f.header.ok && f.header.value.purpose === purpose);
    return fit.find((f) => f.file === name) ?? (purpose === 'embedding' ? fit[0] : undefined) ?? null;
  }

  async *pull(name: string, signal: AbortSignalLike): AsyncGenerator<Outcome<ModelProgress>, void> {
    const entry = this.#catalogue.find((e) => e.name === name);
    if (entry === undefined) return yield unknown(name, 'quarterdeck models list shows those that can be pulled.');
    if (entry.path === null)
      return yield bad(`${entry.title} comes with the app and is not fetched.`, 'In a checkout, npm run pack:models makes it.');
    const { folder, env, limits = {} } = this.#options;
    const to = folder.place(entry.file);
    if (existsSync(to))
      return yield { ok: true, value: { name, stage: 'done', received: entry.bytes, total: entry.bytes, note: 'it is here already' } };
    if (this.#coming.has(name))
      return yield bad(`${entry.title} is being pulled already.`, 'Its row in quarterdeck models list shows how far it is.');
    mkdirSync(folder.path, { recursive: true });
    const room = await this.#room(entry.bytes - (await sizeOf(`${to}.part`)), entry.title);
    if (room !== undefined) return yield { ok: false, failure: room };
    const { mirror, proxy } = this.settings();
    this.#coming.add(name);
    try {
      const url = new URL(`${(mirror ?? env['HF_ENDPOINT'] ?? HUB).replace(/\/+$/, '')}/${entry.path}`);
      const steps = download({ url, to, bytes: entry.bytes, sha256: entry.sha256, proxy, env, limits }, signal);
      for await (const step of steps) {
        if (step.ok && step.value.stage === 'done') {
          const header = await readGgufHeader(to);
          if (!header.ok) {
            await rm(to, { force: true });
            return yield header;
          }
        }
        yield step.ok ? { ok: true, value: { name, ...step.value } } : step;
      }
    } finally {
      this.#coming.delete(name);
    }
  }

  async *import(path: string, sha256: string | undefined, signal: AbortSignalLike): AsyncGenerator<Outcome<ModelProgress>, void> {
    const header = await readGgufHeader(path);
    if (!header.ok) return yield header;
    const file = basename(path);
    const { folder } = this.#options;
    const to = folder.place(file);
    const total = statSync(path).size;
    if (existsSync(to)) return yield bad(`There is a model ${file} already.`, 'Remove it first: quarterdeck models remove ' + file);
    mkdirSync(folder.path, { recursive: true });
    const room = await this.#room(total, file);
    if (room !== undefined) return yield { ok: false, failure: room };
    const entry = this.#catalogue.find((e) => e.file === file && e.bytes === total);
    const expected = sha256?.toLowerCase() ?? entry?.sha256 ?? null;
    const part = `${to}.import`;
    try {
      yield* copied(path, part, { name: file, total, signal });
      if (signal.aborted) return yield { ok: false, failure: CANCELLED };
      yield { ok: true, value: { name: file, stage: 'verifying', received: total, total, note: null } };
      const sum = await sha256Of(part);
      if (expected !== null && sum !== expected)
        return yield bad(`${path} is not the file that was meant: its sha256 is ${sum}, not ${expected}.`, 'Copy or download it again.');
      await rename(part, to);
      const note =
        expected === null ? `no sum is known for it; its sha256 is ${sum}` : 'its sha256 is the one that was given or is in the catalogue';
      yield { ok: true, value: { name: file, stage: 'done', received: total, total, note } };
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      yield code === 'ENOSPC'
        ? { ok: false, failure: full(to) }
        : bad(`${path} cannot be taken in: ${message}.`, 'Check the stick or the share.');
    } finally {
      await rm(part, { force: true });
    }
  }

  async use(name: string | null, purpose: Purpose | undefined): Promise<Outcome<undefined>> {
    const { settings: file } = this.#options;
    if (name === null) {
      file.write({ ...file.read(), [purpose ?? 'instruct']: null });
      return DONE;
    }
    const found = await this.#file(name);
    if (!found.ok) return found;
    const { header } = found.value;
    if (!header.ok) return header;
    const can = header.value.purpose;
    if (purpose !== undefined && purpose !== can)
      return bad(
        `${name} is ${can === 'embedding' ? 'a model that makes vectors, and cannot write' : 'a model that writes, and makes no vectors'}.`,
        'quarterdeck models list shows what each can do.',
      );
    const lack = lacking(this.#memoryOf(found.value), await this.#machine(), name);
    if (lack !== null)
      return {
        ok: false,
        failure: { code: 'bad-input', message: lack, hint: 'Choose a smaller model, or an endpoint on another machine.' },
      };
    file.write({ ...file.read(), [can]: found.value.file });
    return DONE;
  }

  async remove(name: string): Promise<Outcome<undefined>> {
    const { settings: file, folder } = this.#options;
    const entry = this.#catalogue.find((e) => e.name === name);
    const part = folder.place(`${entry?.file ?? name}.part`);
    if (entry !== undefined && existsSync(part) && !this.#coming.has(name)) {
      await rm(part);
      await rm(`${part}.json`, { force: true });
      return DONE;
    }
    const found = await this.#file(name);
    if (!found.ok) return found;
    if (found.value.bundled)
      return bad(`${name} came with the app and cannot be removed.`, 'Use another one instead: quarterdeck models use NAME.');
    await rm(found.value.path);
    const settings = file.read();
    if (settings.instruct === found.value.file) file.write({ ...settings, instruct: null });
    if (settings.embedding === found.value.file) file.write({ ...settings, embedding: null });
    return DONE;
  }

  async set({ key, ...change }: ModelsChange): Promise<Outcome<undefined>> {
    const { settings: file, key: box } = this.#options;
    const before = file.read();
    const remote = change.remote === undefined ? before.remote : change.remote;
    const plain = remote === null ? null : new URL(remote.url);
    if (plain?.protocol === 'http:' && !isOwnNetwork(plain.hostname))
      return bad(`${plain.host} would be asked without encryption.`, 'Use https, or an endpoint on this machine or in your own network.');
    if (key !== undefined) {
      const kept = key === null ? await box.remove() : await box.set(key);
      if (!kept.ok) return kept;
    }
    file.write({ ...before, ...change, remote, where: { ...before.where, ...change.where } });
    return DONE;
  }

  async #file(name: string): Promise<Outcome<ModelFile>> {
    const file = this.#catalogue.find((e) => e.name === name)?.file ?? name;
    const found = (await this.#options.folder.files()).find((f) => f.file === file || f.file === `${file}.gguf`);
    return found === undefined ? unknown(name, `Pull or import it first: quarterdeck models pull ${name}.`) : { ok: true, value: found };
  }

  #memoryOf({ file, bytes, header }: ModelFile): number {
    return this.#catalogue.find((e) => e.file === file)?.memoryBytes ?? memoryFor(bytes, header.ok ? header.value.purpose : 'instruct');
  }

  async #room(bytes: number, title: string): Promise<Failure | undefined> {
    const free = (await this.#machine()).freeDiskBytes;
    if (bytes + ROOM_LEFT <= free) return undefined;
    return {
      code: 'data-dir-full',
      message: `${title} takes ${sizeWords(bytes)}, and ${sizeWords(free)} are free on the disk of ${this.#options.folder.path}.`,
      hint: 'Free space, or choose a smaller model.',
    };
  }

  async #machine(): Promise<Required<Machine>> {
    const { machine, folder } = this.#options;
    const given = machine?.() ?? { memoryBytes: totalmem(), availableBytes: process.availableMemory() };
    if (given.freeDiskBytes !== undefined) return { ...given, freeDiskBytes: given.freeDiskBytes };
    const disk = await statfs(existsSync(folder.path) ? folder.path : process.cwd());
    return { ...given, freeDiskBytes: disk.bavail * disk.bsize };
  }

  async #row(entry: CatalogueEntry, files: readonly ModelFile[], inUse: InUse, machine: Machine): Promise<ModelRow> {
    const here = files.find((f) => f.file === entry.file);
    const { name, title, purpose, size, file, bytes, licence, memoryBytes, goodFor } = entry;
    const part = here === undefined ? await sizeOf(`${this.#options.folder.place(file)}.part`) : 0;
    const problem = here !== undefined && !here.header.ok ? here.header.failure.message : lacking(memoryBytes, machine, title);
    return {
      ...{ name, title, purpose, size, file, bytes, licence, memoryBytes, goodFor, problem },
      state:
        here !== undefined ? (here.header.ok ? 'here' : 'unusable') : this.#coming.has(name) ? 'pulling' : part > 0 ? 'partial' : 'absent',
      received: here?.bytes ?? part,
      bundled: here?.bundled ?? false,
      inUse: here !== undefined && inUse[purpose] === file,
    };
  }
}

type InUse = Readonly<Record<Purpose, string | null>>;

function ownRow(model: ModelFile, inUse: InUse, machine: Machine): ModelRow {
  const { file, bytes, bundled, header } = model;
  const purpose = header.ok ? header.value.purpose : 'instruct';
  const memoryBytes = memoryFor(bytes, purpose);
  return {
    ...{ name: file, purpose, file, bytes, memoryBytes, bundled, size: null, licence: null, goodFor: null, received: bytes },
    title: header.ok ? (header.value.name ?? file) : file,
    state: header.ok ? 'here' : 'unusable',
    inUse: inUse[purpose] === file,
    problem: header.ok ? lacking(memoryBytes, machine, file) : header.failure.message,
  };
}

/** Copies in parts, so that it can be stopped and seen. */
async function* copied(
  from: string,
  to: string,
  { name, total, signal }: { name: string; total: number; signal: AbortSignalLike },
): AsyncGenerator<Outcome<ModelProgress>, void> {
  if (total <= COPY_BYTES) {
    copyFileSync(from, to);
    return;
  }
  const [source, target] = [await open(from, 'r'), await open(to, 'w')];
  try {
    const buffer = Buffer.allocUnsafe(COPY_BYTES);
    let said = 0;
    for (let at = 0; at < total && !signal.aborted;) {
      const { bytesRead } = await source.read(buffer, 0, buffer.length, at);
      if (bytesRead === 0) throw new Error('it ends before its size');
      await target.write(buffer, 0, bytesRead, at);
      at += bytesRead;
      if (performance.now() - said < 100) continue;
      said = performance.now();
      yield { ok: true, value: { name, stage: 'fetching', received: at, total, note: null } };
    }
    await target.sync();
  } finally {
    await source.close();
    await target.close();
  }
}

/** Null: there is enough. */
export function lacking(needed: number, { memoryBytes, availableBytes }: Machine, title: string): string | null {
  if (needed > memoryBytes) return `${title} needs ${sizeWords(needed)} of memory, and this machine has ${sizeWords(memoryBytes)}.`;
  if (needed > availableBytes) return `${title} needs ${sizeWords(needed)} of memory, and ${sizeWords(availableBytes)} are free now.`;
  return null;
}

export const sizeWords = (bytes: number): string =>
  bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${String(Math.max(0, Math.round(bytes / 1e6)))} MB`;

/** This machine, and addresses that no public network has. */
export function isOwnNetwork(host: string): boolean {
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '[::1]' ||
    (/^\d+\.\d+\.\d+\.\d+$/.test(host) && /^(127|10)\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\./.test(host)) ||
    /^\[f[cd]/i.test(host) ||
    host.endsWith('.local') ||
    host.endsWith('.internal') ||
    !host.includes('.')
  );
}

const DONE = { ok: true, value: undefined } as const;
const bad = (message: string, hint: string) => ({ ok: false, failure: { code: 'bad-input', message, hint } }) as const;
const unknown = (name: string, hint: string) =>
  ({ ok: false, failure: { code: 'not-found', message: `There is no model ${name} here.`, hint } }) as const;
