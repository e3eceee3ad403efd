import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Failure, type Hold, HoldSchema, type Outcome } from '../../contract/index.ts';
import { replaceFile } from '../replace-file.ts';

export const holdPath = (dataDir: string): string => join(dataDir, 'hold.json');

const FREE: Hold = { held: false, by: null, at: null, reason: null };
const HELD: Hold = { held: true, by: null, at: null, reason: null };

/**
 * Whether all agents are held. The file is the state: it is there, or it is not, whatever it says, and it is looked at before each thing
 * that would be done; so it survives every end of the process, and anybody who can write a file can stop the agents.
 */
export class HoldSwitch {
  readonly path: string;
  /** Held in this process although the file could not be written. */
  #here: Hold | undefined;
  readonly #released = new Set<() => void>();

  constructor(dataDir: string) {
    this.path = holdPath(dataDir);
  }

  now(): Hold {
    if (this.#here !== undefined) return this.#here;
    let text: string;
    try {
      text = readFileSync(this.path, 'utf8');
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ENOENT'
        ? FREE
        : { ...HELD, reason: `${this.path} cannot be read (${String((error as NodeJS.ErrnoException).code)})` };
    }
    try {
      return HoldSchema.parse({ ...(JSON.parse(text) as object), held: true });
    } catch {
      return HELD;
    }
  }

  /** Why nothing may be done now, if so. */
  refusal(): Failure | undefined {
    const { held, by, at, reason } = this.now();
    if (!held) return undefined;
    return {
      code: 'held',
      message: `All agents are held${at === null ? '' : ` since ${at}`}${by === null ? '' : `, by ${by}`}${reason === null ? '' : `: ${reason.replace(/\.$/, '')}`}. Nothing is changed.`,
      hint: 'quarterdeck release lets them go on.',
    };
  }

  /** They are held in any case; fails where that would not outlive this process. */
  hold(by: string, at: string, reason: string | undefined): Outcome<Hold> {
    const hold: Hold = { held: true, by, at, reason: reason ?? null };
    try {
      replaceFile(this.path, `${JSON.stringify(hold)}\n`, 0o600);
      this.#here = undefined;
      return { ok: true, value: hold };
    } catch (error) {
      this.#here = hold;
      return this.#unwritable(error, 'All agents are held, but only until Quarterdeck ends');
    }
  }

  release(): Outcome<Hold> {
    try {
      rmSync(this.path, { force: true });
    } catch (error) {
      return this.#unwritable(error, 'All agents are still held');
    }
    this.#here = undefined;
    for (const hear of this.#released) hear();
    return { ok: true, value: FREE };
  }

  onRelease(hear: () => void): void {
    this.#released.add(hear);
  }

  #unwritable(error: unknown, words: string): { ok: false; failure: Failure } {
    const { code } = error as NodeJS.ErrnoException;
    return {
      ok: false,
      failure: {
        code: code === 'ENOSPC' ? 'data-dir-full' : 'data-dir-unwritable',
        message: `${words}: ${this.path} cannot be written (${code ?? 'unknown error'}).`,
        hint: 'Check the rights of the data directory and the space on its disk.',
      },
    };
  }
}
