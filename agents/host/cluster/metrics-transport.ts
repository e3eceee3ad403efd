import type { Readable } from 'node:stream';
import type { Outcome } from '../../contract/index.ts';
import type { ClusterHttp, Query } from './http.ts';

interface MetricsOptions {
  readonly query?: Query;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly accept?: string;
  readonly mostBytes?: number;
}

const NAME = '[a-z0-9]([-.a-z0-9]*[a-z0-9])?';
const PORT = '(:[a-z0-9-]+)?';
/** All that is ever asked for. A path of a workload is one it declared itself for this purpose, without a query. */
const READS = [
  /^\/metrics$/,
  /^\/apis\/metrics\.k8s\.io\/v1beta1\/(nodes|pods)$/,
  new RegExp(`^/api/v1/nodes/${NAME}/proxy/(stats/summary|metrics/cadvisor)$`),
  new RegExp(`^/api/v1/namespaces/${NAME}/pods/(https?:)?${NAME}${PORT}/proxy/[-._~/a-zA-Z0-9]*$`),
  new RegExp(
    `^/api/v1/namespaces/${NAME}/services/(https?:)?${NAME}${PORT}/proxy(/[-._~a-zA-Z0-9]+)*/api/v1/(query|query_range|status/buildinfo)$`,
  ),
];

/**
 * Reads metrics through the API server, and nothing else: one method, GET, and a list of paths. Some lead through a proxy of the API
 * server to a kubelet, a Prometheus, or to what a workload declared as its metrics; the ordinary reading transport refuses all of these.
 */
export class MetricsTransport {
  readonly #http: ClusterHttp;

  constructor(http: ClusterHttp) {
    this.#http = http;
  }

  get context(): string {
    return this.#http.where.context;
  }

  /** The answer as it comes; destroy it, or end the signal, to end it. @throws for any path that is not one of metrics. */
  async stream(path: string, options: MetricsOptions = {}): Promise<Outcome<{ readonly body: Readable; readonly contentType: string }>> {
    checkPath(path);
    return this.#http.open({ ...options, method: 'GET', path, use: 'metrics' });
  }

  /** @throws for any path that is not one of metrics. */
  async text(path: string, options: MetricsOptions = {}): Promise<Outcome<string>> {
    checkPath(path);
    return this.#http.read({ ...options, method: 'GET', path, use: 'metrics' });
  }
}

export function checkPath(path: string): void {
  const odd = path.split('/').some((step) => step === '.' || step === '..' || step.includes('%'));
  if (odd || !READS.some((allowed) => allowed.test(path))) throw new Error(`not a path of metrics: ${JSON.stringify(path)}`);
}
