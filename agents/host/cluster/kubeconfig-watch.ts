import { KubeconfigReader, type KubeconfigSources, type LoadedKubeconfig } from './kubeconfig.ts';
import { type KubeconfigChange, differences } from './kubeconfig-changes.ts';

/** A look a second; with many files so seldom that looking costs half a percent of a processor. */
const EVERY_MS = 1_000;
const EVERY_MS_A_FILE = 5;
const SOONEST_MS = 20;

/**
 * Looks at the kubeconfigs again and again, from the first time anybody asks for them. By polling: the notices of file systems are lost
 * on network disks and mounts, and say little about links. Says what has changed before anybody gets the new reading.
 */
export class KubeconfigWatch {
  readonly #reader: KubeconfigReader;
  readonly #changed: (change: KubeconfigChange) => void;
  #last: LoadedKubeconfig | undefined;
  #readAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(sources: KubeconfigSources, changed: (change: KubeconfigChange) => void) {
    this.#reader = new KubeconfigReader(sources);
    this.#changed = changed;
  }

  /** As the files are now. */
  async read(): Promise<LoadedKubeconfig> {
    const loaded = await this.#reader.read();
    this.#readAt = performance.now();
    const before = this.#last;
    this.#last = loaded;
    const change = before === undefined ? undefined : differences(before, loaded);
    this.#schedule();
    if (change !== undefined && !this.#closed) this.#changed(change);
    return loaded;
  }

  /** As they were at the last look, which is not long ago. */
  recent(): Promise<LoadedKubeconfig> {
    const fresh = this.#last !== undefined && performance.now() - this.#readAt < 2 * this.#every;
    return fresh && this.#last !== undefined ? Promise.resolve(this.#last) : this.read();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  get #every(): number {
    return Math.max(EVERY_MS, EVERY_MS_A_FILE * this.#reader.files);
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    const wait = Math.max(SOONEST_MS, Math.min(this.#every, this.#reader.again ?? Infinity));
    // A look that fails is a fault of ours, and tells itself where somebody asks; the next one may not.
    this.#timer = setTimeout(() => void this.read().catch(() => this.#schedule()), wait).unref();
  }
}
