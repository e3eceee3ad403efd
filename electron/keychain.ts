import { safeStorage } from 'electron';
import type { Keychain } from '../agents/host/ports/keychain.ts';
import type { Log } from '../agents/host/ports/runtime.ts';
import { fileKeychain, sealedKeychain } from '../agents/host/secrets/secret-files.ts';

/** On Linux without a keyring, Chromium seals with a password that everybody knows: a file with its own permissions says more truly what it is. */
const NO_KEYRING: ReadonlySet<string> = new Set(['basic_text', 'unknown']);

/** The keychain of the desktop where it has one, else files that only this user may read. After the app is ready. */
export async function desktopKeychain(dataDir: string, log: Log, platform: NodeJS.Platform = process.platform): Promise<Keychain> {
  const keyring = platform !== 'linux' || !NO_KEYRING.has(safeStorage.getSelectedStorageBackend());
  if (!keyring || !(await safeStorage.isAsyncEncryptionAvailable())) {
    log('info', 'this desktop has no keychain; secrets are kept in files that only this user may read');
    return fileKeychain(dataDir);
  }
  return sealedKeychain(dataDir, {
    seal: (secret) => safeStorage.encryptStringAsync(secret),
    open: async (sealed) => {
      const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(sealed);
      return { secret: result, again: shouldReEncrypt };
    },
  });
}
