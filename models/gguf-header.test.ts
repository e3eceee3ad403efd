import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ggufHeader, readGgufHeader } from './gguf-header.ts';

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
const says = (key: string, value: string | number) =>
  Buffer.concat([text(key), typeof value === 'string' ? Buffer.concat([u32(8), text(value)]) : Buffer.concat([u32(4), u32(value)])]);
const words = Buffer.concat([text('tokenizer.ggml.tokens'), u32(9), u32(8), u64(2), text('a'), text('▁pod')]);

/** One tensor of 64 elements in q8_0: 68 bytes after the header. */
function model(said: Record<string, string | number>, { version = 3, tensors = 1 } = {}): Buffer {
  const entries = [...Object.entries(said).map(([k, v]) => says(k, v)), words];
  const tensor = Buffer.concat([text('token_embd.weight'), u32(2), u64(32), u64(2), u32(8), u64(0)]);
  const header = Buffer.concat([
    Buffer.from('GGUF'),
    u32(version),
    u64(tensors),
    u64(entries.length),
    ...entries,
    ...Array.from({ length: tensors }, () => tensor),
  ]);
  return Buffer.concat([header, Buffer.alloc(Math.ceil(header.length / 32) * 32 - header.length), Buffer.alloc(68)]);
}
const bert = model({ 'general.architecture': 'bert', 'general.name': 'MiniLM', 'bert.context_length': 512, 'bert.embedding_length': 384 });

test('an embedding model and an instruct model say what they are', () => {
  expect(ggufHeader(bert, bert.length, 'm.gguf')).toEqual({
    ok: true,
    value: {
      architecture: 'bert',
      name: 'MiniLM',
      purpose: 'embedding',
      contextLength: 512,
      embeddingLength: 384,
      tensors: 1,
      neededBytes: bert.length,
    },
  });
  const llama = model({ 'general.architecture': 'llama' });
  expect(ggufHeader(llama, llama.length, 'm.gguf')).toEqual({
    ok: true,
    value: {
      architecture: 'llama',
      name: null,
      purpose: 'instruct',
      contextLength: null,
      embeddingLength: null,
      tensors: 1,
      neededBytes: llama.length,
    },
  });
});

test.each<[string, Buffer, string]>([
  ['a page of a proxy', Buffer.from('<!DOCTYPE html><title>Sign in</title>'), 'm.gguf is a web page, not a model.'],
  ['another format', Buffer.from('PK\u0003\u0004 a zip'), 'm.gguf is not a GGUF file.'],
  ['an empty file', Buffer.alloc(0), 'm.gguf is not a GGUF file.'],
  ['a version to come', model({}, { version: 9 }), 'm.gguf is GGUF version 9; versions 2 and 3 can be read.'],
  [
    'an adapter',
    model({ 'general.type': 'adapter', 'general.architecture': 'llama' }),
    'm.gguf is a GGUF file, but no language model (adapter).',
  ],
  ['a projector', model({ 'general.architecture': 'clip' }), 'm.gguf is a GGUF file, but no language model (an image projector).'],
  ['a vocabulary', model({ 'general.architecture': 'llama' }, { tensors: 0 }), 'm.gguf holds a vocabulary and no weights.'],
  [
    'an absurd length',
    Buffer.concat([Buffer.from('GGUF'), u32(3), u64(1), u64(1), u64(2 ** 40)]),
    'm.gguf is damaged or cut off: its header ends too early or makes no sense.',
  ],
])('%s is refused in words', (_, bytes, message) => {
  expect(ggufHeader(bytes, bytes.length, 'm.gguf')).toMatchObject({ ok: false, failure: { code: 'bad-input', message } });
});

test('a model cut anywhere is refused, and never throws', () => {
  for (let length = 0; length < bert.length; length++)
    expect(ggufHeader(bert.subarray(0, length), length, 'm.gguf')).toMatchObject({ ok: false, failure: { code: 'bad-input' } });
});

test('any damage to the bytes ends in an outcome', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(bert.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }), (changes) => {
      const damaged = Buffer.from(bert);
      for (const [at, byte] of changes) damaged[at] = byte;
      expect(typeof ggufHeader(damaged, damaged.length, 'm.gguf').ok).toBe('boolean');
    }),
  );
});

test('from a file; a file that is not there, and a folder, are said', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-gguf-'));
  try {
    await writeFile(join(folder, 'm.gguf'), bert);
    expect(await readGgufHeader(join(folder, 'm.gguf'))).toMatchObject({ ok: true, value: { name: 'MiniLM' } });
    for (const path of [join(folder, 'none.gguf'), folder])
      expect(await readGgufHeader(path)).toMatchObject({ ok: false, failure: { code: 'not-found', message: `${path} cannot be read.` } });
  } finally {
    await rm(folder, { recursive: true });
  }
});
