import { chmodSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Failure, Outcome } from '../../contract/index.ts';
import type { Keychain } from '../ports/keychain.ts';
import { replaceFile } from '../replace-file.ts';

const FOLDER = 'secrets';
/** The same on every file system: no case, no path, no mark of another form. */
const NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;
const SEALED = '.sealed';
type Form = '' | typeof SEALED;

/** Turns a secret into bytes that only this user of this desktop can open again. Both reject where the desktop refuses. */
export interface Sealer {
  seal(secret: string): Promise<Buffer>;
  /** `again`: the desktop wants it sealed anew, with a key that is newer than the one it was sealed with. */
  open(sealed: Buffer): Promise<{ readonly secret: string; readonly again: boolean }>;
}

/** Secrets as files of their own, that only this user may read. */
export function fileKeychain(dataDir: string): Keychain {
  const files = new SecretFiles(dataDir);
  return {
    keeps: 'file',
    get: (name) =>
      attempt(files.folder, () => {
        const plain = files.read(name)?.toString('utf8');
        if (plain === undefined && files.read(name, SEALED) !== undefined) return { ok: false, failure: elsewhere(name) };
        return { ok: true, value: plain };
      }),
    set: (name, secret) =>
      attempt(files.folder, () => {
        files.write(name, secret);
        files.remove(name, SEALED);
        return DONE;
      }),
    remove: (name) => attempt(files.folder, () => files.forget(name)),
  };
}

/** Secrets sealed by the desktop: what lies in the files is worthless without its keychain. One that was in the open is taken in when it is read. */
export function sealedKeychain(dataDir: string, sealer: Sealer): Keychain {
  const files = new SecretFiles(dataDir);
  const seal = async (name: string, secret: string): Promise<Outcome<undefined>> => {
    const sealed = await sealer.seal(secret);
    files.write(name, sealed.toString('base64'), SEALED);
    files.remove(name);
    return DONE;
  };
  return {
    keeps: 'system',
    get: (name) =>
      attempt(files.folder, async () => {
        const open = files.read(name)?.toString('utf8');
        if (open !== undefined) {
          const taken = await seal(name, open);
          return taken.ok ? { ok: true, value: open } : taken;
        }
        const sealed = files.read(name, SEALED);
        if (sealed === undefined) return { ok: true, value: undefined };
        const { secret, again } = await sealer.open(Buffer.from(sealed.toString('utf8'), 'base64'));
        if (again) await seal(name, secret);
        return { ok: true, value: secret };
      }),
    set: (name, secret) => attempt(files.folder, () => seal(name, secret)),
    remove: (name) => attempt(files.folder, () => files.forget(name)),
  };
}

/** @throws ErrnoException as the file system says it. */
class SecretFiles {
  readonly folder: string;

  constructor(dataDir: string) {
    this.folder = join(dataDir, FOLDER);
  }

  read(name: string, form: Form = ''): Buffer | undefined {
    try {
      return readFileSync(this.#path(name, form));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  write(name: string, text: string, form: Form = ''): void {
    const path = this.#path(name, form);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    replaceFile(path, text, 0o600);
    // The mode above is for a new file only.
    chmodSync(path, 0o600);
  }

  remove(name: string, form: Form = ''): void {
    rmSync(this.#path(name, form), { force: true });
  }

  forget(name: string): Outcome<undefined> {
    this.remove(name);
    this.remove(name, SEALED);
    return DONE;
  }

  #path(name: string, form: Form): string {
    if (!NAME.test(name)) throw new RangeError(`${JSON.stringify(name)} is no name of a secret`);
    return join(this.folder, name + form);
  }
}

const DONE = { ok: true, value: undefined } as const;

/** What a file system or a desktop refuses, in words. A wrong name is a mistake of ours, and stays one. */
async function attempt<T>(folder: string, work: () => Outcome<T> | Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RangeError) throw error;
    return { ok: false, failure: refusal(folder, error as NodeJS.ErrnoException) };
  }
}

const elsewhere = (name: string): Failure => ({
  code: 'forbidden',
  message: `The secret ${name} is kept in the keychain of the desktop app, which only the app itself can open.`,
  hint: 'Start the desktop app, or enter it again here; it is then kept in a file that only you may read.',
});

function refusal(folder: string, { code, message }: NodeJS.ErrnoException): Failure {
  if (code === undefined)
    return {
      code: 'forbidden',
      message: `The keychain of the desktop refused: ${message}.`,
      hint: 'Unlock it and try again. Nothing was changed.',
    };
  return {
    code: code === 'ENOSPC' || code === 'EDQUOT' ? 'data-dir-full' : 'data-dir-unwritable',
    message: `Secrets cannot be kept in ${folder} (${code}).`,
    hint: 'Check the rights of the data directory and the space on its disk. What was kept is as it was.',
  };
}
