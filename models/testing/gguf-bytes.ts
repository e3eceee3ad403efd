import { gguf } from '../convert/gguf-writer.ts';

/** A whole, tiny file with the header of a model, for what only reads headers. */
export function tinyModel(architecture: 'llama' | 'bert' = 'llama', size = 4_096): Buffer {
  const data = new Float32Array(Math.max(32, Math.floor(size / 4)));
  for (let i = 0; i < data.length; i++) data[i] = i % 97;
  return gguf(
    {
      'general.architecture': { type: 'string', value: architecture },
      'general.name': { type: 'string', value: `tiny ${architecture}` },
      [`${architecture}.context_length`]: { type: 'u32', value: 512 },
      [`${architecture}.embedding_length`]: { type: 'u32', value: 32 },
    },
    [{ name: 'token_embd.weight', shape: [data.length], data, as: 'f32' }],
  );
}
