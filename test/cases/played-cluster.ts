import { type Json, type ResourceRef, refKey } from '../../agents/contract/index.ts';
import { apiPath } from '../../agents/host/actions/served.ts';
import type { BenchCluster } from '../../agents/host/doubles/road-bench.ts';
import type { Writer } from '../../agents/host/ports/writer.ts';
import type { ClusterClient } from './cluster-client.ts';

type Object_ = { [key: string]: Json };
/** The namespace of the bench's objects; each row of a test has one of its own in its place. */
const WRITTEN = 'shop';
const TRIES = 8;

/**
 * A real cluster as the bench of the road needs it: the road's requests go through the product's own writer, what somebody else does
 * through another client. The bench's namespace stands for one of the test's own, in both directions.
 */
export class PlayedCluster implements BenchCluster {
  readonly #writer: Writer;
  readonly #client: ClusterClient;
  readonly #context: string;
  readonly #namespace: string;
  /** Objects that are not as they were at the beginning. */
  readonly #touched = new Set<string>();
  sent = 0;

  constructor(writer: Writer, client: ClusterClient, namespace: string) {
    this.#writer = writer;
    this.#client = client;
    this.#context = client.context;
    this.#namespace = namespace;
  }

  access: Writer['access'] = async (_, review) => this.#writer.access(this.#context, this.#there(review));
  rules: Writer['rules'] = async (_, namespace) => this.#writer.rules(this.#context, this.#there(namespace));
  read: Writer['read'] = async (_, ref) => this.#here(await this.#writer.read(this.#context, this.#there(ref)));
  list: Writer['list'] = async (_, ref, labels) => this.#here(await this.#writer.list(this.#context, this.#there(ref), labels));
  dryRun: Writer['dryRun'] = async (_, request) => this.#here(await this.#writer.dryRun(this.#context, this.#there(request)));
  write: Writer['write'] = async (_, request) => {
    this.sent++;
    return this.#here(await this.#writer.write(this.#context, this.#there(request)));
  };

  /** Puts what was changed back as it was at the beginning. */
  async restore(objects: readonly Object_[]): Promise<void> {
    for (const object of objects) if (this.#touched.has(refKey(refOf(object)))) await this.put(object);
    this.#touched.clear();
  }

  async put(object: Json): Promise<void> {
    const wanted = this.#there(quiet(object as Object_));
    const ref = refOf(wanted);
    this.#touched.add(refKey(refOf(object as Object_)));
    await again(async () => {
      const live = (await this.#client.call('GET', pathOf(ref))) as Object_ | undefined;
      if (live === undefined) return void (await this.#client.call('POST', pathOf({ ...ref, name: '' }), wanted));
      const { resourceVersion = '' } = live['metadata'] as { resourceVersion?: string };
      await this.#client.call('PUT', pathOf(ref), { ...wanted, metadata: { ...(wanted['metadata'] as Object_), resourceVersion } });
    });
  }

  async edit(ref: ResourceRef, change: (object: Object_) => void): Promise<void> {
    this.#touched.add(refKey(ref));
    const path = pathOf(this.#there(ref));
    await again(async () => {
      const live = this.#here((await this.#client.call('GET', path)) as Object_ | undefined);
      if (live === undefined) throw new Error(`${path} is not there`);
      change(live);
      await this.#client.call('PUT', path, this.#there(live));
    });
  }

  async remove(ref: ResourceRef): Promise<void> {
    this.#touched.add(refKey(ref));
    if (ref.kind === 'Namespace') for (const inIt of ['Deployment/shop/checkout', 'ConfigMap/shop/app-config']) this.#touched.add(inIt);
    const path = pathOf(this.#there(ref));
    await this.#client.call('DELETE', path);
    while ((await this.#client.call('GET', path)) !== undefined) await new Promise((go) => setTimeout(go, 100));
  }

  #there<T>(value: T): T {
    return renamed(value, WRITTEN, this.#namespace) as T;
  }

  #here<T>(value: T): T {
    return renamed(value, this.#namespace, WRITTEN) as T;
  }
}

/** The cluster's own controllers write to it, too. */
async function again(work: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await work();
      return;
    } catch (error) {
      if (tries === TRIES || !String(error).includes(': 409 ')) throw error;
    }
  }
}

/** Nothing is to run: what is tried is the road, not the pods. */
const quiet = (object: Object_): Object_ =>
  object['kind'] === 'Deployment' ? { ...object, spec: { ...(object['spec'] as Object_), replicas: 0 } } : object;

function refOf(object: Object_): ResourceRef {
  const { apiVersion, kind, metadata } = object as { apiVersion: string; kind: string; metadata: { name: string; namespace?: string } };
  return { apiVersion, kind, name: metadata.name, ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }) };
}

function pathOf(ref: ResourceRef): string {
  const { name, uid: _uid, ...collection } = ref;
  const path = apiPath(name === '' ? collection : { ...collection, name });
  if (path === undefined) throw new Error(`${ref.kind} is served nowhere`);
  return path;
}

function renamed(value: unknown, from: string, to: string): unknown {
  if (value === from) return to;
  if (Array.isArray(value)) return value.map((v) => renamed(v, from, to));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, renamed(v, from, to)]));
}
