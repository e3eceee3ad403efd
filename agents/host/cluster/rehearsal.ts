import type { Failure, Json, Outcome } from '../../contract/index.ts';
import type { ClusterHttp } from './http.ts';
import { collectionPath } from './paths.ts';

/** Longer than the time limit of admission webhooks (30 s at most), so that the answer is the server's. */
const REHEARSAL_MS = 35_000;
const PODS = { apiVersion: 'v1', resource: 'pods', namespaced: true } as const;

/** What the server would say to a pod. */
export interface Verdict {
  readonly verdict: 'admitted' | 'refused';
  /** Its reason, as it words it; empty where the pod would be admitted. */
  readonly message: string;
}

/**
 * The right to ask what would become of a pod, and nothing else: it knows one request, which goes through the whole of admission and
 * is never stored. The dry run is no option of it, so that no caller can leave it out. For the probes; what changes a cluster is the
 * writer's alone.
 */
export class Rehearsal {
  readonly #http: Pick<ClusterHttp, 'read'>;

  constructor(http: Pick<ClusterHttp, 'read'>) {
    this.#http = http;
  }

  /** Whether a pod of this template would be let into the namespace now. */
  async pod(namespace: string, pod: { readonly [key: string]: Json }, signal?: AbortSignal): Promise<Outcome<Verdict>> {
    const answer = await this.#http.read({
      method: 'POST',
      path: collectionPath(PODS, namespace),
      query: { dryRun: 'All' },
      body: JSON.stringify({ ...pod, apiVersion: 'v1', kind: 'Pod' }),
      contentType: 'application/json',
      timeoutMs: REHEARSAL_MS,
      signal,
    });
    if (answer.ok) return { ok: true, value: { verdict: 'admitted', message: '' } };
    const message = refusal(answer.failure);
    return message === undefined ? answer : { ok: true, value: { verdict: 'refused', message } };
  }
}

/** Failures in which the server has judged the pod; the others say nothing about it. */
const JUDGED: ReadonlySet<string> = new Set(['admission-refused', 'forbidden', 'invalid', 'cluster-refused', 'not-found', 'conflict']);
/** The account that asks may create no pods: that is about the account. */
const OWN_RIGHTS = /User "[^"]*" cannot create resource "pods"/;
const SAID = ' The server says: ';

function refusal({ code, message }: Failure): string | undefined {
  const at = message.indexOf(SAID);
  if (at < 0 || !JUDGED.has(code)) return undefined;
  const said = message.slice(at + SAID.length);
  return OWN_RIGHTS.test(said) ? undefined : said;
}
