import { hash as digest, randomBytes } from 'node:crypto';
import type { Kind } from '../../contract/index.ts';
import type { ValueMark, ValueMarks } from '../../core/change.ts';
import { fieldOf } from './projecting.ts';

/**
 * Of this run of this process alone. A keyed hash of which eight bytes are kept: what is kept, and even what would leak of it, tells
 * nothing about a value. The key goes before the value: what an HMAC adds to that protects hashes that are shown whole, and it takes
 * fifteen times as long for each of a hundred thousand values.
 */
const HASH_KEY = randomBytes(32).toString('base64url');
/** Of base64url, six bits each. */
const HASH_LETTERS = 11;
const NONE: ValueMarks = new Map();

/**
 * What tells whether a value of a ConfigMap or Secret has changed: hashes and sizes, a line a key, and no value. About a hundred bytes
 * an object.
 */
export class ValueTable {
  readonly #lines = new Map<string, string>();

  /** The marks of an object before and now, which are kept from now on. `raw` undefined: it is gone. Undefined for other kinds. */
  exchange(kind: Kind, key: string, raw: unknown): { readonly before: ValueMarks; readonly after: ValueMarks } | undefined {
    if (kind !== 'ConfigMap' && kind !== 'Secret') return undefined;
    const name = `${kind} ${key}`;
    const known = this.#lines.get(name);
    if (raw === undefined) this.#lines.delete(name);
    const after = raw === undefined ? NONE : marksOf(kind, raw);
    if (raw !== undefined) this.#lines.set(name, [...after].map(([k, { hash, bytes }]) => `${hash} ${bytes} ${k}`).join('\n'));
    return { before: known === undefined ? NONE : read(known), after };
  }

  forget(): void {
    this.#lines.clear();
  }
}

/** Keys of data hold neither spaces nor line ends (the API refuses them); one that did would be read as another key. */
function read(lines: string): ValueMarks {
  const marks = new Map<string, ValueMark>();
  for (const line of lines.split('\n')) {
    const [hash = '', bytes = '', ...key] = line.split(' ');
    if (hash !== '') marks.set(key.join(' '), { hash, bytes: Number(bytes) });
  }
  return marks;
}

function marksOf(kind: Kind, raw: unknown): ValueMarks {
  const marks = new Map<string, ValueMark>();
  for (const field of ['data', 'binaryData']) {
    const values = fieldOf(raw, field);
    if (typeof values !== 'object' || values === null) continue;
    const encoding = kind === 'Secret' || field === 'binaryData' ? 'base64' : 'utf8';
    for (const [key, value] of Object.entries(values)) {
      if (typeof value !== 'string') continue;
      const hash = digest('sha256', HASH_KEY + value, 'base64url').slice(0, HASH_LETTERS);
      marks.set(key, { hash, bytes: Buffer.byteLength(value, encoding) });
    }
  }
  return marks;
}
