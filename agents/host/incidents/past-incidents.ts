import type { PastIncident } from '../../contract/index.ts';
import { Episodes } from '../../core/episodes.ts';
import type { ReadableStore } from '../ports/store.ts';
import { pagesAfter } from '../store/log-pages.ts';

/** Every time an incident was there and is over, as the log tells: read once to its end when it is first asked for, then only what is new. */
export class PastIncidents {
  readonly #store: Pick<ReadableStore, 'events'>;
  readonly #episodes = new Episodes();
  #last = 0;
  #reading: Promise<void> = Promise.resolve();

  constructor(store: Pick<ReadableStore, 'events'>) {
    this.#store = store;
  }

  /** Oldest first. */
  async all(): Promise<readonly PastIncident[]> {
    this.#reading = this.#reading.catch(() => undefined).then(() => this.#read());
    await this.#reading;
    return this.#episodes.over();
  }

  async #read(): Promise<void> {
    for await (const page of pagesAfter(this.#store, this.#last)) {
      for (const envelope of page) this.#episodes.take(envelope);
      this.#last = page.at(-1)?.seq ?? this.#last;
    }
  }
}
