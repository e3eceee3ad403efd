import type { Envelope, PastIncident } from '../../contract/index.ts';
import { Episodes } from '../../core/episodes.ts';
import type { ReadableStore } from '../ports/store.ts';

/** Entries of the log read at once. */
const PAGE = 2_000;

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
    const next = (): Promise<readonly Envelope[]> => this.#store.events(this.#last, PAGE);
    for (let page = await next(); page.length > 0; page = await next()) {
      for (const envelope of page) this.#episodes.take(envelope);
      this.#last = page.at(-1)?.seq ?? this.#last;
    }
  }
}
