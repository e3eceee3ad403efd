import { z } from 'zod';
import { type ErrorCode, type Failure, FailureSchema } from '../../contract/index.ts';

/** What scripts may rely on. */
export const EXIT = { ok: 0, failOn: 1, usage: 2, cluster: 3, notApplied: 4 } as const;

/** An expected failure on its way to the person at the keyboard. */
export class Refusal extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** What the contract says about an input it refuses. */
const InputSchema = z.object({
  issues: z.array(z.object({ message: z.string(), path: z.array(z.union([z.string(), z.number()])).default([]) })).min(1),
});

/** The failure inside whatever a call threw: our own, the contract's declared error, or a broken expectation. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Refusal) return error.failure;
  const data = FailureSchema.safeParse((error as { data?: unknown } | null)?.data);
  if (data.success) return data.data;
  const issues = InputSchema.safeParse((error as { cause?: unknown } | null)?.cause);
  if (issues.success)
    return {
      code: 'bad-input',
      message: issues.data.issues.map((i) => [i.path.join('.'), i.message].filter(Boolean).join(': ')).join('; '),
    };
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}

/** `applies`: a plan was to be carried out, so a refusal means that it was not applied. */
export function exitOf(code: ErrorCode, applies = false): number {
  if (applies && code === 'forbidden') return EXIT.notApplied;
  if (code.startsWith('cluster-') || code === 'forbidden') return EXIT.cluster;
  if (code.startsWith('plan-') || code === 'confirmation-needed' || code === 'held' || code === 'conflict' || code === 'admission-refused')
    return EXIT.notApplied;
  return EXIT.usage;
}

/** Says what is wrong and what to do, on stderr, and gives the exit status. Never a stack. */
export function complain(error: unknown, applies = false): number {
  const failure = failureOf(error);
  process.stderr.write(`${failure.message}\n${failure.hint === undefined ? '' : `${failure.hint}\n`}`);
  return exitOf(failure.code, applies);
}
