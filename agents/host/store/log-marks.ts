import { type KeyObject, createPrivateKey, createPublicKey, generateKeyPairSync, hash, sign, timingSafeEqual, verify } from 'node:crypto';
import { appendFileSync, chmodSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { GENESIS } from './chain.ts';
import { replaceFile } from '../replace-file.ts';

/** Where the log ends, or ended once. Entry 0 is the state before the first. */
export interface LogHead {
  readonly seq: number;
  readonly hash: string;
}

export const HeadSchema = z.strictObject({ seq: z.number().int().min(0), hash: z.string() });
const signed = { at: z.string(), key: z.string(), signature: z.string() };
const MarkSchema = z.discriminatedUnion('type', [
  /** The log held this entry, with this hash. */
  z.strictObject({ type: z.literal('checkpoint'), ...HeadSchema.shape, ...signed }),
  /** Entries up to this one were removed on purpose; the next one follows its hash. */
  z.strictObject({ type: z.literal('pruned'), ...HeadSchema.shape, ...signed }),
  /** Entries after `after` up to this one were there when the log was opened, and nothing had vouched for them. */
  z.strictObject({ type: z.literal('unvouched'), ...HeadSchema.shape, after: z.number().int(), ...signed }),
]);
export type LogMark = z.infer<typeof MarkSchema>;
const NowSchema = z.strictObject({ from: HeadSchema, to: HeadSchema, ...signed });
/** The log ends with `to`, or, where the last append did not come through, with `from`. */
export type LogNow = z.infer<typeof NowSchema>;

/** What was found of the marks; what is not signed by our key is a problem in words. */
export interface ReadMarks {
  readonly marks: readonly LogMark[];
  readonly now: LogNow | undefined;
  readonly problems: readonly string[];
}

/** One line in place, so that writing it needs no room on a full disk. */
const NOW_BYTES = 640;
/** Of SHA-256. */
const BLOCK_BYTES = 64;
const KEY = 'key.pem';
const MARKS = 'marks.jsonl';
const NOW = 'now.json';

/** The signing key has a file of its own, with its own permissions. PKCS#8 PEM. */
function keyIn(folder: string): string {
  const path = join(folder, KEY);
  if (existsSync(path)) return readFileSync(path, 'utf8');
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  replaceFile(path, pem, 0o600);
  return pem;
}

const textOf = (mark: object): string =>
  Object.entries(mark)
    .filter(([name]) => name !== 'signature')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join('\n');

/**
 * Signed statements about the log, in files beside the database: whoever rewrites the log, hash by hash, cannot rewrite these without the
 * key. `now.json` is written with every append and holds both ends an append lies between; `marks.jsonl` only grows.
 * @throws ErrnoException where the folder cannot be made or read.
 */
export class LogMarks {
  readonly #folder: string;
  readonly #private: KeyObject;
  readonly #public: KeyObject;
  readonly #key: string;
  /** For what is written with each append: a keyed hash takes a twentieth of a signature's time. */
  readonly #inner: Buffer;
  readonly #outer: Buffer;
  readonly #now: number;
  #last: LogHead;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
    this.#private = createPrivateKey(keyIn(folder));
    this.#public = createPublicKey(this.#private);
    this.#key = hash('sha256', this.#public.export({ type: 'spki', format: 'der' })).slice(0, 16);
    const secret = hash('sha256', this.#private.export({ type: 'pkcs8', format: 'der' }), 'buffer');
    const padded = (pad: number) => Buffer.alloc(BLOCK_BYTES, pad).map((byte, i) => byte ^ (secret[i] ?? 0));
    [this.#inner, this.#outer] = [Buffer.from(padded(0x36)), Buffer.from(padded(0x5c))];
    const path = join(folder, NOW);
    this.#now = openSync(path, existsSync(path) ? 'r+' : 'wx+', 0o600);
    this.#last = this.read().now?.to ?? { seq: 0, hash: GENESIS };
  }

  /** Says that the log is about to end with `to`. Written before the entries are. */
  announce(from: LogHead, to: LogHead, at: string): void {
    const [begin, end] = [headText(from), headText(to)];
    // The same text as `textOf` makes of it; put together by hand, because it is written with every append.
    const signature = this.#keyed(`at=${at}\nfrom=${begin}\nkey=${this.#key}\nto=${end}`).toString('base64');
    const line = `{"from":${begin},"to":${end},"at":"${at}","key":"${this.#key}","signature":"${signature}"}`;
    writeSync(this.#now, `${line.padEnd(NOW_BYTES - 1)}\n`, 0, 'latin1');
    this.#last = to;
  }

  /** What was announced last. */
  get last(): LogHead {
    return this.#last;
  }

  add(mark: { readonly type: 'checkpoint' | 'pruned' } & LogHead, at: string): void {
    this.#append({ ...plain(mark), type: mark.type, at });
  }

  /** Says that nothing vouches for the entries between what was announced last and the end that was found. */
  admit(found: LogHead, at: string): void {
    this.#append({ ...plain(found), type: 'unvouched', after: this.#last.seq, at });
  }

  read(): ReadMarks {
    const problems: string[] = [];
    const path = join(this.#folder, MARKS);
    const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
    const marks = lines.flatMap((line, i): LogMark[] => {
      if (line === '') return [];
      const mark = this.#checked(MarkSchema, line, (text, signature) => verify(null, Buffer.from(text), this.#public, signature));
      if (typeof mark !== 'string') return [mark];
      problems.push(`line ${i + 1} of ${MARKS} ${mark}`);
      return [];
    });
    const text = readFileSync(join(this.#folder, NOW), 'utf8').trim();
    const now = text === '' ? undefined : this.#checked(NowSchema, text, (signed, signature) => sameBytes(signature, this.#keyed(signed)));
    if (typeof now === 'string') problems.push(`${NOW} ${now}`);
    return { marks, now: typeof now === 'string' ? undefined : now, problems };
  }

  close(): void {
    closeSync(this.#now);
  }

  #append(mark: object): void {
    appendFileSync(join(this.#folder, MARKS), `${JSON.stringify(this.#signed(mark))}\n`, { mode: 0o600, flush: true });
  }

  #signed<T extends object>(mark: T): T & { key: string; signature: string } {
    const whole = { ...mark, key: this.#key };
    return { ...whole, signature: sign(null, Buffer.from(textOf(whole)), this.#private).toString('base64') };
  }

  /** HMAC-SHA256 (RFC 2104) from two one-shot hashes: the streaming form of Node costs five times as much. */
  #keyed(text: string): Buffer {
    const inner = hash('sha256', Buffer.concat([this.#inner, Buffer.from(text)]), 'buffer');
    return hash('sha256', Buffer.concat([this.#outer, inner]), 'buffer');
  }

  /** The mark, or what is wrong with it. */
  #checked<T extends { readonly key: string; readonly signature: string }>(
    schema: z.ZodType<T>,
    line: string,
    isOurs: (text: string, signature: Buffer) => boolean,
  ): T | string {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return 'cannot be read';
    }
    const { success, data } = schema.safeParse(value);
    if (!success) return 'is none of ours';
    if (data.key !== this.#key) return `is signed with another key (${data.key})`;
    return isOurs(textOf(data), Buffer.from(data.signature, 'base64')) ? data : 'is not what was signed';
  }
}

const headText = ({ seq, hash: of }: LogHead): string => `{"seq":${seq},"hash":"${of}"}`;
const plain = ({ seq, hash: of }: LogHead): LogHead => ({ seq, hash: of });
const sameBytes = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);
