import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import type { Outcome } from '../../contract/index.ts';
import { storeFailure, unwritableFailure } from './failures.ts';

/** Makes the data directory (mode 0700, parents too) or says why it cannot be used. */
export function prepareDataDir(dataDir: string): Outcome<undefined> {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    if (!statSync(dataDir).isDirectory()) return { ok: false, failure: unwritableFailure(dataDir, 'it is a file and not a directory') };
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    return { ok: true, value: undefined };
  } catch (error) {
    return { ok: false, failure: storeFailure(error, dataDir) };
  }
}
