import { type Change, type ContextName, type FieldChange, type Kind, type KubeObject, refOf } from '../../contract/index.ts';
import { changeWords, changedFields, isRecorded, writtenField } from '../../core/change.ts';
import { isNoisyAnnotation } from '../../core/differences.ts';
import { ChangeQueue } from './change-queue.ts';
import { type ManagedBy, managedBy, whoChanged, whoCreated } from './managed-fields.ts';
import { type Noted, SKEW_MS, causeWords, changeOf } from './noted-change.ts';
import { ValueTable } from './value-table.ts';

/** At the first reading only what was written since is worth telling. */
const FIRST_MS = 7 * 86_400_000;
const MOST_PATHS_FOUND = 12;
const CAUSE = 'kubernetes.io/change-cause';
const CAUSE_FIELD = `metadata.annotations[${CAUSE}]`;
/** `kubectl annotate` comes after the change it explains. */
const CAUSE_FOLLOWS_MS = 600_000;
/** What makes the objects that every namespace has, claims of a StatefulSet and the like. */
const CONTROLLERS = 'kube-controller-manager';

/**
 * Watches what passes by and records what somebody changed in one cluster. Holds of each object when it was last written, and hashes of
 * the values of Secrets and ConfigMaps; neither values nor objects.
 */
export class ChangeRecorder {
  readonly #context: ContextName;
  readonly #queue: ChangeQueue;
  readonly #now: () => number;
  readonly #values = new ValueTable();
  /** When somebody last wrote to an object, of those that have passed by. What is not here has not been seen, and is not compared. */
  readonly #written = new Map<Kind, Map<string, number>>();
  #uid: string | undefined;

  constructor(context: ContextName, send: (changes: readonly Change[]) => void, now: () => number = Date.now) {
    this.#context = context;
    this.#queue = new ChangeQueue(send);
    this.#now = now;
  }

  /**
   * Called for every object that passes; `before` is only read for kinds that are recorded, and `raw` is not kept. `after` undefined: it
   * is gone. `first`: its kind is read for the first time.
   */
  observed(
    kind: Kind,
    key: string,
    before: () => KubeObject | undefined,
    after: KubeObject | undefined,
    raw: unknown,
    first: boolean,
  ): void {
    if (!isRecorded(kind)) return;
    const table = this.#written.get(kind) ?? new Map<string, number>();
    this.#written.set(kind, table);
    const last = table.get(key);
    const marks = this.#values.exchange(kind, key, after === undefined ? undefined : raw);
    const was = last === undefined ? undefined : before();
    if (after === undefined) {
      table.delete(key);
      if (was !== undefined && !comesByItself(was)) this.#gone(was);
      return;
    }
    const writers = managedBy(raw);
    table.set(key, Math.max(writers[0]?.at ?? 0, last ?? 0));
    if (comesByItself(after)) return;
    if (was === undefined) return this.#appeared(after, raw, writers, first ? undefined : this.#now(), last);
    // Deleted and made anew under the same name.
    if (was.metadata.uid !== '' && after.metadata.uid !== '' && was.metadata.uid !== after.metadata.uid) {
      this.#gone(was);
      return this.#appeared(after, raw, writers, this.#now(), undefined);
    }
    const fields = changedFields(was, after, marks);
    if (fields.length > 0) this.#changed(was, after, raw, fields, writers, last);
  }

  /** Who the cluster is. Of another one under the same address nothing is compared with what was there before. */
  identified(uid: string): void {
    if (this.#uid !== undefined && this.#uid !== uid) this.forget();
    this.#uid = uid;
    this.flush();
  }

  forget(): void {
    this.#written.clear();
    this.#values.forget();
    this.#queue.forget();
  }

  /** Tells what waits, now. */
  flush(): void {
    this.#queue.flush();
  }

  #changed(
    was: KubeObject,
    after: KubeObject,
    raw: unknown,
    fields: readonly FieldChange[],
    writers: readonly ManagedBy[],
    last = 0,
  ): void {
    const by = whoChanged(
      writers,
      fields.map((f) => f.path),
      last,
    );
    const given = after.metadata.annotations[CAUSE];
    const cause = given === was.metadata.annotations[CAUSE] ? undefined : given;
    const others = fields.filter((f) => f.path !== CAUSE_FIELD);
    if (others.length === 0 && cause !== undefined && this.#explain(after, cause)) return;
    const written = by !== undefined && by.at > last;
    this.#note({
      object: after,
      type: 'changed',
      by,
      raw,
      fields: others.length === 0 ? fields : others,
      cause,
      beforeKnown: true,
      written,
    });
  }

  /** Adds its cause to the change that it explains; false where there is none. */
  #explain(object: KubeObject, cause: string): boolean {
    const change = this.#queue.recent(refOf(object));
    if (change?.type !== 'changed' || change.by === null || this.#now() - Date.parse(change.seenAt) > CAUSE_FOLLOWS_MS) return false;
    const by = { ...change.by, cause: causeWords(cause) };
    this.#queue.amend({ ...change, by, summary: changeWords({ ...change, by }) });
    return true;
  }

  #gone(object: KubeObject): void {
    this.#note({ object, type: 'deleted', by: undefined, raw: undefined, fields: [], beforeKnown: true });
  }

  /**
   * An object of which nothing is known from before: made just now if it was seen to come (`seen`) and is as young as that; else what the
   * server remembers of who wrote what since `since`, not of what was there before.
   */
  #appeared(object: KubeObject, raw: unknown, writers: readonly ManagedBy[], seen: number | undefined, since: number | undefined): void {
    const born = Date.parse(object.metadata.creationTimestamp ?? '');
    const creator = whoCreated(writers, born);
    const own = creator?.manager === CONTROLLERS;
    if (seen !== undefined && since === undefined && !(seen - born > SKEW_MS)) {
      const cause = object.metadata.annotations[CAUSE];
      if (!own) this.#note({ object, type: 'created', by: creator, raw, fields: [], cause, beforeKnown: true, written: true });
      return;
    }
    const oldest = Math.max(since ?? 0, this.#now() - FIRST_MS);
    for (const by of writers) {
      if (by.at <= oldest || by.at > this.#now() + SKEW_MS) continue;
      if (by === creator) {
        if (!own) this.#note({ object, type: 'created', by, raw, fields: [], beforeKnown: false, written: true });
        continue;
      }
      const paths = by.paths().filter((path) => !isNoisyAnnotation(/^metadata\.annotations\[(.+)\]$/.exec(path)?.[1] ?? ''));
      const fields = paths.slice(0, MOST_PATHS_FOUND).map(writtenField);
      if (fields.length > 0) this.#note({ object, type: 'changed', by, raw, fields, beforeKnown: false, written: true });
    }
  }

  #note(noted: Noted): void {
    this.#queue.put(changeOf(this.#context, noted, this.#now()));
  }
}

/** A Job that a CronJob makes. */
const comesByItself = (object: KubeObject): boolean =>
  object.kind === 'Job' && object.metadata.ownerReferences.some((o) => o.controller === true);
