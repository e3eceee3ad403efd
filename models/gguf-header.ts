import { open } from 'node:fs/promises';
import type { Outcome } from '../agents/contract/index.ts';
import { type Scalar, GgufCursor, HeaderEnd } from './gguf-cursor.ts';

/** What a model file says of itself, read without loading it. */
export interface GgufHeader {
  /** `llama`, `qwen3`, `bert`, …: the build of the network. */
  readonly architecture: string;
  readonly name: string | null;
  /** `bert` and its kin give vectors; they cannot write. */
  readonly purpose: 'instruct' | 'embedding';
  /** Tokens; null where the file does not say. */
  readonly contextLength: number | null;
  /** Numbers of a vector inside; null where the file does not say. */
  readonly embeddingLength: number | null;
  readonly tensors: number;
  /** Bytes the file must have at least, by its own table of tensors. */
  readonly neededBytes: number;
}

/** Vocabularies of today's models take up to 10 MiB; nothing beyond this is read, whatever the file claims. */
const HEADER_BYTES = 32 * 1024 * 1024;
const MAX_ENTRIES = 100_000;
const VERSIONS = [2, 3];
const ENCODERS = /^(bert|modern-bert|nomic-bert|jina-bert|neo-bert|eurobert|gemma-embedding)/;

/** By the number of a tensor's type: elements of a block, bytes of a block (ggml's own table). */
const BLOCKS: Readonly<Record<number, readonly [number, number]>> = {
  0: [1, 4],
  1: [1, 2],
  2: [32, 18],
  3: [32, 20],
  6: [32, 22],
  7: [32, 24],
  8: [32, 34],
  10: [256, 84],
  11: [256, 110],
  12: [256, 144],
  13: [256, 176],
  14: [256, 210],
  30: [1, 2],
};

/**
 * Reads the header of the model file at `path`. Fails with `bad-input` for what is no GGUF, a damaged or cut-off one, and one that
 * holds no language model (an adapter, a projector); with `not-found` where no file can be read.
 */
export async function readGgufHeader(path: string): Promise<Outcome<GgufHeader>> {
  const file = await open(path, 'r').catch(() => null);
  if (file === null)
    return { ok: false, failure: { code: 'not-found', message: `${path} cannot be read.`, hint: 'Check the path and its permissions.' } };
  try {
    const { size } = await file.stat();
    const bytes = Buffer.alloc(Math.min(size, HEADER_BYTES));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    return ggufHeader(bytes.subarray(0, bytesRead), size, path);
  } catch {
    return { ok: false, failure: { code: 'not-found', message: `${path} cannot be read.`, hint: 'Give a file, not a folder.' } };
  } finally {
    await file.close();
  }
}

/** The same for bytes already read: the start of a file of `size` bytes; `path` is for the sentences. */
export function ggufHeader(start: Uint8Array, size: number, path: string): Outcome<GgufHeader> {
  const magic = Buffer.from(start.subarray(0, 64)).toString('latin1');
  if (/^\s*(<!doctype|<html|<\?xml)/i.test(magic))
    return bad(`${path} is a web page, not a model.`, 'A proxy or a sign-in page answered in place of the server. Download it again.');
  if (!magic.startsWith('GGUF')) return bad(`${path} is not a GGUF file.`, 'Only models in the GGUF format can be used.');
  const header = (() => {
    try {
      return parsed(new GgufCursor(start), path);
    } catch (e) {
      if (!(e instanceof HeaderEnd)) throw e;
      return bad(`${path} is damaged or cut off: its header ends too early or makes no sense.`, 'Download or copy it again.');
    }
  })();
  if (!header.ok || header.value.neededBytes <= size) return header;
  return bad(
    `${path} is cut off: it has ${String(size)} of at least ${String(header.value.neededBytes)} bytes.`,
    'Download or copy it again.',
  );
}

function parsed(at: GgufCursor, path: string): Outcome<GgufHeader> {
  at.skip(4);
  const version = at.u32();
  if (!VERSIONS.includes(version))
    return bad(`${path} is GGUF version ${String(version)}; versions 2 and 3 can be read.`, 'Get a newer file.');
  const tensors = at.u64();
  const entries = at.u64();
  if (tensors > MAX_ENTRIES || entries > MAX_ENTRIES) throw new HeaderEnd();
  const said = new Map<string, Scalar>();
  for (let i = 0; i < entries; i++) {
    const key = at.string();
    const value = at.value(at.u32());
    if (value !== null) said.set(key, value);
  }
  const text = (key: string) => {
    const value = said.get(key);
    return typeof value === 'string' ? value : null;
  };
  const number = (key: string) => {
    const value = said.get(key);
    return typeof value === 'number' ? value : null;
  };
  const type = text('general.type') ?? 'model';
  const architecture = text('general.architecture');
  if (type !== 'model' || architecture === null || architecture === 'clip')
    return bad(
      `${path} is a GGUF file, but no language model (${architecture === 'clip' ? 'an image projector' : type}).`,
      'Choose the file of the model itself.',
    );
  if (tensors === 0) return bad(`${path} holds a vocabulary and no weights.`, 'Choose the file of the model itself.');
  let end = 0;
  for (let i = 0; i < tensors; i++) end = Math.max(end, tensorEnd(at));
  const alignment = number('general.alignment') ?? 32;
  if (alignment < 1) throw new HeaderEnd();
  return {
    ok: true,
    value: {
      architecture,
      name: text('general.name'),
      purpose: ENCODERS.test(architecture) ? 'embedding' : 'instruct',
      contextLength: number(`${architecture}.context_length`),
      embeddingLength: number(`${architecture}.embedding_length`),
      tensors,
      neededBytes: Math.ceil(at.position / alignment) * alignment + end,
    },
  };
}

/** Where a tensor ends in the data after the header; of a type not listed only where it begins is known. */
function tensorEnd(at: GgufCursor): number {
  at.string();
  const dimensions = at.u32();
  if (dimensions > 8) throw new HeaderEnd();
  let elements = 1;
  for (let i = 0; i < dimensions; i++) elements *= at.u64();
  const [perBlock, blockBytes] = BLOCKS[at.u32()] ?? [1, 0];
  return at.u64() + Math.ceil(elements / perBlock) * blockBytes;
}

const bad = (message: string, hint: string): Outcome<never> => ({ ok: false, failure: { code: 'bad-input', message, hint } });
