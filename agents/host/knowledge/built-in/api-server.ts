import { z } from 'zod';
import { ALL_KINDS, type ContextName, type Json, KINDS, type Outcome } from '../../../contract/index.ts';
import type { Kube } from '../../ports/kube.ts';
import type { Log } from '../../ports/runtime.ts';
import type { Knowledge } from '../knowledge.ts';
import { FIELDS } from './sources.ts';

const PathsSchema = z.object({ paths: z.record(z.string(), z.object({ serverRelativeURL: z.string() })) });

type Reads = Pick<Kube, 'get' | 'onNotice'>;

/**
 * Takes the reference of fields from the newest API server that is connected: it knows its own version best. Read once a version; what was
 * read is there when the cluster is gone. Returns the function that stops it.
 */
export function readFieldsOfServers(kube: Reads, knowledge: Knowledge, version: string, log: Log): () => void {
  let reading: Promise<unknown> = Promise.resolve();
  /** What did not come to its end is tried again when that cluster, or another, is connected anew. */
  let newest = 0;
  const read = async (context: ContextName, of: string): Promise<void> => {
    if (minorOf(of) <= newest) return;
    const root = `the API server of Kubernetes ${of}, read by Quarterdeck ${version}`;
    const known = (await knowledge.sources()).sources.find((source) => source.name === FIELDS)?.root ?? '';
    if (known !== root && minorOf(/Kubernetes (v\S+?),/.exec(known)?.[1] ?? '') <= minorOf(of)) {
      const documents = await openApiOf(kube, context);
      if (!documents.ok) {
        const level = documents.failure.code === 'not-found' ? 'debug' : 'info';
        log(level, `the fields of the kinds could not be read from ${context}: ${documents.failure.message}`);
        return;
      }
      const from = { type: 'fields', documents: documents.value } as const;
      await knowledge.replace({ name: FIELDS, root, trust: 'vendor', licence: 'Apache-2.0', from });
    }
    newest = minorOf(of);
  };
  return kube.onNotice((notice) => {
    if (notice.type !== 'synced' || minorOf(notice.version) <= newest) return;
    reading = reading
      .then(() => read(notice.context, notice.version))
      .catch((error: unknown) => log('warn', `the fields of the kinds: ${error instanceof Error ? error.message : String(error)}`));
  });
}

const minorOf = (version: string): number => Number(/^v?1\.(\d+)/.exec(version)?.[1] ?? 0);

/** The OpenAPI documents of the groups that the kinds of the contract are in. */
async function openApiOf(kube: Pick<Kube, 'get'>, context: ContextName): Promise<Outcome<Json[]>> {
  const index = await kube.get(context, '/openapi/v3');
  if (!index.ok) return index;
  const { paths } = PathsSchema.parse(index.value);
  const documents: Json[] = [];
  for (const group of new Set(ALL_KINDS.map((kind) => pathOf(KINDS[kind].apiVersion)))) {
    const at = paths[group]?.serverRelativeURL;
    if (at === undefined) continue;
    const answer = await kube.get(context, at);
    if (!answer.ok) return answer;
    documents.push(answer.value);
  }
  return { ok: true, value: documents };
}

const pathOf = (apiVersion: string) => (apiVersion.includes('/') ? `apis/${apiVersion}` : `api/${apiVersion}`);
