import { z } from 'zod';
import type { ApiKind, Json, KubeEventRow, Outcome, TablePage } from '../../../contract/index.ts';
import { notAnApiServer } from '../failures.ts';
import { collectionPath, objectPath } from '../paths.ts';
import { withoutSecretValues } from '../secret-values.ts';
import type { ReadOnlyTransport } from '../transport.ts';
import { Discovery } from './discovery.ts';

/** https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables */
const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

export interface TableAsk {
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly labels?: string | undefined;
  readonly fields?: string | undefined;
  readonly name?: string | undefined;
  readonly limit: number;
  readonly after?: string | undefined;
}
export interface ObjectAsk {
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
}
export interface EventsAsk {
  readonly namespace?: string | undefined;
  readonly kind?: string | undefined;
  readonly name?: string | undefined;
  readonly limit: number;
}

const Cell = z.union([z.string(), z.number(), z.boolean(), z.null()]).catch((c) => JSON.stringify(c.value));
const MetaSchema = z.object({ name: z.string().default(''), namespace: z.string().optional(), uid: z.string().default('') });
const TableSchema = z.object({
  kind: z.literal('Table'),
  metadata: z.object({ continue: z.string().optional(), remainingItemCount: z.number().int().optional() }).default({}),
  columnDefinitions: z.array(
    z.object({
      name: z.string(),
      type: z.string().default('string'),
      description: z.string().default(''),
      priority: z.number().int().default(0),
    }),
  ),
  rows: z
    .array(z.object({ cells: z.array(Cell), object: z.object({ metadata: MetaSchema }) }))
    .nullish()
    .transform((v) => v ?? []),
});
const ListSchema = z.object({ items: z.array(z.object({ metadata: MetaSchema.extend({ creationTimestamp: z.string().optional() }) })) });

/** One cluster's answers to what a person asks for now. Never kept; values of Secrets do not pass. */
export class OnDemand {
  readonly discovery: Discovery;
  readonly #transport: ReadOnlyTransport;

  constructor(transport: ReadOnlyTransport) {
    this.#transport = transport;
    this.discovery = new Discovery(transport);
  }

  /** A page in the columns of the server; servers of custom APIs that make no tables give name and age. */
  async table(ask: TableAsk): Promise<Outcome<TablePage>> {
    const kind = await this.discovery.find(ask.kind);
    if (!kind.ok) return kind;
    const fields = [ask.fields, ask.name === undefined ? undefined : `metadata.name=${ask.name}`].filter((f) => f !== undefined).join(',');
    const answer = await this.#transport.get(collectionPath(kind.value, ask.namespace), {
      accept: TABLE,
      query: {
        limit: ask.limit,
        continue: ask.after,
        labelSelector: ask.labels,
        fieldSelector: fields === '' ? undefined : fields,
        includeObject: 'Metadata',
      },
    });
    if (!answer.ok) return answer;
    const table = TableSchema.safeParse(answer.value);
    const { context } = this.#transport;
    if (table.success) {
      const { metadata, columnDefinitions, rows } = table.data;
      return {
        ok: true,
        value: {
          kind: kind.value,
          columns: columnDefinitions,
          rows: rows.map(({ cells, object: { metadata: m } }) => ({
            context,
            namespace: m.namespace ?? null,
            name: m.name,
            uid: m.uid,
            cells,
          })),
          next: metadata.continue === undefined || metadata.continue === '' ? null : metadata.continue,
          remaining: metadata.remainingItemCount ?? null,
        },
      };
    }
    const list = ListSchema.safeParse(answer.value);
    if (!list.success) return { ok: false, failure: notAnApiServer(this.#transport.where) };
    return { ok: true, value: plainTable(kind.value, context, list.data) };
  }

  async object({ kind: word, namespace, name }: ObjectAsk): Promise<Outcome<Json>> {
    const kind = await this.discovery.find(word);
    if (!kind.ok) return kind;
    const within = kind.value.namespaced ? (namespace ?? 'default') : undefined;
    const answer = await this.#transport.get(objectPath(kind.value, name, within));
    return answer.ok ? { ok: true, value: withoutSecretValues(answer.value) } : answer;
  }

  /** Events of a namespace, of all, or about one object; newest last. */
  async events(ask: EventsAsk): Promise<Outcome<{ events: KubeEventRow[]; truncated: boolean }>> {
    let involved = '';
    if (ask.kind !== undefined) {
      const kind = await this.discovery.find(ask.kind);
      if (!kind.ok) return kind;
      involved = `involvedObject.kind=${kind.value.kind}`;
    }
    if (ask.name !== undefined) involved += `${involved === '' ? '' : ','}involvedObject.name=${ask.name}`;
    const answer = await this.#transport.get(collectionPath(EVENTS, ask.namespace), {
      query: { limit: ask.limit, fieldSelector: involved === '' ? undefined : involved },
    });
    if (!answer.ok) return answer;
    const list = EventListSchema.safeParse(answer.value);
    if (!list.success) return { ok: false, failure: notAnApiServer(this.#transport.where) };
    const rows = (list.data.items ?? []).flatMap((item) => eventRow(item) ?? []);
    return {
      ok: true,
      value: { events: rows.sort((a, b) => ((a.at ?? '') < (b.at ?? '') ? -1 : 1)), truncated: (list.data.metadata.continue ?? '') !== '' },
    };
  }
}

