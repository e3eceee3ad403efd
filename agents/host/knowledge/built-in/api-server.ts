import { z } from 'zod';
import { ALL_KINDS, type ContextName, type Json, KINDS, type Outcome } from '../../../contract/index.ts';
import type { Kube, Log } from '../../ports.ts';
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
  let newest = 0;
  return kube.onNotice((notice) => {
    if (notice.type !== 'synced' || minorOf(notice.version) <= newest) return;
    newest = minorOf(notice.version);
    const root = `the API server of Kubernetes ${notice.version}, read by Quarterdeck ${version}`;
    reading = reading
      .then(async () => {
        const known = (await knowledge.sources()).sources.find((source) => source.name === FIELDS);
        if (known?.root === root || minorOf(/Kubernetes (v\S+?),/.exec(known?.root ?? '')?.[1] ?? '') > minorOf(notice.version)) return;
        const read = await openApiOf(kube, notice.context);
        if (read.ok)
          await knowledge.replace({
            name: FIELDS,
            root,
            trust: 'vendor',
            licence: 'Apache-2.0',
            from: { type: 'fields', documents: read.value },
          });
        else
          log(
            read.failure.code === 'not-found' ? 'debug' : 'info',
            `the fields of the kinds could not be read from ${notice.context}: ${read.failure.message}`,
          );
      })
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
