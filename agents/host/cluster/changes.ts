import { createHash, createHmac, randomBytes } from 'node:crypto';
import { type Change, type ContextName, type FieldChange, type Kind, type KubeObject, refOf } from '../../contract/index.ts';
import { type ValueHashes, changeWords, changedFields, isTracked } from '../../core/change.ts';
import { type ManagedBy, managedBy, whoChanged } from './managed-fields.ts';
import { fieldOf } from './projecting.ts';

/** Changes are gathered this long, so that a rollout of many objects is told once. */
const GATHER_MS = 500;
/** Of one cluster, waiting to be told; the oldest give way. */
const MOST_WAITING = 2_000;
/** At the first reading only what was written since is worth telling. */
const FIRST_MS = 7 * 86_400_000;
/** The same fields by the same manager within this are one entry with a count. */
const FOLD_MS = 60_000;
const MOST_FOLDABLE = 500;
/** An entry of managedFields is of the change that is seen if it is no older than this, clocks being what they are. */
const SAME_MS = 600_000;
/** The server keeps time to the second: of a change that is seen as it happens, our own clock says more. */
const JUST_NOW_MS = 2_000;
const MOST_PATHS_FOUND = 12;
const CAUSE = 'kubernetes.io/change-cause';
const REVISION = 'deployment.kubernetes.io/revision';
const LONGEST_CAUSE = 200;

/** Compares values without keeping them: of one run of this process, so that a recorded hash tells nothing about a value. */
const HASH_KEY = randomBytes(32);

/**
 * Watches what passes by and records what somebody changed in one cluster. Holds hashes of the values of Secrets and ConfigMaps, and
 * neither values nor the objects themselves.
 */
export class ChangeRecorder {
  readonly #context: ContextName;
  readonly #send: (changes: readonly Change[]) => void;
  readonly #now: () => number;
  readonly #hashes = new Map<string, ValueHashes>();
  readonly #foldable = new Map<string, { change: Change; seen: number }>();
  #waiting = new Map<string, Change>();
  #timer: NodeJS.Timeout | undefined;

  constructor(context: ContextName, send: (changes: readonly Change[]) => void, now: () => number = Date.now) {
    this.#context = context;
    this.#send = send;
    this.#now = now;
  }

  /** Called for every object that passes; `before` is only read for kinds that are recorded. `raw` is not kept. */
  observed(
    kind: Kind,
    key: string,
    before: () => KubeObject | undefined,
    after: KubeObject | undefined,
    raw: unknown,
    first: boolean,
  ): void {
    if (!isTracked(kind)) return;
    const hashes = this.#hashed(kind, key, after === undefined ? undefined : raw);
    const was = before();
    // A Job that a CronJob makes comes and goes by itself.
    if (kind === 'Job' && (after ?? was)?.metadata.ownerReferences.some((o) => o.controller === true) === true) return;
    const writers = managedBy(raw);
    if (was !== undefined && after !== undefined) this.#changed(was, after, hashes, raw, writers);
    else if (after !== undefined && first) this.#found(after, raw, writers);
    else if (after !== undefined) this.#note(after, 'created', writers[0], raw, []);
    else if (was !== undefined) this.#note(was, 'deleted', undefined, undefined, []);
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

  #changed(
    before: KubeObject,
    after: KubeObject,
    hashes: { readonly before: ValueHashes; readonly after: ValueHashes } | undefined,
    raw: unknown,
    writers: readonly ManagedBy[],
  ): void {
    // Deleted and made anew under the same name.
    if (before.metadata.uid !== '' && after.metadata.uid !== '' && before.metadata.uid !== after.metadata.uid) {
      this.#note(before, 'deleted', undefined, undefined, []);
      this.#note(after, 'created', writers[0], raw, []);
      return;
    }
    const fields = changedFields(before, after, hashes);
    const paths = fields.map((f) => f.path);
    if (fields.length > 0) this.#note(after, 'changed', whoChanged(writers, paths), raw, fields);
  }

