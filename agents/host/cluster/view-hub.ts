import type { MessagePort } from 'node:worker_threads';
import type { ContextName, Kind } from '../../contract/index.ts';
import type { Packed } from '../packing.ts';
import { ViewSender } from '../view-channel.ts';
import type { ClusterSession } from './cluster-session.ts';

/** Changes are gathered this long, so that a burst is one message; with the agent's own 25 ms still well under a tenth of a second. */
const TICK_MS = 40;
/** At most so many objects in a message: sending and taking one blocks both threads for a few milliseconds. */
const MOST_OBJECTS = 1_000;

/** What one agent is still to be told about one cluster: which objects, not what they are, so that a slow agent costs nothing. */
interface Feed {
  reset: readonly Kind[];
  readonly pending: Map<Kind, Set<string>>;
  /** Gaps or `synced` may have changed. */
  dirty: boolean;
  said: string;
}

interface Listener {
  readonly kinds: readonly Kind[];
  readonly sender: ViewSender;
  readonly feeds: Map<ContextName, Feed>;
}

/**
 * Sends to every agent's thread what it declared to read, and nothing else: first everything, then the changes. An object is sent as
 * it is when it is sent, however often it changed before.
 */
export class ViewHub {
  readonly #sessions = new Map<ContextName, ClusterSession>();
  readonly #listeners = new Map<string, Listener>();
  #timer: NodeJS.Timeout | undefined;
  /** Somebody was to be told and has not taken what is under way: the receipt calls at once. */
  #held = false;

  /** All kinds any attached agent reads. */
  get kinds(): readonly Kind[] {
    return [...new Set([...this.#listeners.values()].flatMap((l) => l.kinds))];
  }

  attach(agent: string, kinds: readonly Kind[], port: MessagePort): void {
    this.detach(agent);
    const sender = new ViewSender(
      port,
      () => {
        if (this.#held) this.#flush();
      },
      () => {
        if (this.#listeners.get(agent) === listener) this.#listeners.delete(agent);
      },
    );
    const listener: Listener = { kinds: [...new Set(kinds)], sender, feeds: new Map() };
    this.#listeners.set(agent, listener);
    for (const session of this.#sessions.values()) open(listener, session);
    this.#flush();
  }

  detach(agent: string): void {
    const listener = this.#listeners.get(agent);
    this.#listeners.delete(agent);
    listener?.sender.close();
  }

  opened(session: ClusterSession): void {
    this.#sessions.set(session.context, session);
    for (const listener of this.#listeners.values()) open(listener, session);
  }

  closed(context: ContextName): void {
    this.#sessions.delete(context);
    for (const listener of this.#listeners.values()) if (listener.feeds.delete(context)) listener.sender.gone(context);
  }

  changed(context: ContextName, kind: Kind, key: string): void {
    for (const listener of this.#listeners.values()) {
      if (!listener.kinds.includes(kind)) continue;
      const feed = listener.feeds.get(context);
      if (feed !== undefined) put(feed, kind, key);
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

  #soon(): void {
    this.#timer ??= setTimeout(() => this.#flush(), TICK_MS);
  }

  /** One message a cluster and agent at most; who still has something to be told comes again when there is room. */
  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    let more = false;
    this.#held = false;
    for (const listener of this.#listeners.values())
      for (const [context, feed] of [...listener.feeds]) {
        const session = this.#sessions.get(context);
        if (session === undefined || (!feed.dirty && feed.pending.size === 0)) continue;
        if (!listener.sender.free) {
          this.#held = true;
          break;
        }
        // The others first next time, so that one large cluster does not keep them waiting.
        listener.feeds.delete(context);
        listener.feeds.set(context, feed);
        send(listener, session, feed);
        more ||= feed.pending.size > 0;
      }
    if (more) setImmediate(() => this.#flush());
  }
}

function open(listener: Listener, session: ClusterSession): void {
  const feed: Feed = { reset: listener.kinds, pending: new Map(), dirty: true, said: '' };
  for (const kind of listener.kinds) {
    const keys = [...session.keys(kind)];
    if (keys.length > 0) feed.pending.set(kind, new Set(keys));
  }
  listener.feeds.set(session.context, feed);
}

function put(feed: Feed, kind: Kind, key: string): void {
  let keys = feed.pending.get(kind);
  if (keys === undefined) feed.pending.set(kind, (keys = new Set()));
  keys.add(key);
}

function send({ sender, kinds }: Listener, session: ClusterSession, feed: Feed): void {
  const upserts: Packed[] = [];
  const removes: { kind: Kind; key: string }[] = [];
  for (const [kind, keys] of feed.pending) {
    for (const key of keys) {
      if (upserts.length + removes.length >= MOST_OBJECTS) break;
      keys.delete(key);
      const packed = session.packed(kind, key);
      if (packed === undefined) removes.push({ kind, key });
      else upserts.push(packed);
    }
    if (keys.size === 0) feed.pending.delete(kind);
    else break;
  }
  const gaps = session.gaps(kinds);
  // A part of a snapshot proves no absence: only what is said when all was told may say that all was read.
  const synced = feed.pending.size === 0 && session.isSettled(kinds);
  const said = `${synced} ${JSON.stringify(gaps)}`;
  const { reset } = feed;
  feed.dirty = false;
  if (upserts.length === 0 && removes.length === 0 && reset.length === 0 && said === feed.said) return;
  feed.reset = [];
  feed.said = said;
  sender.changes({ context: session.context, reset, upserts, removes, gaps, synced });
}
