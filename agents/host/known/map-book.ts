import type { ContextName, MapPart } from '../../contract/index.ts';

/** One workload as it goes over the wire. */
interface Line {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  readonly health: string;
  readonly state: string;
  readonly pods: string;
  readonly podHealth: string;
  readonly podState: string;
  /** The number of the news with which the names of its pods became these. */
  readonly named: number;
}

/** What one reader has still to be told of one context: everything, or these. */
interface Due {
  whole: boolean;
  readonly lines: Set<string>;
  readonly namespaces: Set<string>;
  /** The number of the last news it was told of. */
  told: number;
}

/**
 * One context's part of the map as it was said last, for readers who come and go. A reader is told what it has missed as it is then, once,
 * however often it changed meanwhile: one that is slow costs nothing but its own lateness.
 */
export class MapBook {
  readonly context: ContextName;
  #live = false;
  #asOf: string | null = null;
  #known = false;
  #news = 0;
  readonly #lines = new Map<string, Line>();
  readonly #namespaces = new Set<string>();
  readonly #readers = new Map<object, Due>();

  constructor(context: ContextName) {
    this.context = context;
  }

  /** Whether anything was ever said, be it that nothing is known. */
  get known(): boolean {
    return this.#known;
  }

  take(part: MapPart): void {
    this.#news++;
    this.#known = true;
    if (part.whole) {
      this.#live = part.live;
      this.#asOf = part.asOf;
      this.#lines.clear();
      this.#namespaces.clear();
    }
    const told = { lines: new Set<string>(part.gone), namespaces: new Set<string>(part.goneNamespaces) };
    for (const key of part.gone) this.#lines.delete(key);
    for (const name of part.goneNamespaces) this.#namespaces.delete(name);
    for (const name of part.namespaces) {
      if (!this.#namespaces.has(name)) told.namespaces.add(name);
      this.#namespaces.add(name);
    }
    for (const [i, name] of part.name.entries()) {
      const namespace = part.namespaces[part.in[i] ?? -1] ?? '';
      const kind = part.kinds[part.kind[i] ?? -1] ?? '';
      const key = `${namespace}/${kind}/${name}`;
      const before = this.#lines.get(key);
      const pods = part.pods[i] ?? null;
      told.lines.add(key);
      this.#lines.set(key, {
        namespace,
        kind,
        name,
        health: part.health[i] ?? '4',
        state: part.state[i] ?? '',
        pods: pods ?? before?.pods ?? '',
        podHealth: part.podHealth[i] ?? '',
        podState: part.podState[i] ?? '',
        named: pods === null ? (before?.named ?? this.#news) : this.#news,
      });
    }
    for (const due of this.#readers.values()) {
      if (part.whole) due.whole = true;
      if (due.whole) continue;
      for (const key of told.lines) due.lines.add(key);
      for (const name of told.namespaces) due.namespaces.add(name);
    }
  }

  open(reader: object): void {
    this.#readers.set(reader, { whole: true, lines: new Set(), namespaces: new Set(), told: 0 });
  }

  close(reader: object): void {
    this.#readers.delete(reader);
  }

  /** What that reader has not been told; undefined where there is nothing. */
  read(reader: object): MapPart | undefined {
    const due = this.#readers.get(reader);
    if (due === undefined || !this.#known || (!due.whole && due.lines.size === 0 && due.namespaces.size === 0)) return undefined;
    const { whole } = due;
    const keys = whole ? [...this.#lines.keys()] : [...due.lines];
    const changed = keys.flatMap((key) => this.#lines.get(key) ?? []);
    const part = columns(
      { context: this.context, whole, live: this.#live, asOf: this.#asOf },
      whole ? [...this.#namespaces].sort() : [...due.namespaces].filter((name) => this.#namespaces.has(name)),
      changed,
      whole ? -1 : due.told,
    );
    if (!whole) {
      part.gone.push(...keys.filter((key) => !this.#lines.has(key)));
      part.goneNamespaces.push(...[...due.namespaces].filter((name) => !this.#namespaces.has(name)));
    }
    due.whole = false;
    due.lines.clear();
    due.namespaces.clear();
    due.told = this.#news;
    return part;
  }
}

function columns(
  head: Pick<MapPart, 'context' | 'whole' | 'live' | 'asOf'>,
  namespaces: string[],
  lines: readonly Line[],
  told: number,
): MapPart {
  const kinds = [...new Set(lines.map((l) => l.kind))];
  const kindAt = new Map(kinds.map((kind, i) => [kind, i]));
  const namespaceAt = new Map(namespaces.map((name, i) => [name, i]));
  for (const { namespace } of lines) if (!namespaceAt.has(namespace)) namespaceAt.set(namespace, namespaces.push(namespace) - 1);
  return {
    ...head,
    kinds,
    namespaces,
    in: lines.map((l) => namespaceAt.get(l.namespace) ?? 0),
    kind: lines.map((l) => kindAt.get(l.kind) ?? 0),
    name: lines.map((l) => l.name),
    health: lines.map((l) => l.health).join(''),
    state: lines.map((l) => l.state),
    pods: lines.map((l) => (l.named > told ? l.pods : null)),
    podHealth: lines.map((l) => l.podHealth),
    podState: lines.map((l) => l.podState),
    gone: [],
    goneNamespaces: [],
  };
}
