/** Chromium's own protocol over one socket: commands with their answers, and events told by the session they belong to. */

type Params = Readonly<Record<string, unknown>>;
type Hear = (method: string, params: Params) => void;

export class Cdp {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, { readonly done: (result: Params) => void; readonly failed: (error: Error) => void }>();
  readonly #hearers = new Map<string, Hear>();
  #last = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#hear(JSON.parse(String(data)) as Message));
    socket.addEventListener('close', () => {
      for (const { failed } of this.#waiting.values()) failed(new Error('Chromium has ended'));
      this.#waiting.clear();
    });
  }

  static async connect(url: string): Promise<Cdp> {
    const socket = new WebSocket(url);
    await new Promise((open, failed) => {
      socket.addEventListener('open', open);
      socket.addEventListener('error', () => failed(new Error(`no Chromium listens at ${url}`)));
    });
    return new Cdp(socket);
  }

  /** Told of every event of a session; of the browser itself where none is named. One hearer a session. */
  on(session: string | undefined, hear: Hear): void {
    this.#hearers.set(session ?? '', hear);
  }

  send(method: string, params: Params = {}, sessionId?: string): Promise<Params> {
    const id = ++this.#last;
    const answer = new Promise<Params>((done, failed) => this.#waiting.set(id, { done, failed }));
    this.#socket.send(JSON.stringify({ id, method, params, sessionId }));
    return answer;
  }

  #hear({ id, method, params, sessionId, result, error }: Message): void {
    if (method !== undefined) this.#hearers.get(sessionId ?? '')?.(method, params ?? {});
    if (id === undefined) return;
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.done(result ?? {});
    else waiting?.failed(new Error(error.message));
  }
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Params;
  readonly sessionId?: string;
  readonly result?: Params;
  readonly error?: { readonly message: string };
}
