/**
 * The time of a recorded cluster. A recording is first played in its own time, as fast as it can be, up to now: so a crash that began an
 * hour ago has an hour of restarts behind it. From then on it goes by the real clock.
 */
export class Timeline {
  readonly #pending = new Map<number, { readonly due: number; readonly run: () => void; timer?: NodeJS.Timeout }>();
  #played: number;
  #live = false;
  #stopped = false;
  #ids = 0;

  /** `from`: when the recording begins, in milliseconds since 1970. */
  constructor(from: number) {
    this.#played = from;
  }

  now(): number {
    return this.#live ? Date.now() : this.#played;
  }

  /** As the API server writes times: whole seconds in UTC. */
  stamp(): string {
    return new Date(this.now()).toISOString().replace(/\.\d+Z$/, 'Z');
  }

  /** Calls once after so many milliseconds of the recording's time; the answer takes it back. */
  after(ms: number, run: () => void): () => void {
    if (this.#stopped) return () => undefined;
    const id = ++this.#ids;
    this.#pending.set(id, { due: this.now() + ms, run });
    if (this.#live) this.#arm(id);
    return () => {
      clearTimeout(this.#pending.get(id)?.timer);
      this.#pending.delete(id);
    };
  }

  /** Plays everything that is due until then, in order. */
  playUntil(time: number): void {
    for (;;) {
      let next: [number, { readonly due: number; readonly run: () => void }] | undefined;
      for (const entry of this.#pending) if (entry[1].due <= time && (next === undefined || entry[1].due < next[1].due)) next = entry;
      if (next === undefined) break;
      this.#pending.delete(next[0]);
      this.#played = Math.max(this.#played, next[1].due);
      next[1].run();
    }
    this.#played = Math.max(this.#played, time);
  }

  /** From here on by the real clock. */
  goLive(): void {
    this.#live = true;
    for (const id of this.#pending.keys()) this.#arm(id);
  }

  stop(): void {
    this.#stopped = true;
    for (const { timer } of this.#pending.values()) clearTimeout(timer);
    this.#pending.clear();
  }

  #arm(id: number): void {
    const entry = this.#pending.get(id);
    if (entry === undefined) return;
    const fire = () => {
      this.#pending.delete(id);
      entry.run();
    };
    entry.timer = setTimeout(fire, Math.max(0, entry.due - Date.now())).unref();
  }
}
