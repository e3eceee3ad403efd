import type { Embedder, VectorState } from '../../contract/index.ts';
import { inOwnWords } from '../../core/knowledge/words.ts';
import type { Clock } from '../ports/runtime.ts';
import type { KnowledgeLine } from './thread-line.ts';

/** So many at once: a question that comes meanwhile waits for no more than these. */
const BATCH = 4;
/** After a question the making of vectors waits so long for the next one, milliseconds. */
const QUIET = 1_500;
/** A question whose vector is not there by then is answered by its words. */
const PATIENCE = 2_000;
/** A model that failed is tried again after so long. */
const RETRY = 60_000;

/** Makes vectors of what has none, one small batch after the other, and of questions, which come first. */
export class VectorMaker {
  readonly #line: KnowledgeLine;
  readonly #embedder: () => Promise<Embedder | null>;
  readonly #clock: Clock;
  readonly #ended = new AbortController();
  #asked = 0;
  #lastAsked = -Infinity;
  #running: Promise<void> | undefined;
  /** There may be passages nobody has looked at. */
  #more = false;
  #model: string | null = null;
  #problem: string | null = null;
  #wait: { readonly over: () => void } | undefined;

  constructor(line: KnowledgeLine, embedder: () => Promise<Embedder | null>, clock: Clock) {
    this.#line = line;
    this.#embedder = embedder;
    this.#clock = clock;
  }

  /** In the background, as soon as nobody asks anything. Only for an app that goes on. */
  wake(): void {
    this.#more = true;
    this.#running ??= this.#run(true).finally(() => {
      this.#running = undefined;
    });
  }

  /** Now, however much it is. */
  async toTheEnd(): Promise<VectorState> {
    await this.#line.call('again');
    await this.#run(false);
    return this.state();
  }

  /** While this runs no vectors of passages are made. `vector`: of the question; undefined where there is no model, or not in time. */
  async whileAsked<T>(
    work: (vector: (text: string) => Promise<{ model: string; values: Float32Array } | undefined>) => Promise<T>,
  ): Promise<T> {
    this.#asked += 1;
    try {
      return await work((text) => this.#ofQuestion(text));
    } finally {
      this.#asked -= 1;
      this.#lastAsked = this.#clock.now();
    }
  }

  async state(): Promise<VectorState> {
    const model = (await this.#embedder())?.name ?? null;
    const { done, total } = await this.#line.call('vectors', model);
    const state =
      model === null
        ? 'none'
        : done >= total
          ? 'done'
          : this.#problem !== null
            ? 'failed'
            : this.#running === undefined || this.#asked > 0 || this.#wait !== undefined
              ? 'paused'
              : 'running';
    return { model, done, total, state, problem: model === null || done >= total ? null : this.#problem };
  }

  async close(): Promise<void> {
    this.#ended.abort();
    this.#wait?.over();
    await this.#running?.catch(() => undefined);
  }

  async #ofQuestion(text: string): Promise<{ model: string; values: Float32Array } | undefined> {
    const late = new AbortController();
    const stop = this.#clock.after(PATIENCE, () => late.abort());
    try {
      const embedder = await this.#embedder();
      if (embedder === null) return undefined;
      const outOfTime = new Promise<undefined>((resolve) => late.signal.addEventListener('abort', () => resolve(undefined)));
      const made = await Promise.race([embedder.embed([inOwnWords(text)], late.signal), outOfTime]);
      const values = made?.ok === true ? made.value[0] : undefined;
      return values === undefined ? undefined : { model: embedder.name, values };
    } finally {
      stop();
    }
  }

  async #run(politely: boolean): Promise<void> {
    const { signal } = this.#ended;
    do {
      this.#more = false;
      for (;;) {
        if (politely) await this.#quiet();
        if (signal.aborted) return;
        const embedder = await this.#embedder();
        if (embedder === null) return;
        if (this.#model !== embedder.name) {
          // Vectors of another model are of no use beside these.
          this.#model = embedder.name;
          await this.#line.call('again');
        }
        const texts = await this.#line.call('withoutVector', embedder.name, BATCH);
        if (texts.length === 0) break;
        const made = await embedder.embed(
          texts.map(({ text }) => text),
          signal,
        );
        if (signal.aborted) return;
        if (!made.ok) {
          this.#problem = made.failure.message;
          await this.#line.call('again');
          if (!politely) return;
          await this.#pause(RETRY);
          continue;
        }
        this.#problem = null;
        await this.#line.call(
          'putVectors',
          embedder.name,
          texts.map(({ meant }) => meant),
          made.value,
        );
      }
    } while (this.#more);
  }

  /** Until nobody has asked anything for a while. */
  async #quiet(): Promise<void> {
    while (!this.#ended.signal.aborted) {
      const left = this.#asked > 0 ? QUIET : this.#lastAsked + QUIET - this.#clock.now();
      if (left <= 0) return;
      await this.#pause(left);
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const over = () => {
        cancel();
        this.#wait = undefined;
        resolve();
      };
      const cancel = this.#clock.after(ms, over);
      this.#wait = { over };
    });
  }
}
