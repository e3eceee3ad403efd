import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { type Instance, portsOf } from './instance.ts';
import { pkiDir } from './pki.ts';

/** Deleting a collection answers only when all of it is deleted. */
const PATIENCE_MS = 45_000;

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** The API server as the tooling's administrator. Answers with the status; throws only when there is no answer. */
export class Api {
  readonly #port: number;
  readonly #agent: Agent;

  constructor(instance: Instance, cluster = 0) {
    this.#port = portsOf(instance).apiserver(cluster);
    const pem = (file: string) => readFileSync(join(pkiDir(instance), file));
    this.#agent = new Agent({ keepAlive: true, ca: pem('ca.crt'), cert: pem('admin.crt'), key: pem('admin.key'), maxSockets: 16 });
  }

  call(method: string, path: string, body?: unknown, contentType = 'application/json'): Promise<Answer> {
    return new Promise((done, fail) => {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const sent = request(
        {
          host: '127.0.0.1',
          port: this.#port,
          path,
          method,
          agent: this.#agent,
          timeout: PATIENCE_MS,
          headers: text === undefined ? {} : { 'content-type': contentType, 'content-length': Buffer.byteLength(text) },
        },
        (answer) => {
          const parts: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => parts.push(chunk));
          answer.on('error', fail);
          answer.on('end', () => {
            const said = Buffer.concat(parts).toString();
            let parsed: unknown;
            try {
              parsed = JSON.parse(said);
            } catch {
              parsed = { text: said };
            }
            done({ status: answer.statusCode ?? 0, body: parsed as Record<string, unknown> });
          });
        },
      );
      sent.on('timeout', () => sent.destroy(new Error(`no answer from 127.0.0.1:${this.#port} in ${PATIENCE_MS / 1000} s`)));
      sent.on('error', fail);
      sent.end(text);
    });
  }

  async list<T = Obj>(path: string): Promise<T[]> {
    const { status, body } = await this.call('GET', path);
    return status === 200 ? ((body['items'] ?? []) as T[]) : [];
  }

  /** Creates or replaces by server-side apply. @throws with the server's sentence. */
  async apply(path: string, object: Obj): Promise<void> {
    const { status, body } = await this.call(
      'PATCH',
      `${path}/${object.metadata.name}?fieldManager=cluster-tooling&force=true`,
      object,
      'application/apply-patch+yaml',
    );
    if (status >= 300) throw new Error(`${object.kind ?? ''} ${object.metadata.name}: ${String(body['message'])}`);
  }

  close(): void {
    this.#agent.destroy();
  }
}

export interface Obj {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Record<string, string>;
    readonly annotations?: Record<string, string>;
    readonly finalizers?: string[];
    readonly deletionTimestamp?: string;
    readonly resourceVersion?: string;
    readonly ownerReferences?: readonly { readonly controller?: boolean }[];
  };
  readonly [key: string]: unknown;
}
