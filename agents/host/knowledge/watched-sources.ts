import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { KnowledgeSource } from '../../contract/index.ts';
import type { Clock } from '../ports/runtime.ts';

/** Editors write a file in several steps, a checkout thousands of files: it is read when it has been quiet for so long, milliseconds. */
const QUIET = 1_000;
/** Where a system has no more watches to give, and on file systems that say nothing, it is looked at anew now and then. */
const LOOK_AGAIN = 5 * 60_000;

interface Followed {
  readonly root: string;
  readonly stop: () => void;
}

/** Reads sources again when their files change. */
export class WatchedSources {
  readonly #clock: Clock;
  readonly #changed: (name: string) => void;
  readonly #followed = new Map<string, Followed>();
  #closed = false;

  constructor(clock: Clock, changed: (name: string) => void) {
    this.#clock = clock;
    this.#changed = changed;
  }

  follow({ name, root, watched, form }: KnowledgeSource): void {
    if (this.#closed || !watched || form === 'builtIn') return this.leave(name);
    if (this.#followed.get(name)?.root === root) return;
    this.leave(name);
    let settle: (() => void) | undefined;
    const soon = () => {
      settle?.();
      settle = this.#clock.after(QUIET, () => this.#changed(name));
    };
    let again: (() => void) | undefined;
    const lookAgain = () => {
      again = this.#clock.after(LOOK_AGAIN, () => {
        this.#changed(name);
        lookAgain();
      });
    };
    lookAgain();
    let watcher: FSWatcher | undefined;
    const followed = {
      root,
      stop: () => {
        settle?.();
        again?.();
        watcher?.close();
      },
    };
    this.#followed.set(name, followed);
    void stat(root)
      .then((found) => {
        if (this.#followed.get(name) !== followed) return;
        watcher = watch(root, { recursive: found.isDirectory(), persistent: false }, (_what, file) => {
          // A checkout keeps its own house in hidden folders.
          if (file === null || !/(?:^|[/\\])\./.test(file)) soon();
        });
        watcher.on('error', () => watcher?.close());
      })
      // It is looked at anew all the same.
      .catch(() => undefined);
  }

  leave(name: string): void {
    this.#followed.get(name)?.stop();
    this.#followed.delete(name);
  }

  close(): void {
    this.#closed = true;
    for (const name of [...this.#followed.keys()]) this.leave(name);
  }
}
