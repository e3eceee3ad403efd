import { z } from 'zod';
import type { Keychain } from '../ports/keychain.ts';
import type { Log } from '../ports/runtime.ts';
import { type LogHead, HeadSchema } from './log-marks.ts';

const NAME = 'log-end';
const KeptSchema = z
  .string()
  .transform((text, ctx): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      ctx.addIssue('no JSON');
      return z.NEVER;
    }
  })
  .pipe(HeadSchema);

/**
 * Where the log ended, told to the keychain of the desktop at each checkpoint: the marks beside the log are signed with a key in the same
 * folder, this one is out of reach of whoever has the folder. Without such a keychain it does nothing.
 */
export class LogWitness {
  readonly #keychain: Keychain | undefined;
  readonly #log: Log;
  #keeping: Promise<void> = Promise.resolve();
  #next: LogHead | undefined;

  constructor(keychain: Keychain | undefined, log: Log) {
    this.#keychain = keychain?.keeps === 'system' ? keychain : undefined;
    this.#log = log;
  }

  /** What it was told last; undefined where nothing was, or the keychain does not open. */
  async last(): Promise<LogHead | undefined> {
    const kept = await this.#keychain?.get(NAME);
    if (kept === undefined) return undefined;
    if (!kept.ok) {
      this.#log('warn', `the event log is not held against the keychain: ${kept.failure.message}`);
      return undefined;
    }
    if (kept.value === undefined) return undefined;
    const head = KeptSchema.safeParse(kept.value);
    if (!head.success) this.#log('warn', 'what the keychain knows of the event log cannot be read; it is told anew');
    return head.data;
  }

  /** Of several at once only the newest is told. */
  keep(head: LogHead): void {
    const keychain = this.#keychain;
    if (keychain === undefined) return;
    const waits = this.#next !== undefined;
    this.#next = head;
    if (waits) return;
    this.#keeping = this.#keeping.then(async () => {
      const newest = this.#next ?? head;
      this.#next = undefined;
      const told = await keychain.set(NAME, JSON.stringify({ seq: newest.seq, hash: newest.hash }));
      if (!told.ok) this.#log('warn', `the keychain does not remember where the event log ends: ${told.failure.message}`);
    });
  }

  /** Resolves when it knows what it was told. */
  kept(): Promise<void> {
    return this.#keeping;
  }
}
