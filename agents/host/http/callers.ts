import { ORPCError } from '@orpc/server';
import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type ProcMeta, SCOPES, type Scope } from '../../contract/index.ts';
import type { Clock } from '../ports/runtime.ts';
import { RateLimit } from './rate-limit.ts';
import type { Caller, TokenBook } from './tokens.ts';

/** The context of a call over HTTP. */
export interface CallContext {
  readonly caller: Caller;
}

/** The page makes some dozen calls at once and a program may make many; nobody needs more for long. */
const CALLS = { perSecond: 100, burst: 400 };
/** Wrong tokens from one address. */
const REFUSALS = { perSecond: 0.5, burst: 20 };

export type Admission =
  { readonly as: 'caller'; readonly caller: Caller } | { readonly as: 'stranger' } | { readonly as: 'tooMany'; readonly seconds: number };

/** Who may call at all, and how often. */
export class Callers {
  readonly #own: Buffer;
  readonly #tokens: Pick<TokenBook, 'find'>;
  readonly #calls: RateLimit;
  readonly #refusals: RateLimit;

  /** `own`: the token made at the start, which may do everything. */
  constructor(own: string, tokens: Pick<TokenBook, 'find'>, clock: Clock) {
    this.#own = Buffer.from(own);
    this.#tokens = tokens;
    this.#calls = new RateLimit(clock, CALLS);
    this.#refusals = new RateLimit(clock, REFUSALS);
  }

  admit({ headers, socket }: IncomingMessage): Admission {
    const value = headers.authorization?.replace(/^Bearer /, '') ?? '';
    const caller = this.#known(value);
    if (caller === undefined) {
      const seconds = this.#refusals.take(socket.remoteAddress ?? '');
      return seconds > 0 ? { as: 'tooMany', seconds } : { as: 'stranger' };
    }
    const seconds = this.#calls.take(caller.name ?? '');
    return seconds > 0 ? { as: 'tooMany', seconds } : { as: 'caller', caller };
  }

  #known(value: string): Caller | undefined {
    const given = Buffer.from(value);
    if (given.length === this.#own.length && timingSafeEqual(given, this.#own)) return { name: null, scope: 'admin' };
    return this.#tokens.find(value);
  }
}

export const mayDo = (has: Scope, needs: Scope): boolean => SCOPES.indexOf(has) >= SCOPES.indexOf(needs);

/** As the library hands a call on; what it does not know of our context and table is looked at, not believed. */
interface Call {
  readonly context: object;
  readonly input: unknown;
  readonly path: readonly string[];
  readonly procedure: { readonly '~orpc': { readonly meta: object } };
}

/**
 * The one place where a call meets its scope, whatever carried it. With a token of a name, what is done is done under that name: a
 * caller cannot claim to be another. @throws ORPCError FORBIDDEN, naming both scopes.
 */
export function underItsScope<T extends Call>(call: T): T {
  const { caller } = call.context as Partial<CallContext>;
  const { scope } = call.procedure['~orpc'].meta as Partial<ProcMeta>;
  if (caller === undefined || scope === undefined || !mayDo(caller.scope, scope)) {
    const message = `The token ${caller?.name ?? ''} may ${caller?.scope ?? 'nothing'}; ${call.path.join('.')} needs ${scope ?? 'more'}.`;
    throw new ORPCError('FORBIDDEN', {
      status: 403,
      message,
      data: { code: 'forbidden', message, hint: 'quarterdeck tokens create makes one that may.' },
    });
  }
  if (caller.name === null || typeof call.input !== 'object' || call.input === null || !('by' in call.input)) return call;
  return { ...call, input: { ...call.input, by: caller.name } };
}
