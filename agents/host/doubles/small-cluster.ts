import { type Failure, type Json, type Outcome, type ResourceRef, refKey, refWords } from '../../contract/index.ts';
import { applyPatch, find, sameJson } from '../actions/json-patch.ts';
import { rightWords } from '../cluster/preflight.ts';
import type { WriteRequest, Writer } from '../ports/writer.ts';

type Map_ = { [key: string]: Json };

/** What happens to one request on its way: it is lost before or after it was carried out, never answered, or refused. */
export type Fault = 'lostBefore' | 'lostAfter' | 'neverAnswered' | 'neverAnsweredAfter' | 'throws' | Failure;

/**
 * A cluster in memory behind the writer's own interface, with what the road depends on: identities, versions and generations, JSON Patch
 * with tests, preconditions, dry runs that change nothing, access reviews. Says what was sent, and loses answers on demand.
 */
export class SmallCluster implements Writer {
  readonly #objects = new Map<string, Json>();
  #version = 100;
  #uids = 0;
  /** Requests that changed something, in order. */
  readonly writes: WriteRequest[] = [];
  /** Requests other than dry runs that arrived. */
  sent = 0;
  /** Rights that are not granted: `patch deployments.apps in shop`. */
  readonly denied = new Set<string>();
  /** Asked for each real write. */
  onWrite: (request: WriteRequest, nth: number) => Fault | undefined = () => undefined;
  /** Where set, nothing can be reached. */
  down = false;
  /** Objects that stay with a deletion timestamp when deleted. */
  readonly held = new Set<string>();

  /** Puts an object there as somebody else would. */
  put(object: Json): Json {
    const ref = refOfManifest(object);
    const before = this.#objects.get(refKey(ref));
    const stored = this.#stamp(object, before);
    this.#objects.set(refKey(ref), stored);
    return structuredClone(stored);
  }

