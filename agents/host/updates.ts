import { createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Failure, Updates } from '../contract/index.ts';
import type { Clock } from './ports/runtime.ts';
import { replaceFile } from './replace-file.ts';

/**
 * Whether there is a newer version, asked of a feed that somebody has named, once a day; of nothing and nobody unless they did. The feed
 * is a small JSON file with a signature beside it (FEED.sig): without the right one not a word of it is read. What is found is told;
 * nothing is fetched, started or replaced by itself.
 */

const DAY_MS = 86_400_000;
const WITHIN_MS = 10_000;
const MOST_BYTES = 64 * 1024;

const KeptSchema = z.object({ url: z.string(), publicKey: z.string() });
type Kept = z.infer<typeof KeptSchema>;

const FeedSchema = z.object({
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  notes: z.string().max(4_000).default(''),
  files: z
    .array(
      z.object({
        name: z.string().max(200),
        url: z.url({ protocol: /^https$/ }),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    )
    .max(50),
});

export class UpdateWatch {
  readonly #file: string;
  readonly #version: string;
  readonly #clock: Clock;
  #kept: Kept | undefined;
  #checkedAt: string | null = null;
  #found: Updates['found'] = null;
  #problem: Failure | null = null;
  #cancel: () => void = () => undefined;

  constructor(dataDir: string, version: string, clock: Clock) {
    this.#file = join(dataDir, 'updates.json');
    this.#version = version;
    this.#clock = clock;
    this.#kept = read(this.#file);
    this.#later(0);
  }

  now(): Updates {
    return {
      feed: this.#kept?.url ?? null,
      publicKey: this.#kept?.publicKey ?? null,
      checkedAt: this.#checkedAt,
      found: this.#found,
      problem: this.#problem,
    };
  }

  /** From now on this feed, or none. What is asked of it first is asked at once. */
  async follow(feed: Kept | null): Promise<void> {
    replaceFile(this.#file, `${JSON.stringify(feed)}\n`, 0o600);
    this.#kept = feed ?? undefined;
    [this.#checkedAt, this.#found, this.#problem] = [null, null, null];
    await this.check();
  }

  async check(): Promise<void> {
    const kept = this.#kept;
    this.#later(DAY_MS);
    if (kept === undefined) return;
    try {
      const told = await readFeed(kept);
      if (this.#kept !== kept) return;
      this.#found = isNewer(told.version, this.#version) ? told : null;
      this.#problem = null;
    } catch (error) {
      if (this.#kept !== kept) return;
      // What was found before was signed; it stays true.
      this.#problem = { code: 'invalid', message: `Newer versions cannot be looked for: ${words(error)}` };
    }
    this.#checkedAt = new Date(this.#clock.now()).toISOString();
  }

  close(): void {
    this.#kept = undefined;
    this.#cancel();
  }

  #later(ms: number): void {
    this.#cancel();
    this.#cancel = this.#kept === undefined ? () => undefined : this.#clock.after(ms, () => void this.check());
  }
}

async function readFeed({ url, publicKey }: Kept): Promise<z.infer<typeof FeedSchema>> {
  const [text, signature] = [await read64k(url), await read64k(`${url}.sig`)];
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey, 'base64').toString('base64url') },
    format: 'jwk',
  });
  if (!verify(null, text, key, Buffer.from(signature.toString('utf8').trim(), 'base64')))
    throw new Error('the feed is not signed with the key that was set');
  const parsed = FeedSchema.safeParse(JSON.parse(text.toString('utf8')));
  if (!parsed.success) throw new Error(`the feed is signed, but cannot be understood: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** @throws where the answer is no 200, leads elsewhere, takes too long or is too large. */
async function read64k(url: string): Promise<Buffer> {
  const { protocol, hostname } = new URL(url);
  // Plain http is for a mirror on this very machine.
  if (protocol !== 'https:' && !['127.0.0.1', 'localhost', '[::1]'].includes(hostname)) throw new Error(`${url} is not https`);
  const answer = await fetch(url, { redirect: 'error', credentials: 'omit', signal: AbortSignal.timeout(WITHIN_MS) });
  if (!answer.ok || answer.body === null) throw new Error(`${url} answered ${answer.status}`);
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of answer.body) {
    parts.push(part);
    size += part.length;
    if (size > MOST_BYTES) throw new Error(`${url} is larger than a feed can be`);
  }
  return Buffer.concat(parts);
}

/** `0.10.0` is newer than `0.9.9`; a pre-release (`0.2.0-rc.1`) is older than its release. */
export function isNewer(there: string, here: string): boolean {
  const [a, b] = [there, here].map((v) => (v.split('-')[0] ?? '').split('.').map(Number));
  for (let i = 0; i < 3; i++) if ((a?.[i] ?? 0) !== (b?.[i] ?? 0)) return (a?.[i] ?? 0) > (b?.[i] ?? 0);
  return here.includes('-');
}

function read(file: string): Kept | undefined {
  try {
    return KeptSchema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

const words = (error: unknown) =>
  error instanceof Error ? `${error.message}${error.cause instanceof Error ? `: ${error.cause.message}` : ''}` : String(error);
