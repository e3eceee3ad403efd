import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { parse, parseAllDocuments } from 'yaml';
import { KINDS, isKind } from '../../agents/contract/index.ts';
import type { RawObject } from './conditions.ts';

/** The cluster as whoever makes the faults sees it: plain HTTPS with the certificates of a kubeconfig. Not the product's client. */

interface Kubeconfig {
  readonly 'current-context'?: string;
  readonly contexts: readonly { readonly name: string; readonly context: { readonly cluster: string; readonly user: string } }[];
  readonly clusters: readonly { readonly name: string; readonly cluster: Readonly<Record<string, string>> }[];
  readonly users: readonly { readonly name: string; readonly user: Readonly<Record<string, string>> }[];
}

function pem(fields: Readonly<Record<string, string>>, key: string): Buffer | undefined {
  const data = fields[`${key}-data`];
  if (data !== undefined) return Buffer.from(data, 'base64');
  const file = fields[key];
  return file === undefined ? undefined : readFileSync(file);
}

export class ClusterClient {
  readonly context: string;
  readonly #server: URL;
  readonly #cluster: Readonly<Record<string, string>>;
  readonly #agent: Agent;
  readonly #token: string | undefined;

  constructor(kubeconfig: string, contextName?: string) {
    const config = parse(readFileSync(kubeconfig, 'utf8')) as Kubeconfig;
    const name = contextName ?? config['current-context'] ?? config.contexts[0]?.name;
    const context = config.contexts.find((c) => c.name === name)?.context;
    const cluster = config.clusters.find((c) => c.name === context?.cluster)?.cluster;
    const user = config.users.find((u) => u.name === context?.user)?.user;
    if (name === undefined || cluster === undefined || user === undefined)
      throw new Error(`${kubeconfig} has no complete context ${name ?? '(none)'}.`);
    this.context = name;
    this.#cluster = cluster;
    this.#server = new URL(cluster['server'] ?? '');
    this.#token = user['token'];
    this.#agent = new Agent({
      keepAlive: true,
      maxSockets: 16,
      ca: pem(cluster, 'certificate-authority'),
      cert: pem(user, 'client-certificate'),
      key: pem(user, 'client-key'),
    });
  }

  /** @throws with the server's sentence where the answer is an error, except 404, which answers undefined. */
  call(method: string, path: string, body?: unknown, contentType = 'application/json'): Promise<Record<string, unknown> | undefined> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((done, fail) => {
      const sent = request(
        new URL(path, this.#server),
        {
          method,
          agent: this.#agent,
          timeout: 20_000,
          headers: {
            accept: 'application/json',
            ...(this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` }),
            ...(text === undefined ? {} : { 'content-type': contentType, 'content-length': Buffer.byteLength(text) }),
          },
        },
        (answer) => {
          const parts: Buffer[] = [];
          answer.on('data', (part: Buffer) => parts.push(part));
          answer.on('error', fail);
          answer.on('end', () => {
            const said = Buffer.concat(parts).toString();
            const status = answer.statusCode ?? 0;
            if (status === 404) return done(undefined);
            if (status >= 300) return fail(new Error(`${method} ${path}: ${status} ${said.slice(0, 500)}`));
            done(JSON.parse(said) as Record<string, unknown>);
          });
        },
      );
      sent.on('timeout', () => sent.destroy(new Error(`${method} ${path}: no answer in 20 s`)));
      sent.on('error', fail);
      sent.end(text);
    });
  }

  /** All objects of a kind, with the kind written into each (a list leaves it out). */
  async list(kind: string): Promise<RawObject[]> {
    const body = await this.call('GET', collection(kind, undefined));
    return ((body?.['items'] ?? []) as Omit<RawObject, 'kind'>[]).map((item) => ({ ...item, kind }) as RawObject);
  }

  /** Server-side apply: fields that an earlier apply set and this one leaves out are removed. `$(NAMESPACE)` stands for the case's. A namespace that is written in it counts, and so does a status. */
  async apply(written: RawObject, namespace: string): Promise<void> {
    const object = JSON.parse(JSON.stringify(written).replaceAll('$(NAMESPACE)', namespace)) as RawObject;
    const there = collection(object.kind, object.metadata.namespace ?? namespace, object.apiVersion);
    const query = '?fieldManager=cases&force=true';
    const path = `${there}/${object.metadata.name}${query}`;
    // What server-side apply does not know how to merge (a list with one key twice) a plain create takes.
    if (hasTwice(object)) return void (await this.call('POST', there, object));
    const isServed = async () => (await this.call('PATCH', path, object, 'application/apply-patch+yaml')) !== undefined;
    // A kind that was defined a moment ago is served a moment later.
    for (let tries = 0; !(await isServed()) && tries < 40; tries++) await new Promise((go) => setTimeout(go, 250));
    // A status that nobody else would write: of a node without a kubelet, of what happened long ago.
    if ('status' in object)
      await this.call('PATCH', `${there}/${object.metadata.name}/status${query}`, object, 'application/apply-patch+yaml');
  }

  async delete(kind: string, name: string, namespace?: string): Promise<void> {
    await this.call('DELETE', `${collection(kind, namespace)}/${name}`, {
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      propagationPolicy: 'Background',
    });
  }

  /** The same cluster, as another user. */
  kubeconfigWith(name: string, user: object): object {
    return {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': name,
      clusters: [{ name, cluster: this.#cluster }],
      users: [{ name, user }],
      contexts: [{ name, context: { cluster: name, user: name } }],
    };
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** Whether some list in it has two entries of one name. */
function hasTwice(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (!Array.isArray(value)) return Object.values(value).some(hasTwice);
  const names = value.flatMap((v) => (v as { name?: unknown } | null)?.name ?? []);
  return new Set(names).size < names.length || value.some(hasTwice);
}

/** `/apis/apps/v1/namespaces/shop/deployments`; without a namespace the whole cluster's. */
function collection(kind: string, namespace: string | undefined, apiVersion?: string): string {
  const custom = apiVersion?.includes('.') === true ? { apiVersion, resource: `${kind.toLowerCase()}s`, namespaced: true } : undefined;
  const row = kind === 'Event' ? { apiVersion: 'v1', resource: 'events', namespaced: true } : isKind(kind) ? KINDS[kind] : custom;
  if (row === undefined) throw new Error(`The cases do not know the kind ${kind}.`);
  const root = row.apiVersion === 'v1' ? '/api/v1' : `/apis/${row.apiVersion}`;
  return row.namespaced && namespace !== undefined ? `${root}/namespaces/${namespace}/${row.resource}` : `${root}/${row.resource}`;
}

export function isClusterScoped(kind: string): boolean {
  return isKind(kind) && !KINDS[kind].namespaced;
}

/** The objects of a YAML file, in its order. */
export function objectsOf(file: string): RawObject[] {
  return parseAllDocuments(readFileSync(file, 'utf8')).map((document) => {
    if (document.errors.length > 0) throw new Error(`${file}: ${document.errors[0]?.message ?? ''}`);
    return document.toJS() as RawObject;
  });
}
