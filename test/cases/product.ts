import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Envelope, Incident, IncidentWithPlans, Plan } from '../../agents/contract/index.ts';
import { serve } from '../../agents/host/serve.ts';

/** Quarterdeck as a user has it: a running app, reached over HTTP with its token, and nothing else. */

export interface Opened {
  readonly incident: Incident;
  /** Milliseconds since 1970, as the event log has it. */
  readonly at: number;
}

const EVENTS_EVERY_MS = 300;

export class Product {
  /** For the command line, which finds the running app by it. */
  readonly dataDir: string;
  readonly #url: string;
  readonly #token: string;
  readonly #close: () => Promise<void>;
  readonly #opened: Opened[] = [];
  #since = 0;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  private constructor(dataDir: string, url: string, token: string, close: () => Promise<void>) {
    this.dataDir = dataDir;
    this.#url = url;
    this.#token = token;
    this.#close = close;
  }

  /** Starts the app with a data directory of its own and connects it to the context. */
  static async start(kubeconfig: string, context: string): Promise<Product> {
    const dataDir = mkdtempSync(join(tmpdir(), 'quarterdeck-cases-'));
    const served = await serve({
      dataDir,
      kubeconfigPaths: [kubeconfig],
      demo: false,
      env: {},
      log: (level, message) => {
        if (level === 'error' || level === 'warn') process.stderr.write(`app ${level}: ${message}\n`);
      },
    });
    if (!served.ok) throw new Error(`the app did not start: ${served.failure.message}`);
    const product = new Product(dataDir, served.value.url, served.value.token, async () => {
      await served.value.close();
      rmSync(dataDir, { recursive: true, force: true });
    });
    await product.call('POST', '/clusters/connect', { context });
    product.#follow();
    return product;
  }

  /** @throws with the problem's sentence. */
  async call<T = unknown>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
    const answer = await fetch(`${this.#url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 500)}`);
    return JSON.parse(text) as T;
  }

  /** The status of a call as somebody with that token makes it, or with none. */
  async attempt(method: 'GET' | 'POST', path: string, body: unknown, token: string | undefined = this.#token): Promise<number> {
    const answer = await fetch(`${this.#url}/api/v1${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...(token === undefined || token === '' ? {} : { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    });
    await answer.body?.cancel();
    return answer.status;
  }

  /** Every incident that was opened since the start and has to do with the namespace, in order. */
  opened(namespace: string): readonly Opened[] {
    return this.#opened.filter((o) => concerns(o.incident, namespace));
  }

  async incidents(namespace: string): Promise<readonly IncidentWithPlans[]> {
    const { incidents } = await this.call<{ incidents: IncidentWithPlans[] }>('GET', '/incidents');
    return incidents.filter((i) => concerns(i, namespace));
  }

  approve(plan: Plan): Promise<Plan> {
    return this.call('POST', `/plans/${plan.id}/decide`, { hash: plan.hash, decision: 'approved', by: 'cases' });
  }

  settled(plan: Plan, seconds: number): Promise<Plan> {
    return this.call('GET', `/plans/${plan.id}/settled?timeoutSeconds=${seconds}`);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#close();
  }

  #follow(): void {
    const look = async () => {
      try {
        const { events } = await this.call<{ events: Envelope[] }>('GET', `/events/list?since=${this.#since}&limit=10000`);
        for (const { seq, at, event } of events) {
          this.#since = Math.max(this.#since, seq);
          if (event.type === 'incident.opened') this.#opened.push({ incident: event.incident, at: Date.parse(at) });
        }
      } catch (error) {
        if (!this.#closed)
          process.stderr.write(`reading the event log failed: ${error instanceof Error ? error.message : String(error)}\n`);
      }
      if (!this.#closed) this.#timer = setTimeout(() => void look(), EVENTS_EVERY_MS);
    };
    void look();
  }
}

/** Its root cause is there, or it makes something there suffer (a node is in no namespace). */
function concerns({ rootCause, affects }: Incident, namespace: string): boolean {
  const { resource } = rootCause;
  return resource.namespace === namespace || (resource.namespace === undefined && affects.some((r) => r.namespace === namespace));
}
