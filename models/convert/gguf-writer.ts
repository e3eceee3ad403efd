import { type NumberType, TENSOR_TYPE, encoded } from './numbers.ts';

/** Writes a GGUF file, version 3: what it says of itself, the table of its tensors, their numbers. */

export type GgufValue =
  | { readonly type: 'u32' | 'f32'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'strings'; readonly value: readonly string[] }
  | { readonly type: 'i32s'; readonly value: readonly number[] };

export interface GgufTensor {
  readonly name: string;
  /** Outermost first, as the weights have it; the file has it the other way round. */
  readonly shape: readonly number[];
  readonly data: Float32Array;
  readonly as: NumberType;
}

const ALIGNMENT = 32;

export function gguf(said: Readonly<Record<string, GgufValue>>, tensors: readonly GgufTensor[]): Buffer {
  const parts: Buffer[] = [Buffer.from('GGUF'), u32(3), u64(tensors.length), u64(Object.keys(said).length)];
  for (const [key, value] of Object.entries(said)) parts.push(text(key), valueBytes(value));
  const data: Buffer[] = [];
  let offset = 0;
  for (const { name, shape, data: numbers, as } of tensors) {
    parts.push(text(name), u32(shape.length), ...[...shape].reverse().map(u64), u32(TENSOR_TYPE[as]), u64(offset));
    const bytes = encoded(numbers, as);
    data.push(bytes, padding(bytes.length));
    offset += bytes.length + padding(bytes.length).length;
  }
  const header = Buffer.concat(parts);
  return Buffer.concat([header, padding(header.length), ...data]);
}

function valueBytes(given: GgufValue): Buffer {
  switch (given.type) {
    case 'u32':
      return Buffer.concat([u32(4), u32(given.value)]);
    case 'f32': {
      const bytes = Buffer.alloc(4);
      bytes.writeFloatLE(given.value);
      return Buffer.concat([u32(6), bytes]);
    }
    case 'bool':
      return Buffer.concat([u32(7), Buffer.from([given.value ? 1 : 0])]);
    case 'string':
      return Buffer.concat([u32(8), text(given.value)]);
    case 'strings':
      return Buffer.concat([u32(9), u32(8), u64(given.value.length), ...given.value.map(text)]);
    case 'i32s':
      return Buffer.concat([u32(9), u32(5), u64(given.value.length), Buffer.from(Int32Array.from(given.value).buffer)]);
  }
}

const u32 = (n: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(n);
  return bytes;
};
const u64 = (n: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(n));
  return bytes;
};
const text = (s: string) => Buffer.concat([u64(Buffer.byteLength(s)), Buffer.from(s)]);
const padding = (length: number) => Buffer.alloc((ALIGNMENT - (length % ALIGNMENT)) % ALIGNMENT);
