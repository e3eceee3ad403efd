/** The bytes ended, or a length in them cannot be true. */
export class HeaderEnd extends Error {}

export type Scalar = string | number | boolean;

/** Bytes of the fixed-size values, by the number of their type; 8 is a string, 9 an array. */
const SIZES: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 };

/** Reads the little-endian values of a GGUF header one after the other; every read is checked against the bytes there are. */
export class GgufCursor {
  position = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Moves on by `count` bytes; answers where it stood. */
  skip(count: number): number {
    if (!Number.isSafeInteger(count) || count > this.#bytes.length - this.position) throw new HeaderEnd();
    const from = this.position;
    this.position += count;
    return from;
  }

  u32(): number {
    return this.#view.getUint32(this.skip(4), true);
  }

  u64(): number {
    const value = Number(this.#view.getBigUint64(this.skip(8), true));
    if (!Number.isSafeInteger(value)) throw new HeaderEnd();
    return value;
  }

  string(): string {
    const length = this.u64();
    const from = this.skip(length);
    return Buffer.from(this.#bytes.subarray(from, from + length)).toString('utf8');
  }

  /** A value of this type: texts, whole numbers of 32 and 64 bits and truths are given; arrays and the rest are passed over as null. */
  value(type: number): Scalar | null {
    if (type === 8) return this.string();
    if (type === 4) return this.u32();
    if (type === 10) return this.u64();
    if (type === 7) return this.#view.getUint8(this.skip(1)) !== 0;
    if (type === 9) this.#passArray();
    else this.skip(sizeOf(type));
    return null;
  }

  #passArray(): void {
    const type = this.u32();
    const count = this.u64();
    if (type !== 8) {
      this.skip(count * sizeOf(type));
      return;
    }
    for (let i = 0; i < count; i++) this.skip(this.u64());
  }
}

function sizeOf(type: number): number {
  const size = SIZES[type];
  if (size === undefined) throw new HeaderEnd();
  return size;
}