  /** Changes an object as somebody else would. */
  edit(ref: ResourceRef, change: (object: Map_) => void): void {
    const object = structuredClone(this.#objects.get(refKey(ref))) as Map_;
    change(object);
    this.put(object);
  }

  remove(ref: ResourceRef): void {
    this.#objects.delete(refKey(ref));
  }

  peek(ref: ResourceRef): Json | undefined {
    return structuredClone(this.#objects.get(refKey(ref)));
  }

  /** All there is, as people set it: without versions and the like. */
  contents(): Json {
    return Object.fromEntries(
      [...this.#objects].map(([key, o]) => {
        const { metadata, ...rest } = structuredClone(o) as Map_;
        const { resourceVersion: _r, generation: _g, uid: _u, ...meta } = metadata as Map_;
        return [key, { ...rest, metadata: meta }];
      }),
    );
  }

  access: Writer['access'] = (_context, review) => {
    if (this.down) return Promise.resolve(this.#unreachable());
    const right = rightWords(review);
    return Promise.resolve({ ok: true, value: { allowed: !this.denied.has(right), reason: '' } });
  };

  /** Whole only where nothing is denied: rules cannot say "all but". */
  rules: Writer['rules'] = () => {
    if (this.down) return Promise.resolve(this.#unreachable());
    const all = { verbs: ['*'], apiGroups: ['*'], resources: ['*'], resourceNames: [] };
    return Promise.resolve({ ok: true, value: this.denied.size > 0 ? { rules: [], complete: false } : { rules: [all], complete: true } });
  };

  read: Writer['read'] = (_context, ref) => {
    if (this.down) return Promise.resolve(this.#unreachable());
    const object = this.#objects.get(refKey(ref));
    return Promise.resolve(
      object === undefined ? no('not-found', `${refWords(ref)} is not there`) : { ok: true, value: structuredClone(object) },
    );
  };

  list: Writer['list'] = (_context, ref, labels) => {
    if (this.down) return Promise.resolve(this.#unreachable());
    const found = [...this.#objects.values()].filter(
      (o) =>
        find(o, '/kind') === ref.kind &&
        find(o, '/metadata/namespace') === ref.namespace &&
        Object.entries(labels).every(([k, v]) => (find(o, '/metadata/labels') as Map_ | undefined)?.[k] === v),
    );
    return Promise.resolve({ ok: true, value: structuredClone(found) });
  };

  dryRun: Writer['dryRun'] = (_context, request) => {
    if (this.down) return Promise.resolve(this.#unreachable());
    const outcome = this.#outcome(request);
    return Promise.resolve(outcome.ok ? { ok: true, value: structuredClone(outcome.value.answer) } : outcome);
  };

  write: Writer['write'] = async (_context, request) => {
    this.sent++;
    if (this.down) return this.#unreachable();
    const fault = this.onWrite(request, this.sent);
    if (fault === 'lostBefore') return this.#unreachable();
    if (fault === 'throws') throw new Error('the socket was destroyed');
    if (fault === 'neverAnswered') return new Promise(() => undefined);
    if (typeof fault === 'object') return { ok: false, failure: fault };
    const outcome = this.#outcome(request);
    if (!outcome.ok) return outcome;
    this.writes.push(structuredClone(request));
    const key = refKey(request.target);
    if (outcome.value.next === null) this.#objects.delete(key);
    else this.#objects.set(key, outcome.value.next);
    if (fault === 'neverAnsweredAfter') return new Promise(() => undefined);
    if (fault === 'lostAfter') return this.#unreachable();
    return { ok: true, value: structuredClone(outcome.value.answer) };
  };

  #unreachable(): Outcome<never> {
    return no('cluster-unreachable', 'the connection broke');
  }

  #outcome(request: WriteRequest): Outcome<{ next: Json | null; answer: Json }> {
    const { target, verb, body = null } = request;
    const before = this.#objects.get(refKey(target));
    if (verb === 'create') {
      if (before !== undefined) return no('conflict', `${refWords(target)} already exists`);
      const made = this.#stamp(body, undefined);
      return { ok: true, value: { next: made, answer: made } };
    }
    if (before === undefined) return no('not-found', `${refWords(target)} is not there`);
    if (verb === 'delete') {
      const uid = find(body, '/preconditions/uid');
      if (uid !== undefined && uid !== find(before, '/metadata/uid')) return no('conflict', 'the uid in the precondition does not match');
      if (!this.held.has(refKey(target))) return { ok: true, value: { next: null, answer: { kind: 'Status', status: 'Success' } } };
      const leaving = merge(before, { metadata: { deletionTimestamp: '2026-11-23T09:00:00Z' } });
      return { ok: true, value: { next: leaving, answer: leaving } };
    }
    if (request.subresource === 'scale') {
      if (find(body, '/metadata/resourceVersion') !== find(before, '/metadata/resourceVersion')) return no('conflict', 'it has changed');
      const next = this.#stamp(merge(before, { spec: find(body, '/spec') ?? {} }), before);
      const replicas = find(next, '/spec/replicas');
      // As the server does: a Scale has no generation, and a count of 0 is left out of it.
      const { generation: _none, ...metadata } = (find(next, '/metadata') ?? {}) as Map_;
      const answer = { kind: 'Scale', metadata, spec: replicas === 0 ? {} : { replicas: replicas ?? 1 } };
      return { ok: true, value: { next, answer } };
    }
    const patched = applyPatch(before, (body ?? []) as never);
    if (!patched.ok) return no('invalid', `the server rejected the request: ${patched.op.op} ${patched.op.path}`);
    const next = this.#stamp(patched.value, before);
    return { ok: true, value: { next, answer: next } };
  }

  #stamp(object: Json, before: Json | undefined): Json {
    const changed = before === undefined || !sameJson(find(before, '/spec') ?? null, find(object, '/spec') ?? null);
    const generation = Number(before === undefined ? 0 : (find(before, '/metadata/generation') ?? 0)) + (changed ? 1 : 0);
    const versionless = find(object, '/spec') === undefined;
    return merge(object, {
      metadata: {
        uid: before === undefined ? `uid-${++this.#uids}` : (find(before, '/metadata/uid') ?? ''),
        resourceVersion: String(++this.#version),
        ...(versionless ? {} : { generation }),
      },
    });
  }
}

function merge(a: Json, b: Json): Json {
  if (typeof a !== 'object' || a === null || Array.isArray(a) || typeof b !== 'object' || b === null || Array.isArray(b)) return b;
  return { ...a, ...Object.fromEntries(Object.entries(b).map(([k, v]) => [k, merge(a[k] ?? null, v)])) };
}

const no = (code: Failure['code'], message: string): Outcome<never> => ({ ok: false, failure: { code, message } });

function refOfManifest(object: Json): ResourceRef {
  const namespace = find(object, '/metadata/namespace');
  return {
    apiVersion: String(find(object, '/apiVersion')),
    kind: String(find(object, '/kind')),
    ...(typeof namespace === 'string' ? { namespace } : {}),
    name: String(find(object, '/metadata/name')),
  };
}