const EVENTS = { apiVersion: 'v1', resource: 'events', namespaced: true } as const;
const text = z
  .string()
  .nullish()
  .transform((v) => v ?? '');
const EventListSchema = z.object({
  metadata: z.object({ continue: z.string().optional() }).default({}),
  items: z.array(z.unknown()).nullish(),
});
const EventSchema = z.object({
  metadata: z.object({ creationTimestamp: text, namespace: z.string().optional() }),
  type: text,
  reason: text,
  message: text,
  note: text,
  count: z.number().int().nullish(),
  firstTimestamp: text,
  lastTimestamp: text,
  eventTime: text,
  series: z.object({ count: z.number().int().nullish(), lastObservedTime: text }).nullish(),
  involvedObject: z.object({ kind: text, name: text, namespace: z.string().optional() }),
  source: z.object({ component: text }).nullish(),
  reportingComponent: text,
});

/** An event that makes no sense is left out. */
function eventRow(item: unknown): KubeEventRow | undefined {
  const parsed = EventSchema.safeParse(item);
  if (!parsed.success) return undefined;
  const e = parsed.data;
  const at = [e.series?.lastObservedTime, e.lastTimestamp, e.eventTime, e.firstTimestamp, e.metadata.creationTimestamp]
    .map((time) => Date.parse(time ?? ''))
    .find((ms) => !Number.isNaN(ms));
  return {
    at: at === undefined ? null : new Date(at).toISOString(),
    type: e.type,
    reason: e.reason,
    message: e.message || e.note,
    count: e.series?.count ?? e.count ?? 1,
    object: `${e.involvedObject.kind}/${e.involvedObject.name}`,
    namespace: e.involvedObject.namespace ?? e.metadata.namespace ?? null,
    source: e.reportingComponent || (e.source?.component ?? ''),
  };
}

function plainTable(kind: ApiKind, context: string, { items }: z.output<typeof ListSchema>): TablePage {
  const column = (name: string, description: string) => ({ name, type: 'string', description, priority: 0 });
  return {
    kind,
    columns: [column('Name', 'Name of the object.'), column('Created', 'When it was made.')],
    rows: items.map(({ metadata: m }) => ({
      context,
      namespace: m.namespace ?? null,
      name: m.name,
      uid: m.uid,
      cells: [m.name, m.creationTimestamp ?? null],
    })),
    next: null,
    remaining: null,
  };
}
