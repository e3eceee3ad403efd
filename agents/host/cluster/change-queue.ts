import type { Change, ResourceRef } from '../../contract/index.ts';

/** Changes are gathered this long, so that a rollout of many objects is told once. */
const GATHER_MS = 500;
/** Of one cluster, waiting to be told. Beyond that the newest three quarters stay. */
const MOST_WAITING = 2_000;
const STAY = 1_500;
/** The same fields by the same manager within this may be one entry with a count. */
const FOLD_MS = 60_000;
/** Each with an entry of its own first: somebody who takes a step back and forth is no storm. */
const OWN_ENTRIES = 3;
/** A storm that does not end is told anew. */
const LONGEST_ENTRY_MS = 3_600_000;
/** Objects and kinds of changes of which the last one is known. */
const MOST_REMEMBERED = 500;

interface Remembered {
  readonly change: Change;
  readonly seen: number;
  /** When the first change of the entry was seen. */
  readonly begun: number;
  /** How often, each within a minute of the one before. */
  readonly times: number;
}

/** The changes of one cluster on their way to the host: gathered, bounded, and a storm of the same one folded. */
export class ChangeQueue {
  readonly #send: (changes: readonly Change[]) => void;
  readonly #same = new Map<string, Remembered>();
  readonly #recent = new Map<string, Change>();
  #waiting = new Map<string, Change>();
  #timer: NodeJS.Timeout | undefined;

  constructor(send: (changes: readonly Change[]) => void) {
    this.#send = send;
  }

  put(change: Change): void {
    const told = change.type === 'changed' && change.beforeKnown ? this.#folded(change) : change;
    remember(this.#recent, identity(told.resource), told);
    this.#wait(told);
  }

  /** The last change of an object, unless those of many others came after it. */
  recent(resource: ResourceRef): Change | undefined {
    return this.#recent.get(identity(resource));
  }

  /** Says a change anew of which more is known now. */
  amend(change: Change): void {
    remember(this.#recent, identity(change.resource), change);
    this.#wait(change);
  }

  /** Tells what waits, now. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.size === 0) return;
    const changes = [...this.#waiting.values()];
    this.#waiting = new Map();
    this.#send(changes);
  }

  forget(): void {
    this.#same.clear();
    this.#recent.clear();
  }

  #folded(change: Change): Change {
    const same = JSON.stringify([identity(change.resource), change.by?.manager, change.fields.map((f) => f.path)]);
    const seen = Date.parse(change.seenAt);
    const last = this.#same.get(same);
    const again = last !== undefined && seen - last.seen < FOLD_MS ? last : undefined;
    const times = (again?.times ?? 0) + 1;
    const folds = again !== undefined && times > OWN_ENTRIES && seen - again.begun < LONGEST_ENTRY_MS;
    const told = folds ? { ...change, id: again.change.id, count: again.change.count + 1 } : change;
    remember(this.#same, same, { change: told, seen, begun: folds ? again.begun : seen, times });
    return told;
  }

  #wait(change: Change): void {
    this.#waiting.set(change.id, change);
    if (this.#waiting.size > MOST_WAITING) {
      const newest = [...this.#waiting.values()].sort((a, b) => (a.at < b.at ? 1 : -1)).slice(0, STAY);
      this.#waiting = new Map(newest.map((c) => [c.id, c]));
    }
    this.#timer ??= setTimeout(() => this.flush(), GATHER_MS).unref();
  }
}

const identity = (resource: ResourceRef): string => `${resource.kind} ${resource.uid ?? `${resource.namespace ?? ''}/${resource.name}`}`;

/** The oldest give way. */
function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  const oldest = map.keys().next();
  if (map.size > MOST_REMEMBERED && oldest.done === false) map.delete(oldest.value);
}
