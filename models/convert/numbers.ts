/** How weights are written: as they are, in half precision, or in blocks of 32 bytes with one scale. Numbers by ggml's own table. */

export const NUMBER_TYPES = ['f32', 'f16', 'q8_0'] as const;
export type NumberType = (typeof NUMBER_TYPES)[number];

/** Of a tensor. */
export const TENSOR_TYPE: Readonly<Record<NumberType, number>> = { f32: 0, f16: 1, q8_0: 8 };
/** `general.file_type` of a file whose large tensors have this type. */
export const FILE_TYPE: Readonly<Record<NumberType, number>> = { f32: 0, f16: 1, q8_0: 7 };

const BLOCK = 32;

export function encoded(values: Float32Array, type: NumberType): Buffer {
  if (type === 'f32') return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return type === 'f16' ? halves(values) : blocks(values);
}

function halves(values: Float32Array): Buffer {
  const out = Buffer.alloc(values.length * 2);
  for (const [i, value] of values.entries()) out.writeUInt16LE(halfOf(value), i * 2);
  return out;
}

/** Each block: its largest absolute value is 127 steps of the scale. */
function blocks(values: Float32Array): Buffer {
  const out = Buffer.alloc((values.length / BLOCK) * (2 + BLOCK));
  for (let from = 0, at = 0; from < values.length; from += BLOCK, at += 2 + BLOCK) {
    let most = 0;
    for (let i = from; i < from + BLOCK; i++) most = Math.max(most, Math.abs(values[i] ?? 0));
    const scale = most / 127;
    out.writeUInt16LE(halfOf(scale), at);
    for (let i = 0; i < BLOCK; i++) out.writeInt8(scale === 0 ? 0 : Math.round((values[from + i] ?? 0) / scale), at + 2 + i);
  }
  return out;
}

const floatBits = new Uint32Array(1);
const float = new Float32Array(floatBits.buffer);

/** The 16 bits of the nearest number of half precision, ties to the even one. */
export function halfOf(value: number): number {
  float[0] = value;
  const bits = floatBits[0] ?? 0;
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 0xff) - 112;
  const fraction = bits & 0x7fffff;
  if (exponent >= 31) return sign | 0x7c00 | (exponent === 143 && fraction !== 0 ? 0x200 : 0);
  if (exponent < -10) return sign;
  if (exponent > 0) return sign | rounded((exponent << 23) | fraction, 13);
  return sign | rounded(fraction | 0x800000, 14 - exponent);
}

function rounded(bits: number, dropped: number): number {
  const kept = bits >>> dropped;
  const rest = bits & ((1 << dropped) - 1);
  const half = 1 << (dropped - 1);
  // A carry runs into the exponent, where it is right.
  return rest > half || (rest === half && (kept & 1) === 1) ? kept + 1 : kept;
}