  /** At the first reading: what the server remembers of who wrote what, not of what was there before. */
  #found(after: KubeObject, raw: unknown, writers: readonly ManagedBy[]): void {
    const born = Date.parse(after.metadata.creationTimestamp ?? '');
    for (const writer of writers) {
      if (writer.at === undefined || this.#now() - writer.at > FIRST_MS || writer.at > this.#now() + SAME_MS) continue;
      const created = Math.abs(writer.at - born) < 2_000;
      // The ConfigMap of the cluster's authority in each namespace, and the like.
      if (created && writer.manager === 'kube-controller-manager') continue;
      const fields = created ? [] : writer.paths.slice(0, MOST_PATHS_FOUND).map((path) => ({ path, from: null, to: null }));
      this.#note(after, created ? 'created' : 'changed', writer, raw, fields, false);
    }
  }

  #note(
    object: KubeObject,
    type: Change['type'],
    writer: ManagedBy | undefined,
    raw: unknown,
    fields: readonly FieldChange[],
    beforeKnown = true,
  ): void {
    const { metadata } = object;
    const seen = this.#now();
    const told = writer?.at;
    const justNow = told !== undefined && seen >= told && seen - told < JUST_NOW_MS;
    const happened = told !== undefined && (!beforeKnown || (Math.abs(seen - told) < SAME_MS && !justNow)) ? told : seen;
    const annotations = fieldOf(fieldOf(raw, 'metadata'), 'annotations');
    const cause = fieldOf(annotations, CAUSE);
    const revision = fieldOf(annotations, REVISION);
    const resource = refOf(object);
    const by =
      writer === undefined
        ? null
        : {
            manager: writer.manager,
            ...(writer.operation === undefined ? {} : { operation: writer.operation }),
            ...(typeof cause === 'string' && beforeKnown ? { cause: cause.slice(0, LONGEST_CAUSE) } : {}),
          };
    const same = `${resource.kind} ${metadata.uid} ${type} ${by?.manager ?? ''} ${fields.map((f) => f.path).join()}`;
    const last = this.#foldable.get(same);
    const folded = beforeKnown && type === 'changed' && last !== undefined && seen - last.seen < FOLD_MS ? last.change : undefined;
    const id = beforeKnown ? `${metadata.uid} ${metadata.resourceVersion} ${type}` : `${metadata.uid} ${writer?.manager ?? ''} ${happened}`;
    const change: Change = {
      id: folded?.id ?? createHash('sha256').update(`${this.#context} ${id}`).digest('hex').slice(0, 20),
      context: this.#context,
      at: new Date(happened).toISOString(),
      seenAt: new Date(seen).toISOString(),
      resource,
      type,
      by,
      fields: folded === undefined ? [...fields] : fields.map((f, i) => ({ ...f, from: folded.fields[i]?.from ?? f.from })),
      beforeKnown,
      ...(metadata.generation === undefined ? {} : { generation: metadata.generation }),
      ...(typeof revision === 'string' ? { revision } : {}),
      summary: changeWords({ resource, type, fields: [...fields], by, beforeKnown }),
      count: (folded?.count ?? 0) + 1,
    };
    this.#foldable.delete(same);
    this.#foldable.set(same, { change, seen });
    dropOldest(this.#foldable, MOST_FOLDABLE);
    this.#waiting.set(change.id, change);
    dropOldest(this.#waiting, MOST_WAITING);
    this.#timer ??= setTimeout(() => this.flush(), GATHER_MS).unref();
  }

  /** The hashes of an object's values before and now; undefined for kinds that have none. */
  #hashed(kind: Kind, key: string, raw: unknown): { readonly before: ValueHashes; readonly after: ValueHashes } | undefined {
    if (kind !== 'ConfigMap' && kind !== 'Secret') return undefined;
    const name = `${kind} ${key}`;
    const before = this.#hashes.get(name) ?? new Map<string, string>();
    const after = new Map<string, string>();
    if (raw === undefined) this.#hashes.delete(name);
    else {
      for (const field of ['data', 'binaryData']) {
        const values = fieldOf(raw, field);
        if (typeof values !== 'object' || values === null) continue;
        for (const [each, value] of Object.entries(values)) if (typeof value === 'string') after.set(each, hashOf(value));
      }
      this.#hashes.set(name, after);
    }
    return { before, after };
  }
}

const hashOf = (value: string): string => createHmac('sha256', HASH_KEY).update(value).digest('base64url').slice(0, 11);

function dropOldest<K>(map: Map<K, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}
