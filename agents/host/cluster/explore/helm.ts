import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { z } from 'zod';
import type { HelmRelease, HelmReleaseRow, HelmRevision, Outcome } from '../../../contract/index.ts';
import { objectsOf, valuesOf, withoutValues } from '../../../core/helm.ts';
import { Limiter } from '../back-off.ts';
import { notAnApiServer } from '../failures.ts';
import { collectionPath, objectPath } from '../paths.ts';
import type { ReadOnlyTransport } from '../transport.ts';

/** Helm 3 and 4 keep each revision in a Secret: base64 of gzip of JSON. https://helm.sh/docs/topics/advanced/#storage-backends */
const SECRETS = { apiVersion: 'v1', resource: 'secrets', namespaced: true } as const;
const SELECTED = { labelSelector: 'owner=helm', fieldSelector: 'type=helm.sh/release.v1' };
/** Names and labels alone: the bodies are up to a megabyte each. */
const METADATA = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json';
const READS_AT_ONCE = 6;
const PAGE = 500;
/** A release that is read to its end; a chart is at most a megabyte when packed. */
const MOST_BYTES = 48 * 1024 * 1024;

const MetaListSchema = z.object({
  metadata: z.object({ continue: z.string().optional() }).default({}),
  items: z
    .array(
      z.object({
        metadata: z.object({
          name: z.string(),
          namespace: z.string(),
          labels: z.record(z.string(), z.string()).default({}),
          creationTimestamp: z.string().default(''),
        }),
      }),
    )
    .nullish()
    .transform((v) => v ?? []),
});
const text = z
  .string()
  .nullish()
  .transform((v) => v ?? '');
const ReleaseSchema = z.object({
  info: z
    .object({ status: text, last_deployed: text, description: text, notes: text })
    .default({ status: '', last_deployed: '', description: '', notes: '' }),
  chart: z
    .object({ metadata: z.object({ name: text, version: text, appVersion: text }).default({ name: '', version: '', appVersion: '' }) })
    .default({ metadata: { name: '', version: '', appVersion: '' } }),
  config: z.unknown(),
  manifest: text,
});
type Release = z.output<typeof ReleaseSchema>;

/** One revision, as its Secret's labels have it. */
interface Kept {
  readonly secret: string;
  readonly namespace: string;
  readonly name: string;
  readonly revision: number;
  readonly status: string;
  readonly modified: string | null;
}

export async function helmReleases(transport: ReadOnlyTransport, namespace: string | undefined): Promise<Outcome<HelmReleaseRow[]>> {
  const kept = await revisions(transport, namespace);
  if (!kept.ok) return kept;
  const latest = new Map<string, Kept>();
  for (const one of kept.value) {
    const key = `${one.namespace}/${one.name}`;
    if ((latest.get(key)?.revision ?? -1) < one.revision) latest.set(key, one);
  }
  const limiter = new Limiter(READS_AT_ONCE);
  const rows = await Promise.all(
    [...latest.values()].map((one) =>
      limiter.run(async () => ({
        context: transport.context,
        namespace: one.namespace,
        name: one.name,
        ...described(one, await readRelease(transport, one)),
      })),
    ),
  );
  return {
    ok: true,
    value: rows
      .map(({ description: _description, ...row }) => row)
      .sort((a, b) => a.namespace.localeCompare(b.namespace) || a.name.localeCompare(b.name)),
  };
}

export async function helmRelease(transport: ReadOnlyTransport, namespace: string, name: string): Promise<Outcome<HelmRelease>> {
  const kept = await revisions(transport, namespace, name);
  if (!kept.ok) return kept;
  const newest = kept.value.toSorted((a, b) => b.revision - a.revision);
  const [first] = newest;
  if (first === undefined)
    return {
      ok: false,
      failure: { code: 'not-found', message: `There is no Helm release ${name} in namespace ${namespace} of ${transport.context}.` },
    };
  const limiter = new Limiter(READS_AT_ONCE);
  const read = await Promise.all(newest.map((one) => limiter.run(async () => ({ one, release: await readRelease(transport, one) }))));
  const now = read[0]?.release;
  const { paths, texts } = valuesOf(now?.config);
  const { description: _description, ...row } = described(first, now);
  return {
    ok: true,
    value: {
      context: transport.context,
      namespace,
      name,
      ...row,
      history: read.map(({ one, release }) => described(one, release)),
      notes: withoutValues(now?.info.notes ?? '', texts),
      values: [...paths],
      objects: [...objectsOf(now?.manifest ?? '', namespace)],
    },
  };
}

/** What leaves of a revision. One whose body cannot be read is known by its labels. */
function described({ revision, status, modified }: Kept, release: Release | undefined): HelmRevision {
  const { name = '', version = '', appVersion = '' } = release?.chart.metadata ?? {};
  return {
    revision,
    status: release?.info.status || status,
    updated: timeOf(release?.info.last_deployed) ?? modified,
    chart: name,
    chartVersion: version,
    appVersion,
    description: withoutValues(release?.info.description ?? 'This revision cannot be read.', valuesOf(release?.config).texts),
  };
}

function timeOf(said: string | undefined): string | null {
  const ms = Date.parse(said ?? '');
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

async function revisions(transport: ReadOnlyTransport, namespace: string | undefined, name?: string): Promise<Outcome<Kept[]>> {
  const found: Kept[] = [];
  let next: string | undefined;
  do {
    const answer = await transport.get(collectionPath(SECRETS, namespace), {
      accept: METADATA,
      query: { ...SELECTED, ...(name === undefined ? {} : { labelSelector: `owner=helm,name=${name}` }), limit: PAGE, continue: next },
    });
    if (!answer.ok) return answer;
    const list = MetaListSchema.safeParse(answer.value);
    if (!list.success) return { ok: false, failure: notAnApiServer(transport.where) };
    for (const { metadata } of list.data.items) {
      const [, release, revision] = /^sh\.helm\.release\.v1\.(.+)\.v(\d+)$/.exec(metadata.name) ?? [];
      if (release === undefined) continue;
      const { status = '', modifiedAt = '', createdAt = '' } = metadata.labels;
      const seconds = Number(modifiedAt || createdAt);
      found.push({
        secret: metadata.name,
        namespace: metadata.namespace,
        name: release,
        revision: Number(revision),
        status,
        modified: seconds > 0 ? new Date(seconds * 1000).toISOString() : timeOf(metadata.creationTimestamp),
      });
    }
    next = list.data.metadata.continue;
  } while (next !== undefined && next !== '');
  return { ok: true, value: found };
}

const unpack = promisify(gunzip);
const BodySchema = z.object({ data: z.object({ release: z.string() }) });

async function readRelease(transport: ReadOnlyTransport, { secret, namespace }: Kept): Promise<Release | undefined> {
  const answer = await transport.get(objectPath(SECRETS, secret, namespace));
  const body = answer.ok ? BodySchema.safeParse(answer.value) : undefined;
  if (body?.success !== true) return undefined;
  try {
    const packed = Buffer.from(Buffer.from(body.data.data.release, 'base64').toString('latin1'), 'base64');
    // Early releases were not packed.
    const plain = packed[0] === 0x1f && packed[1] === 0x8b ? await unpack(packed, { maxOutputLength: MOST_BYTES }) : packed;
    const release = ReleaseSchema.safeParse(JSON.parse(plain.toString('utf8')));
    return release.success ? release.data : undefined;
  } catch {
    return undefined;
  }
}
