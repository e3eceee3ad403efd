import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ggufHeader } from '../gguf-header.ts';
import { bertToGguf } from './bert.ts';
import { encoded, halfOf } from './numbers.ts';
import { readSafetensors } from './safetensors.ts';
import { fileInZip } from './zip.ts';

test.each([
  [0, 0x0000],
  [-0, 0x8000],
  [1, 0x3c00],
  [-2, 0xc000],
  [65504, 0x7bff],
  [65520, 0x7c00],
  [Infinity, 0x7c00],
  [NaN, 0x7e00],
  [2 ** -24, 0x0001],
  [2 ** -25, 0x0000],
  [2 ** -14, 0x0400],
  [1 + 2 ** -11, 0x3c00],
  [1 + 3 * 2 ** -11, 0x3c02],
])('half precision of %d', (value, bits) => {
  expect(halfOf(value)).toBe(bits);
});

const valueOf = (half: number) => {
  const [exponent, fraction] = [(half >> 10) & 31, half & 1023];
  return (half & 0x8000 ? -1 : 1) * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
};

test('the nearest half is never further away than half a step', () => {
  fc.assert(
    fc.property(fc.float({ min: Math.fround(-60_000), max: Math.fround(60_000), noNaN: true }), (x) => {
      const step = Math.max(2 ** -24, 2 ** (Math.floor(Math.log2(Math.abs(x) || 1)) - 10));
      expect(Math.abs(valueOf(halfOf(x)) - x)).toBeLessThanOrEqual(step / 2);
    }),
  );
});

test('a number in a block is never further away than half a step of its block, as far as a step can be written', () => {
  fc.assert(
    fc.property(fc.array(fc.float({ min: -2, max: 2, noNaN: true }), { minLength: 64, maxLength: 64 }), (list) => {
      const bytes = encoded(Float32Array.from(list), 'q8_0');
      expect(bytes.length).toBe(2 * 34);
      for (const [i, x] of list.entries()) {
        const at = Math.floor(i / 32) * 34;
        const scale = valueOf(bytes.readUInt16LE(at));
        // Half a step, and 127.5 times what the step is off as it is written: 2^-11 of it, or 2^-25 where it is tiny.
        const off = 128 * Math.max(scale * 2 ** -11, 2 ** -25);
        expect(Math.abs(bytes.readInt8(at + 2 + (i % 32)) * scale - x)).toBeLessThanOrEqual(scale / 2 + off);
      }
    }),
  );
});

/** A zip of files of which every second one is packed. */
function zip(files: Record<string, Buffer>): Buffer {
  const bodies: Buffer[] = [];
  const list: Buffer[] = [];
  let at = 0;
  for (const [i, [name, data]] of Object.entries(files).entries()) {
    const packed = i % 2 === 0 ? deflateRawSync(data) : data;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(i % 2 === 0 ? 8 : 0, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(data.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(at, 42);
    bodies.push(local, Buffer.from(name), packed);
    list.push(entry, Buffer.from(name));
    at += 30 + name.length + packed.length;
  }
  const directory = Buffer.concat(list);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...bodies, directory, end]);
}

test('files of an archive, packed or not; the outer one of two that are named alike', () => {
  const archive = zip({
    'a/config.json': Buffer.from('inner'),
    'config.json': Buffer.from('outer'),
    'x.txt': Buffer.from('x'.repeat(999)),
  });
  expect(fileInZip(archive, 'config.json')?.toString()).toBe('outer');
  expect(fileInZip(archive, 'x.txt')?.length).toBe(999);
  expect(fileInZip(archive, 'none')).toBeUndefined();
  expect(() => fileInZip(archive.subarray(0, archive.length - 30), 'x.txt')).toThrow('no zip file, or it is cut off');
});

const WIDTH = 32;

function weights(layers: number): Buffer {
  const both = (name: string, shape: number[]) => [
    [`${name}.weight`, shape],
    [`${name}.bias`, [shape[0] ?? 0]],
  ];
  const names = [
    ['embeddings.word_embeddings.weight', [6, WIDTH]],
    ['embeddings.position_embeddings.weight', [8, WIDTH]],
    ['embeddings.token_type_embeddings.weight', [2, WIDTH]],
    ...both('embeddings.LayerNorm', [WIDTH]),
    ...Array.from({ length: layers }, (_, n) =>
      [
        'attention.self.query',
        'attention.self.key',
        'attention.self.value',
        'attention.output.dense',
        'attention.output.LayerNorm',
        'intermediate.dense',
        'output.dense',
        'output.LayerNorm',
      ].flatMap((part) => both(`encoder.layer.${String(n)}.${part}`, part.endsWith('Norm') ? [WIDTH] : [WIDTH, WIDTH])),
    ).flat(),
  ] as [string, number[]][];
  let at = 0;
  const table: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  for (const [name, shape] of names) {
    const bytes = shape.reduce((a, b) => a * b, 4);
    table[name] = { dtype: 'F32', shape, data_offsets: [at, at + bytes] };
    at += bytes;
  }
  const header = Buffer.from(JSON.stringify(table));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.alloc(at)]);
}

const small = {
  name: 'small',
  licence: 'apache-2.0',
  config: {
    hidden_size: WIDTH,
    intermediate_size: WIDTH,
    layer_norm_eps: 1e-12,
    max_position_embeddings: 8,
    num_attention_heads: 2,
    num_hidden_layers: 2,
    type_vocab_size: 2,
  },
  vocabulary: ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', '##s'],
};

test.each(['f32', 'f16', 'q8_0'] as const)('a converted model in %s is whole by its own table of tensors', (type) => {
  const bytes = bertToGguf({ ...small, weights: readSafetensors(weights(2)) }, type);
  expect(ggufHeader(bytes, bytes.length, 'small.gguf')).toEqual({
    ok: true,
    value: {
      architecture: 'bert',
      name: 'small',
      purpose: 'embedding',
      contextLength: 8,
      embeddingLength: WIDTH,
      tensors: 37,
      neededBytes: bytes.length,
    },
  });
});

test('weights that are cut off, or lack a part, are refused in words', () => {
  const whole = weights(2);
  expect(() => readSafetensors(whole.subarray(0, whole.length - 1))).toThrow('The weights are cut off.');
  expect(() => bertToGguf({ ...small, weights: readSafetensors(weights(1)) }, 'f16')).toThrow(
    'The weights have no encoder.layer.1.attention.self.query.weight.',
  );
});
