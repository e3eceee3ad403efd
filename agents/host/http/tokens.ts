import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Failure, type Outcome, type Scope, type Token, TokenSchema } from '../../contract/index.ts';
import type { Clock } from '../ports/runtime.ts';
import { replaceFile } from '../replace-file.ts';

/** Who calls, and how far they may go. */
export interface Caller {
  /** The name of the token; null for the one made at the start, which is the person's own. */
  readonly name: string | null;
  readonly scope: Scope;
}

const KeptSchema = z.strictObject({ tokens: z.array(TokenSchema.extend({ sha256: z.string() })) });
type Kept = z.infer<typeof KeptSchema>['tokens'][number];

const PREFIX = 'qd_';
/** 256 random bits have no words to be guessed by: a plain hash is enough, and makes each look-up cheap. */
const digest = (value: string): Buffer => createHash('sha256').update(value).digest();

/** Tokens of the data directory: hashes only. The file is read at each question, so that a token taken away by hand is worthless at once. */
export class TokenBook {
  readonly path: string;
  readonly #clock: Clock;

  constructor(dataDir: string, clock: Clock) {
    this.path = join(dataDir, 'tokens.json');
    this.#clock = clock;
  }

  list(): Outcome<readonly Token[]> {
    const kept = this.#read();
    return kept.ok ? { ok: true, value: kept.value.map(({ sha256: _, ...token }) => token) } : kept;
  }

  /** Whose value this is, if it is anybody's and still good. A file that cannot be read is nobody's. */
  find(value: string): Caller | undefined {
    if (!value.startsWith(PREFIX)) return undefined;
    const kept = this.#read();
    if (!kept.ok) return undefined;
    const given = digest(value);
    const found = kept.value.find((t) => timingSafeEqual(digestOf(t), given));
    if (found === undefined || (found.expires !== null && Date.parse(found.expires) <= this.#clock.now())) return undefined;
    return { name: found.name, scope: found.scope };
  }

  create(asked: Omit<Token, 'createdAt'>): Outcome<Token & { readonly value: string }> {
    const kept = this.#read();
    if (!kept.ok) return kept;
    if (kept.value.some((t) => t.name === asked.name))
      return no('conflict', `There is a token called ${asked.name} already.`, 'Choose another name, or revoke that one first.');
    if (asked.expires !== null && Date.parse(asked.expires) <= this.#clock.now())
      return no('bad-input', `${asked.expires} is over already.`, 'Give a time that is still to come.');
    const value = `${PREFIX}${randomBytes(32).toString('base64url')}`;
    const token: Token = { ...asked, createdAt: new Date(this.#clock.now()).toISOString() };
    const written = this.#write([...kept.value, { ...token, sha256: digest(value).toString('hex') }]);
    return written.ok ? { ok: true, value: { ...token, value } } : written;
  }

  revoke(name: string): Outcome<Token> {
    const kept = this.#read();
    if (!kept.ok) return kept;
    const found = kept.value.find((t) => t.name === name);
    if (found === undefined) return no('not-found', `There is no token called ${name}.`, 'quarterdeck tokens lists those there are.');
    const written = this.#write(kept.value.filter((t) => t !== found));
    const { sha256: _, ...token } = found;
    return written.ok ? { ok: true, value: token } : written;
  }

  #read(): Outcome<readonly Kept[]> {
    try {
      return { ok: true, value: KeptSchema.parse(JSON.parse(readFileSync(this.path, 'utf8'))).tokens };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return { ok: true, value: [] };
      return no(
        'bad-input',
        `${this.path} cannot be read, so no token is good (${code ?? 'it is not what it should be'}).`,
        'Remove the file; tokens must be made anew then.',
      );
    }
  }

  #write(tokens: readonly Kept[]): Outcome<undefined> {
    try {
      replaceFile(this.path, `${JSON.stringify({ tokens }, null, 1)}\n`, 0o600);
      return { ok: true, value: undefined };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return no(
        code === 'ENOSPC' ? 'data-dir-full' : 'data-dir-unwritable',
        `${this.path} cannot be written (${code ?? 'unknown error'}); the tokens are as they were.`,
        'Check the rights of the data directory and the space on its disk.',
      );
    }
  }
}

const digestOf = ({ sha256 }: Kept): Buffer => {
  const bytes = Buffer.from(sha256, 'hex');
  return bytes.length === 32 ? bytes : Buffer.alloc(32);
};

const no = (code: Failure['code'], message: string, hint: string) => ({ ok: false, failure: { code, message, hint } }) as const;
