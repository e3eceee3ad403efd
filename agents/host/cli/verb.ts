import type { CommonFlags } from './flags.ts';

/** What a verb's file exports: does the work, gives the exit status. */
export type Run = (args: readonly (string | undefined)[], flags: CommonFlags & Readonly<Record<string, unknown>>) => Promise<number>;

export interface Verb {
  readonly name: string;
  readonly summary: string;
  /** As commander writes them: `<plan>`, `[resource]`. */
  readonly args?: string;
  readonly flags: readonly (readonly [flag: string, help: string, fallback?: string])[];
  readonly examples: readonly string[];
  /** What the examples do not show: the shape of the answer, what the exit status says. */
  readonly more?: string;
  /** It carries out plans: being refused means that one was not applied. */
  readonly applies?: true;
  readonly load: () => Promise<{ readonly run: Run }>;
}
