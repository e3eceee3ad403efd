/**
 * Vectors of texts, made small. Of each number only the sign is kept at hand, one bit: those that differ in few signs are near each other,
 * which a whole library can be asked in a few milliseconds. What is nearest by signs is then measured by eight bits a number.
 */

/** Eight bits a number; its length is lost, which a cosine does not need. */
export function eightBits(vector: Float32Array): Int8Array {
  let most = 0;
  for (const value of vector) most = Math.max(most, Math.abs(value));
  return Int8Array.from(vector, (value) => (most === 0 ? 0 : Math.round((value / most) * 127)));
}

/** From -1 to 1; 0 where one of them is nothing. */
export function cosine(a: Int8Array | Float32Array, b: Int8Array | Float32Array): number {
  let [both, ofA, ofB] = [0, 0, 0];
  for (let i = 0; i < a.length; i += 1) {
    const [x, y] = [a[i] ?? 0, b[i] ?? 0];
    both += x * y;
    ofA += x * x;
    ofB += y * y;
  }
  return ofA === 0 || ofB === 0 ? 0 : both / Math.sqrt(ofA * ofB);
}

function signsOf(vector: Int8Array | Float32Array, into: Uint32Array, at: number): void {
  for (let i = 0; i < vector.length; i += 1) if ((vector[i] ?? 0) > 0) into[at + (i >> 5)] = (into[at + (i >> 5)] ?? 0) | (1 << (i & 31));
}

const FIRST_ROOM = 1024;
const NONE: ReadonlySet<number> = new Set();

/** The signs of many vectors, by number. */
export class SignIndex {
  readonly #words: number;
  #signs: Uint32Array;
  #ids: Int32Array;
  #size = 0;

  constructor(dimensions: number) {
    this.#words = Math.ceil(dimensions / 32);
    this.#signs = new Uint32Array(FIRST_ROOM * this.#words);
    this.#ids = new Int32Array(FIRST_ROOM);
  }

  get size(): number {
    return this.#size;
  }

  add(id: number, vector: Int8Array | Float32Array): void {
    if (this.#size === this.#ids.length) {
      const [ids, signs] = [new Int32Array(this.#size * 2), new Uint32Array(this.#size * 2 * this.#words)];
      ids.set(this.#ids);
      signs.set(this.#signs);
      [this.#ids, this.#signs] = [ids, signs];
    }
    signsOf(vector, this.#signs, this.#size * this.#words);
    this.#ids[this.#size] = id;
    this.#size += 1;
  }

  /**
   * About `count` numbers whose signs differ least from the question's, in no order: all up to the difference that fills the count; none
   * of `except`.
   */
  nearest(vector: Int8Array | Float32Array, count: number, except: ReadonlySet<number> = NONE): number[] {
    const words = this.#words;
    const asked = new Uint32Array(words);
    signsOf(vector, asked, 0);
    const apart = new Uint16Array(this.#size);
    const having = new Uint32Array(words * 32 + 1);
    for (let n = 0, at = 0; n < this.#size; n += 1) {
      let differ = 0;
      for (let w = 0; w < words; w += 1, at += 1) {
        let bits = ((this.#signs[at] ?? 0) ^ (asked[w] ?? 0)) | 0;
        bits -= (bits >>> 1) & 0x55555555;
        bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
        differ += Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
      }
      if (except.has(this.#ids[n] ?? 0)) differ = words * 32 + 1;
      else having[differ] = (having[differ] ?? 0) + 1;
      apart[n] = differ;
    }
    let most = 0;
    for (let sum = having[0] ?? 0; sum < count && most < words * 32; sum += having[most] ?? 0) most += 1;
    const near: number[] = [];
    for (let n = 0; n < this.#size; n += 1) if ((apart[n] ?? 0) <= most) near.push(this.#ids[n] ?? 0);
    return near;
  }
}
