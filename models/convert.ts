import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { bertToGguf } from './convert/bert.ts';
import { NUMBER_TYPES } from './convert/numbers.ts';
import { readSource } from './convert/source.ts';

/**
 * `node models/convert.ts SOURCE OUT.gguf [--type q8_0|f16|f32]`: an embedding model as it is published becomes the file the app ships.
 * Run when packing; the same source gives the same bytes.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    type: { type: 'string', default: 'q8_0' },
    name: { type: 'string', default: 'all-MiniLM-L6-v2' },
    licence: { type: 'string', default: 'apache-2.0' },
  },
});
const [from, to] = positionals;
const type = NUMBER_TYPES.find((t) => t === values.type);
if (from === undefined || to === undefined || type === undefined) {
  process.stderr.write(`node models/convert.ts SOURCE OUT.gguf [--type ${NUMBER_TYPES.join('|')}] [--name NAME] [--licence SPDX]\n`);
  process.exitCode = 2;
} else {
  const bytes = bertToGguf(readSource(from, values), type);
  writeFileSync(to, bytes);
  process.stdout.write(`${to}: ${(bytes.length / 1e6).toFixed(1)} MB\n`);
}
