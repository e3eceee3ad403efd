import type { MessagePort } from 'node:worker_threads';
import type { ContextName, Kind, KubeObject } from '../../contract/index.ts';
import type { ViewMessage } from '../ports.ts';
import type { ClusterSession } from './cluster-session.ts';

/** Changes are gathered this long, so that a burst is one message; with the agent's own 25 ms still well under a tenth of a second. */
const TICK_MS = 40;
/** A snapshot is sent in messages of this many objects: copying one blocks both threads. */
const MOST_OBJECTS = 5_000;

type Changes = Extract<ViewMessage, { type: 'changes' }>;

/** What one agent has been told about one cluster, and what it is still to be told. */
interface Feed {
  version: number;
  reset: readonly Kind[];
  readonly pending: Map<Kind, Map<string, KubeObject | undefined>>;
  /** Gaps or `synced` may have changed. */
  dirty: boolean;
  said: string;
}

interface Listener {
  readonly kinds: readonly Kind[];
  readonly port: MessagePort;
  readonly feeds: Map<ContextName, Feed>;
}

/**
 * Sends to every agent's thread what it declared to read, and nothing else: first everything, then the changes. An object that
 * changes twice within a tick is sent once.
 */
export class ViewHub {
  readonly #sessions: ReadonlyMap<ContextName, ClusterSession>;
  readonly #listeners = new Map<string, Listener>();
  #timer: NodeJS.Timeout | undefined;

  constructor(sessions: ReadonlyMap<ContextName, ClusterSession>) {
    this.#sessions = sessions;
  }

  /** All kinds any attached agent reads. */
  get kinds(): readonly Kind[] {
    return [...new Set([...this.#listeners.values()].flatMap((l) => l.kinds))];
  }

  attach(agent: string, kinds: readonly Kind[], port: MessagePort): void {
    this.detach(agent);
    const listener: Listener = { kinds: [...new Set(kinds)], port, feeds: new Map() };
    this.#listeners.set(agent, listener);
    port.on('close', () => {
      if (this.#listeners.get(agent) === listener) this.#listeners.delete(agent);
    });
    port.unref();
    for (const session of this.#sessions.values()) this.#open(listener, session);
    this.#flush();
  }

  detach(agent: string): void {
    const listener = this.#listeners.get(agent);
    this.#listeners.delete(agent);
    listener?.port.close();
  }

  opened(session: ClusterSession): void {
    for (const listener of this.#listeners.values()) this.#open(listener, session);
  }

  closed(context: ContextName): void {
    for (const listener of this.#listeners.values())
      if (listener.feeds.delete(context)) listener.port.postMessage({ type: 'gone', context } satisfies ViewMessage);
  }

  changed(context: ContextName, kind: Kind, key: string, object: KubeObject | undefined): void {
    for (const listener of this.#listeners.values()) {
      if (!listener.kinds.includes(kind)) continue;
      const feed = listener.feeds.get(context);
      if (feed !== undefined) put(feed, kind, key, object);
    }
    this.#soon();
  }

  /** What cannot be read, or whether all was read, may have changed. The first time all was read is told at once. */
  settled(session: ClusterSession): void {
    let first = false;
    for (const listener of this.#listeners.values()) {
      const feed = listener.feeds.get(session.context);
      if (feed === undefined) continue;
      feed.dirty = true;
      first ||= !feed.said.startsWith('true') && session.isSettled(listener.kinds);
    }
    if (first) this.#flush();
    else this.#soon();
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const agent of [...this.#listeners.keys()]) this.detach(agent);
  }

  #open(listener: Listener, session: ClusterSession): void {
    const feed: Feed = { version: 0, reset: listener.kinds, pending: new Map(), dirty: true, said: '' };
    for (const kind of listener.kinds) for (const [key, object] of session.objects(kind)) put(feed, kind, key, object);
    listener.feeds.set(session.context, feed);
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => this.#flush(), TICK_MS);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const listener of this.#listeners.values())
      for (const [context, feed] of listener.feeds) {
        const session = this.#sessions.get(context);
        if (session !== undefined && (feed.dirty || feed.pending.size > 0)) send(listener, session, feed);
      }
  }
}

function put(feed: Feed, kind: Kind, key: string, object: KubeObject | undefined): void {
  let keys = feed.pending.get(kind);
  if (keys === undefined) feed.pending.set(kind, (keys = new Map()));
  keys.set(key, object);
}

function send({ port, kinds }: Listener, session: ClusterSession, feed: Feed): void {
  const gaps = session.gaps(kinds);
  const synced = session.isSettled(kinds);
  const said = `${synced} ${JSON.stringify(gaps)}`;
  feed.dirty = false;
  const upserts: KubeObject[] = [];
  const removes: { kind: Kind; key: string }[] = [];
  for (const [kind, keys] of feed.pending)
    for (const [key, object] of keys)
      if (object === undefined) removes.push({ kind, key });
      else upserts.push(object);
  feed.pending.clear();
  const { reset } = feed;
  if (upserts.length === 0 && removes.length === 0 && reset.length === 0 && said === feed.said) return;
  feed.reset = [];
  feed.said = said;
  const post = (part: Pick<Changes, 'reset' | 'upserts' | 'removes' | 'synced'>): void =>
    port.postMessage({ type: 'changes', context: session.context, version: ++feed.version, gaps, ...part } satisfies Changes);
  // A part of a snapshot proves no absence: only its last message may say that all was read.
  for (let at = 0; at === 0 || at < upserts.length; at += MOST_OBJECTS) {
    const last = at + MOST_OBJECTS >= upserts.length;
    post({
      reset: at === 0 ? reset : [],
      upserts: upserts.slice(at, at + MOST_OBJECTS),
      removes: last ? removes : [],
      synced: last && synced,
    });
  }
}
