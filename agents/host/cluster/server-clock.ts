/** A difference that no network and no rounding explains. */
const WORTH_SAYING_MS = 60_000;

/**
 * How far the clock of this machine is from those of the servers, as the `Date` headers of their answers say: a clock that is off makes
 * good certificates and tokens look bad, here or there.
 */
export class ServerClocks {
  readonly #ahead = new Map<string, number>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** `date` is a `Date` header (RFC 9110, 6.6.1) that came with an answer just now; anything else is not looked at. */
  heard(origin: string, date: unknown): void {
    const at = typeof date === 'string' ? Date.parse(date) : NaN;
    if (Number.isNaN(at)) return;
    // A date of whole seconds says little about less.
    const ahead = at - this.#now();
    if (Math.abs(ahead) >= WORTH_SAYING_MS) this.#ahead.set(origin, ahead);
    else this.#ahead.delete(origin);
  }

  /** What has to be added to the clock of this machine to have the server's, in milliseconds; 0 where they agree or nothing is known. */
  ahead(origin: string): number {
    return this.#ahead.get(origin) ?? 0;
  }

  /** ` The clock of this machine is 61 min behind that of server h:6443.`; empty where they agree or nothing is known. */
  words(server: URL): string {
    const ahead = this.ahead(server.origin);
    if (ahead === 0) return '';
    const minutes = Math.round(Math.abs(ahead) / 60_000);
    return ` The clock of this machine is ${minutes} min ${ahead > 0 ? 'behind' : 'ahead of'} that of server ${server.host}: set it right.`;
  }
}
