import { readFileSync } from 'node:fs';
import type { Failure, KubeObject, Outcome } from '../../contract/index.ts';
import type { ClusterSession } from '../cluster/cluster-session.ts';
import type { MetricsTransport } from '../cluster/metrics-transport.ts';
import { all } from './sources/objects.ts';

/** A Prometheus, or what answers like one: found among the Services of a cluster, or named by a person with its URL. */

/** Named in `metrics.json` of the data directory, by context. Secrets stay in files of their own. */
export interface NamedPrometheus {
  readonly url: string;
  readonly tokenFile?: string | undefined;
  readonly user?: string | undefined;
  readonly passwordFile?: string | undefined;
}

export interface PromSeries {
  readonly metric: Readonly<Record<string, string>>;
  /** Seconds since 1970, and the value. */
  readonly points: readonly (readonly [number, number])[];
}

export interface Prometheus {
  readonly name: string;
  get(path: 'query' | 'query_range', query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Outcome<readonly PromSeries[]>>;
}

const MOST_BYTES = 64 * 2 ** 20;
const TIMEOUT_MS = 20_000;

const NAMES = ['prometheus', 'prometheus-server', 'vmsingle', 'victoria-metrics-single', 'vmselect', 'thanos-query', 'mimir'];
const LIKE =
  /^(?:.*-)?(?:prometheus(?:-server|-operated|-k8s)?|kube-prometheus-stack-prometheus|vmsingle(?:-.*)?|victoria-metrics(?:-.*)?|vmselect(?:-.*)?|thanos-query(?:-frontend)?)$/;
const PORTS = [9090, 8428, 8429, 8481, 10902, 80];
const PORT_NAMES = ['http', 'web', 'http-web', 'prometheus', 'http-query'];

/** Services that may be one, the likeliest first. */
export function prometheusServices(session: Pick<ClusterSession, 'keys' | 'object'>): { name: string; path: string }[] {
  const found: { name: string; path: string; rank: number }[] = [];
  for (const service of all(session, 'Service')) {
    const { name, namespace = '', labels } = service.metadata;
    const label = labels['app.kubernetes.io/name'] ?? labels['app'] ?? '';
    if (!NAMES.includes(label) && !LIKE.test(name)) continue;
    if (/alertmanager|node-exporter|pushgateway|operator$|adapter|blackbox/.test(name)) continue;
    const port = portOf(service);
    if (port === undefined) continue;
    const tenant = port === 8481 ? '/select/0/prometheus' : '';
    found.push({
      name: `${namespace}/${name}:${port}`,
      path: `/api/v1/namespaces/${namespace}/services/${name}:${port}/proxy${tenant}/api/v1`,
      rank: (NAMES.includes(label) ? 0 : 1) + (name.endsWith('-operated') ? 1 : 0),
    });
  }
  return found.sort((a, b) => a.rank - b.rank).slice(0, 3);
}

function portOf({ spec }: KubeObject<'Service'>): number | undefined {
  const known = spec.ports.find((p) => PORTS.includes(p.port)) ?? spec.ports.find((p) => PORT_NAMES.includes(p.name ?? ''));
  return known?.port;
}

export const throughApi = (transport: MetricsTransport, { name, path }: { name: string; path: string }): Prometheus => ({
  name,
  get: async (what, query, signal) => {
    const text = await transport.text(`${path}/${what}`, { query, signal, timeoutMs: TIMEOUT_MS, mostBytes: MOST_BYTES });
    return text.ok ? readAnswer(name, text.value) : text;
  },
});

/** @throws never: a file that cannot be read is a failure like one of the network. */
export const byUrl = ({ url, tokenFile, user, passwordFile }: NamedPrometheus): Prometheus => {
  const name = new URL(url).host;
  return {
    name,
    get: async (what, query, signal) => {
      let headers: Record<string, string> = {};
      try {
        const secret = (file: string) => readFileSync(file, 'utf8').trim();
        if (tokenFile !== undefined) headers = { authorization: `Bearer ${secret(tokenFile)}` };
        else if (user !== undefined && passwordFile !== undefined)
          headers = { authorization: `Basic ${Buffer.from(`${user}:${secret(passwordFile)}`).toString('base64')}` };
      } catch (error) {
        return { ok: false, failure: { code: 'bad-input', message: `The secret for ${name} cannot be read: ${words(error)}.` } };
      }
      try {
        const answer = await fetch(`${url.replace(/\/+$/, '')}/api/v1/${what}?${new URLSearchParams(query).toString()}`, {
          headers,
          signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
          redirect: 'error',
        });
        const text = await readBounded(answer);
        if (text === undefined) return refused(name, 'the answer is larger than 64 MiB');
        if (!answer.ok) return refused(name, `status ${answer.status}: ${reasonIn(text)}`, answer.status);
        return readAnswer(name, text);
      } catch (error) {
        return { ok: false, failure: { code: 'cluster-unreachable', message: `${name} cannot be reached: ${words(error)}.` } };
      }
    },
  };
};

async function readBounded(answer: Response): Promise<string | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of answer.body ?? []) {
    size += part.length;
    if (size > MOST_BYTES) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

const words = (error: unknown): string => {
  const { cause } = error as { cause?: unknown };
  return cause instanceof Error ? cause.message : error instanceof Error ? error.message : String(error);
};

function refused(name: string, why: string, status = 0): { ok: false; failure: Failure } {
  const code = status === 401 || status === 403 ? 'forbidden' : 'cluster-refused';
  return { ok: false, failure: { code, message: `${name} refused the question: ${why}.` } };
}

/** What Prometheus itself says went wrong; else the beginning of what came, as far as it is text. */
function reasonIn(text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    if (typeof error === 'string') return error.slice(0, 300);
  } catch {
    // A page, or half of something.
  }
  return text.trimStart().startsWith('<') ? 'a page' : text.slice(0, 100).replace(/\s+/g, ' ');
}

/** What is no answer of a Prometheus is told as such: a page of a proxy, half a body, an error. */
export function readAnswer(name: string, text: string): Outcome<readonly PromSeries[]> {
  let answer: { status?: unknown; error?: unknown; data?: { resultType?: unknown; result?: unknown } };
  try {
    answer = JSON.parse(text) as typeof answer;
  } catch {
    return refused(name, text.trimStart().startsWith('<') ? 'a page came instead of an answer' : 'half an answer, or none, came');
  }
  if (answer.status !== 'success')
    return refused(name, typeof answer.error === 'string' ? answer.error.slice(0, 300) : 'it does not say why');
  const result = answer.data?.result;
  if (!Array.isArray(result)) return refused(name, 'the answer has no result');
  return { ok: true, value: result.flatMap((one: unknown) => seriesOf(one) ?? []) };
}

function seriesOf(one: unknown): PromSeries | undefined {
  const { metric, value, values } = one as { metric?: Record<string, string>; value?: unknown; values?: unknown };
  if (typeof metric !== 'object') return undefined;
  const pairs = Array.isArray(values) ? values : [value];
  const points = pairs.flatMap((pair: unknown) => (Array.isArray(pair) ? [[Number(pair[0]), Number(pair[1])] as const] : []));
  return { metric, points };
}
