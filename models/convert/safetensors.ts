/** Weights in the safetensors format: a length, a table as JSON, the numbers. */

export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

interface TableRow {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** The tensors of 32-bit numbers, by name; those of other types (positions counted as whole numbers) are passed over. */
export function readSafetensors(file: Buffer): Map<string, Tensor> {
  const length = Number(file.readBigUInt64LE(0));
  if (length > file.length - 8) throw new Error('The weights are cut off.');
  const table = JSON.parse(file.toString('utf8', 8, 8 + length)) as Record<string, TableRow>;
  const tensors = new Map<string, Tensor>();
  for (const [name, row] of Object.entries(table)) {
    if (name === '__metadata__' || row.dtype !== 'F32') continue;
    const [from, to] = row.data_offsets;
    if (8 + length + to > file.length) throw new Error('The weights are cut off.');
    // A copy, because the numbers need not begin at a multiple of four.
    const bytes = Uint8Array.prototype.slice.call(file, 8 + length + from, 8 + length + to);
    tensors.set(name, { shape: row.shape, data: new Float32Array(bytes.buffer, bytes.byteOffset, (to - from) / 4) });
  }
  return tensors;
}
