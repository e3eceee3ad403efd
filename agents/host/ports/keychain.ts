import type { Outcome } from '../../contract/index.ts';

/** Small secrets of the app itself, such as the key of a model's service, each under a name of its own: `[a-z0-9-]`, at most 64. */
export interface Keychain {
  /** `system`: sealed by the keychain of the desktop. `file`: files that only this user may read. */
  readonly keeps: 'system' | 'file';
  /** Undefined where there is none of that name. */
  get(name: string): Promise<Outcome<string | undefined>>;
  set(name: string, secret: string): Promise<Outcome<undefined>>;
  /** Removing what is not there is done, too. */
  remove(name: string): Promise<Outcome<undefined>>;
}
