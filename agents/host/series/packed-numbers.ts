import { deflateRawSync, inflateRawSync } from 'node:zlib';

/**
 * A column of numbers in few bytes, and back without loss: as whole numbers of one decimal place and one step where they are such (metrics
 * mostly are), their differences in as many bits as the largest of thirty needs; else the bytes that changed from number to number.
 */

const RUN = 30;
/** Decimal places that are tried. */
const PLACES = 9;
const LARGEST = 2 ** 50;
/** Up to here bits are packed; wider numbers take whole bytes. */
const MOST_BITS = 24;
const FLOATS = 255;

const zigzag = (n: number): number => (n >= 0 ? 2 * n : -2 * n - 1);
const unzigzag = (n: number): number => (n % 2 === 0 ? n / 2 : -(n + 1) / 2);

export function pack(values: Float64Array): Buffer {
  const whole = wholeOf(values);
  if (whole === undefined) return packFloats(values);
  const { places, numbers } = whole;
  const first = numbers[0] ?? 0;
  let step = 0;
  for (const n of numbers) step = divisor(step, Math.abs(n - first));
  const once = differences(numbers, first, step || 1);
  const twice = once.map((d, i) => d - (i === 0 ? 0 : once[i - 1]!));
  const [one, two] = [packWhole(once), packWhole(twice)];
  const order = two.length < one.length ? 2 : 1;
  const head = Buffer.alloc(17);
  head[0] = (order << 4) | places;
  head.writeDoubleLE(first, 1);
  head.writeDoubleLE(step || 1, 9);
  return Buffer.concat([head, order === 2 ? two : one]);
}

export function unpack(data: Uint8Array, count: number): Float64Array {
  const out = new Float64Array(count);
  if (count === 0) return out;
  if (data[0] === FLOATS) return unpackFloats(data, out);
  const [order, places] = [data[0]! >> 4, data[0]! & 15];
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const [first, step, scale] = [view.getFloat64(1, true), view.getFloat64(9, true), 10 ** places];
  unpackWhole(data, 17, out);
  let [at, speed] = [0, 0];
  for (let i = 0; i < count; i++) {
    if (order === 2) {
      speed += out[i]!;
      at += speed;
    } else at += out[i]!;
    out[i] = first + at * step;
  }
  // Most columns are of whole numbers.
  if (scale !== 1) for (let i = 0; i < count; i++) out[i]! /= scale;
  return out;
}

/** The values as whole numbers of the fewest decimal places, where each comes back as it was. */
function wholeOf(values: Float64Array): { readonly places: number; readonly numbers: Float64Array } | undefined {
  for (let places = 0; places <= PLACES; places++) {
    const scale = 10 ** places;
    // A zero below zero is no whole number: it would come back as zero.
    const numbers = values.map((v) => Math.round(v * scale) + 0);
    if (numbers.every((n, i) => Math.abs(n) < LARGEST && Object.is(n / scale, values[i]))) return { places, numbers };
  }
  return undefined;
}

function divisor(a: number, b: number): number {
  while (b > 0) [a, b] = [b, a % b];
  return a;
}

const differences = (numbers: Float64Array, first: number, step: number): Float64Array =>
  numbers.map((n, i) => (n - (i === 0 ? first : numbers[i - 1]!)) / step);

function packWhole(numbers: Float64Array): Buffer {
  const out: number[] = [];
  for (let from = 0; from < numbers.length; from += RUN) {
    const run = Array.from(numbers.subarray(from, from + RUN), zigzag);
    const largest = run.reduce((most, n) => Math.max(most, n), 0);
    const bits = largest === 0 ? 0 : Math.floor(Math.log2(largest)) + 1;
    const width = bits <= MOST_BITS ? bits : 8 * Math.ceil((bits + 1) / 8);
    out.push(width);
    if (width > MOST_BITS) {
      for (let n of run)
        for (let byte = 0; byte < width / 8; byte++) {
          out.push(n % 256);
          n = Math.floor(n / 256);
        }
      continue;
    }
    let [held, filled] = [0, 0];
    for (const n of run) {
      held |= n << filled;
      filled += width;
      for (; filled >= 8; filled -= 8) {
        out.push(held & 255);
        held >>>= 8;
      }
    }
    if (filled > 0) out.push(held & 255);
  }
  return Buffer.from(out);
}

function unpackWhole(data: Uint8Array, start: number, out: Float64Array): void {
  let place = start;
  for (let from = 0; from < out.length; from += RUN) {
    const width = data[place++]!;
    const until = Math.min(out.length, from + RUN);
    if (width > MOST_BITS)
      for (let i = from; i < until; i++) {
        let n = 0;
        for (let byte = width / 8 - 1; byte >= 0; byte--) n = n * 256 + data[place + byte]!;
        place += width / 8;
        out[i] = unzigzag(n);
      }
    else if (width > 0) {
      const mask = (1 << width) - 1;
      let [held, filled] = [0, 0];
      for (let i = from; i < until; i++) {
        for (; filled < width; filled += 8) held |= data[place++]! << filled;
        const n = held & mask;
        held >>>= width;
        filled -= width;
        out[i] = (n & 1) === 0 ? n >>> 1 : -((n + 1) >>> 1);
      }
    }
  }
}

/** Bytes of the same rank beside each other, each as what changed: exponents hardly do. */
function packFloats(values: Float64Array): Buffer {
  const bytes = new Uint8Array(Float64Array.from(values).buffer);
  const turned = Buffer.alloc(bytes.length);
  for (let i = 0; i < bytes.length; i++) {
    const [rank, n] = [i % 8, Math.floor(i / 8)];
    turned[rank * values.length + n] = bytes[i]! ^ (n === 0 ? 0 : bytes[i - 8]!);
  }
  return Buffer.concat([Buffer.from([FLOATS]), deflateRawSync(turned)]);
}

function unpackFloats(data: Uint8Array, out: Float64Array): Float64Array {
  const turned = inflateRawSync(data.subarray(1));
  const bytes = new Uint8Array(out.buffer);
  for (let i = 0; i < bytes.length; i++) {
    const [rank, n] = [i % 8, Math.floor(i / 8)];
    bytes[i] = turned[rank * out.length + n]! ^ (n === 0 ? 0 : bytes[i - 8]!);
  }
  return out;
}
