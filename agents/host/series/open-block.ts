const SMALLEST = 16;

/** The newest samples of one series, in the order of their times, until they are packed. */
export class OpenBlock {
  readonly id: number;
  /** The block's key where it is stored already. */
  stored: number | undefined;
  changed = false;
  #at: Float64Array = new Float64Array(SMALLEST);
  #values: Float64Array = new Float64Array(SMALLEST);
  #count = 0;

  constructor(id: number, known?: { readonly at: Float64Array; readonly values: Float64Array; readonly stored: number }) {
    this.id = id;
    if (known === undefined) return;
    this.#at = known.at;
    this.#values = known.values;
    this.#count = known.at.length;
    this.stored = known.stored;
  }

  get count(): number {
    return this.#count;
  }

  get first(): number {
    return this.#at[0] ?? Number.NaN;
  }

  get last(): number {
    return this.#count === 0 ? Number.NEGATIVE_INFINITY : this.#at[this.#count - 1]!;
  }

  get at(): Float64Array {
    return this.#at.subarray(0, this.#count);
  }

  get values(): Float64Array {
    return this.#values.subarray(0, this.#count);
  }

  /** Of two samples for one time the later given holds. */
  put(at: number, value: number): void {
    this.changed = true;
    let place = this.#count;
    while (place > 0 && this.#at[place - 1]! > at) place--;
    if (place > 0 && this.#at[place - 1] === at) {
      this.#values[place - 1] = value;
      return;
    }
    if (this.#count === this.#at.length) {
      this.#at = grown(this.#at);
      this.#values = grown(this.#values);
    }
    if (place < this.#count) {
      this.#at.copyWithin(place + 1, place, this.#count);
      this.#values.copyWithin(place + 1, place, this.#count);
    }
    this.#at[place] = at;
    this.#values[place] = value;
    this.#count++;
  }

  clear(): void {
    this.#count = 0;
    this.stored = undefined;
    this.changed = false;
  }
}

function grown(column: Float64Array): Float64Array {
  const larger = new Float64Array(Math.max(SMALLEST, 2 * column.length));
  larger.set(column);
  return larger;
}
