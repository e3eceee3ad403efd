import type { Keychain } from '../ports/keychain.ts';

/** A keychain that forgets when the test ends, and can be locked. */
export class MemoryKeychain implements Keychain {
  readonly keeps = 'system';
  readonly secrets = new Map<string, string>();
  locked = false;

  get(name: string) {
    return this.#open(() => this.secrets.get(name));
  }

  set(name: string, secret: string) {
    return this.#open(() => void this.secrets.set(name, secret));
  }

  remove(name: string) {
    return this.#open(() => void this.secrets.delete(name));
  }

  #open<T>(work: () => T) {
    return Promise.resolve(
      this.locked
        ? ({ ok: false, failure: { code: 'forbidden', message: 'The keychain of the desktop refused: it is locked.' } } as const)
        : ({ ok: true, value: work() } as const),
    );
  }
}
