/** What a shell supplies of the machine it runs on: time, chance, and where diagnostics go. */

/** Milliseconds since 1970. Timers that decide something go through `after`, so that tests can turn time. */
export interface Clock {
  now(): number;
  /** Calls back once after that many milliseconds; returns the cancel. */
  after(ms: number, run: () => void): () => void;
}

export interface Ids {
  /** A new random id with a readable prefix: `plan-7f3k2m`. */
  next(prefix: string): string;
}

/** What is known of the moment a line is about, under short names. */
export type LogFacts = Readonly<Record<string, string | number | boolean | null>>;

/** One line of diagnostics to stderr or a file. Never secrets, never cluster text beyond names. */
export type Log = (level: 'debug' | 'info' | 'warn' | 'error', message: string, facts?: LogFacts) => void;
