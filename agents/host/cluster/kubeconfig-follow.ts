import type { ContextName, Failure, Kind } from '../../contract/index.ts';
import { type KubeconfigChange, goneFailure, renamed } from './kubeconfig-changes.ts';

interface Followed {
  /** Contexts that lead nowhere now, and why. */
  readonly gone: readonly { readonly name: ContextName; readonly failure: Failure }[];
  /** Contexts to be connected anew, with what was watched of them. */
  readonly again: readonly { readonly name: ContextName; readonly kinds: readonly Kind[] }[];
}

/** What becomes of what is watched when the kubeconfigs change. Remembers what vanished, so that it is watched again when it comes back. */
export class Following {
  readonly #vanished = new Map<ContextName, readonly Kind[]>();

  /** Nobody wants it watched any more. */
  forget(name: ContextName): void {
    this.#vanished.delete(name);
  }

  /** `watched`: the kinds of a context that is connected, or is being connected. */
  follow(change: KubeconfigChange, watched: (name: ContextName) => readonly Kind[] | undefined): Followed {
    const gone: Followed['gone'][number][] = [];
    const again: Followed['again'][number][] = [];
    for (const name of [...change.removed, ...change.changed]) {
      const kinds = watched(name) ?? this.#vanished.get(name);
      if (kinds === undefined) continue;
      this.#vanished.delete(name);
      const target = change.after.target(name);
      if (target.ok) {
        again.push({ name, kinds });
        continue;
      }
      gone.push({ name, failure: change.removed.includes(name) ? goneFailure(change, name) : target.failure });
      const now = renamed(change, name);
      if (now !== undefined && now.name !== name) again.push({ name: now.name, kinds });
      else this.#vanished.set(name, kinds);
    }
    for (const name of change.added) {
      const kinds = this.#vanished.get(name);
      if (kinds === undefined) continue;
      this.#vanished.delete(name);
      again.push({ name, kinds });
    }
    return { gone, again };
  }
}
