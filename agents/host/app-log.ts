import { chmodSync, closeSync, existsSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { redact } from '../core/redact.ts';
import type { Clock, Log, LogFacts } from './ports/runtime.ts';

/** Diagnostics of the app itself, as lines of JSON for programs and as words for people. Each goes through the one redaction. */

const FOLDER = 'logs';
const NAME = 'quarterdeck.jsonl';
const MOST_BYTES = 5 * 2 ** 20;
/** Files beside the one that is written. */
const KEPT = 4;
const LONGEST = 4_000;

/** Redacted whole, then cut: half a secret is one too. */
const told = (text: string): string => {
  const safe = redact(text.slice(0, LONGEST * 4));
  return safe.length > LONGEST ? `${safe.slice(0, LONGEST)}…` : safe;
};

/** One JSON object: time, level, message, and facts under their own names. Facts never take the place of the first three. */
export function logLine(at: string, level: Parameters<Log>[0], message: string, facts: LogFacts = {}): string {
  const safe = Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, typeof value === 'string' ? told(value) : value]));
  return JSON.stringify({ ...safe, at, level, message: told(message) });
}

/** Text of a cluster may hold line ends and codes that move a terminal's cursor: they are shown, not obeyed. */
const plain = (text: string): string =>
  text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (c) => (c === '\t' ? ' ' : `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`));

/** To stderr, without colours; what is of no use to somebody who waits at a terminal is only in the file. */
export function stderrLog(
  quiet: boolean,
  form: 'text' | 'json' = 'text',
  now: () => number = Date.now,
  write: (text: string) => unknown = (text) => process.stderr.write(text),
): Log {
  return (level, message, facts) => {
    if (level === 'debug' || (quiet && level !== 'error')) return;
    write(form === 'json' ? `${logLine(new Date(now()).toISOString(), level, message, facts)}\n` : `${level}: ${plain(told(message))}\n`);
  };
}

export const eachOf =
  (...logs: readonly Log[]): Log =>
  (level, message, facts) => {
    for (const log of logs) log(level, message, facts);
  };

/** `logs/quarterdeck.jsonl` of the data directory, for this user only; the older ones beside it are `quarterdeck.1.jsonl` and so on. */
export class LogFile {
  readonly #folder: string;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #complain: Log;
  readonly #mostBytes: number;
  #file: number | undefined;
  #bytes = 0;

  /** `complain` hears, once, that it cannot be written; the app goes on without it. */
  constructor(dataDir: string, clock: Pick<Clock, 'now'>, complain: Log, mostBytes = MOST_BYTES) {
    this.#folder = join(dataDir, FOLDER);
    this.#clock = clock;
    this.#complain = complain;
    this.#mostBytes = mostBytes;
    this.#attempt(() => {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      this.#open();
    });
  }

  readonly log: Log = (level, message, facts) => {
    if (this.#file === undefined) return;
    const line = Buffer.from(`${logLine(new Date(this.#clock.now()).toISOString(), level, message, facts)}\n`);
    this.#attempt(() => {
      if (this.#bytes > 0 && this.#bytes + line.length > this.#mostBytes) this.#turn();
      if (this.#file !== undefined) this.#bytes += writeSync(this.#file, line);
    });
  };

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #open(): void {
    const path = join(this.#folder, NAME);
    this.#file = openSync(path, 'a', 0o600);
    chmodSync(path, 0o600);
    this.#bytes = fstatSync(this.#file).size;
  }

  #turn(): void {
    this.close();
    const at = (n: number) => join(this.#folder, n === 0 ? NAME : NAME.replace('.', `.${n}.`));
    rmSync(at(KEPT), { force: true });
    for (let n = KEPT - 1; n >= 0; n--) if (existsSync(at(n))) renameSync(at(n), at(n + 1));
    this.#open();
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.close();
      this.#complain(
        'warn',
        `nothing more is written to ${join(this.#folder, NAME)}: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
}
