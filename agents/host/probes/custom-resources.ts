import { z } from 'zod';
import type { CustomResourceFact } from '../../contract/index.ts';
import { notAnApiServer } from '../cluster/failures.ts';
import { collectionPath } from '../cluster/paths.ts';
import type { ProbeExecutor } from './executor.ts';

const MOST_OBJECTS = 500;
const MOST_CONDITIONS = 20;
const MOST_MESSAGE = 1_000;

const text = z
  .string()
  .nullish()
  .catch(undefined)
  .transform((v) => v ?? '');
const int = z.number().int().optional().catch(undefined);
const flag = z.boolean().optional().catch(undefined);
const ConditionSchema = z.object({
  type: z.string(),
  // Where a condition has no status, being there is what it says.
  status: z
    .union([z.string(), z.boolean()])
    .default(true)
    .transform((v) => (v === true ? 'True' : v === false ? 'False' : v)),
  reason: text,
  message: text,
  lastTransitionTime: text,
  observedGeneration: int,
});
const OwnerSchema = z.object({ uid: z.string(), controller: flag });
const NamedSchema = z.object({ name: text }).nullish().catch(undefined);
/** Anybody may define a kind: whatever is not as usual is as if it were absent. */
const CustomSchema = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string().optional(),
    uid: z.string().default(''),
    generation: int,
    creationTimestamp: text,
    deletionTimestamp: text,
    ownerReferences: z.array(OwnerSchema).nullish().catch(undefined),
  }),
  spec: z
    .looseObject({ suspend: flag, suspended: flag, paused: flag, secretName: text, target: NamedSchema, destination: NamedSchema })
    .nullish()
    .catch(undefined),
  status: z
    .looseObject({ observedGeneration: int, conditions: z.array(z.unknown()).nullish().catch(undefined) })
    .nullish()
    .catch(undefined),
});
const RefSchema = z.object({ name: z.string().min(1), kind: text, namespace: text });
/** How deep references stand in specs (`spec.chart.spec.sourceRef`), and how many are looked at. */
const DEEP = 4;
const MOST_REFS = 20;

/** What a spec refers to: fields that end in Ref or Refs and hold a name. `issuerRef` without a kind is of an Issuer. */
function refsIn(spec: unknown, depth = 0): NonNullable<CustomResourceFact['refs']> {
  if (typeof spec !== 'object' || spec === null || depth > DEEP) return [];
  return Object.entries(spec)
    .flatMap(([field, value]) => {
      const [, of] = /^(\w+)Refs?$/.exec(field) ?? [];
      const named = of === undefined ? [] : (Array.isArray(value) ? value : [value]).flatMap((one) => RefSchema.safeParse(one).data ?? []);
      return of === undefined || named.length === 0
        ? refsIn(value, depth + 1)
        : named.map(({ name, kind, namespace }) => ({
            kind: kind || `${of.slice(0, 1).toUpperCase()}${of.slice(1)}`,
            name,
            ...(namespace === '' ? {} : { namespace }),
          }));
    })
    .slice(0, MOST_REFS);
}

/** The fields of a status which by habit sum it up in a word, which say why, and which a run gets when it ends. */
const SUMMARY = ['phase', 'state', 'health'] as const;
const WHY = [
  'message',
  'phaseReason',
  'stateMessage',
  'reason',
  'error',
  'lastError',
  'failureReason',
  'failureMessage',
  'validationErrors',
] as const;
const ENDED = ['completionTimestamp', 'completionTime', 'failureTime', 'finishedAt', 'endTime'] as const;
type Status = Readonly<Record<string, unknown>>;

/** A text, or the first of several. */
function textIn(status: Status, field: string): string {
  const value = status[field];
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' ? first : '';
}

function summaryOf(status: Status): CustomResourceFact['summary'] {
  const words = SUMMARY.map((field) => ({ field, word: textIn(status, field).slice(0, MOST_MESSAGE) })).filter(({ word }) => word !== '');
  if (words.length === 0) return undefined;
  const message = WHY.map((name) => textIn(status, name)).find((said) => said !== '') ?? countsIn(status);
  return { words, message: message.slice(0, MOST_MESSAGE) };
}

/** What a run counts where it says nothing: `3 errors, 1 warnings`. */
const countsIn = (status: Status): string =>
  ['errors', 'warnings']
    .flatMap((field) => (typeof status[field] === 'number' && status[field] > 0 ? [`${field}: ${status[field]}`] : []))
    .join(', ');

const ListSchema = z.object({
  items: z.array(z.unknown()).nullish(),
  metadata: z.object({ continue: z.string().optional() }).default({}),
});

/** What all objects of one custom kind say about themselves, in one page: a generic reader looks at what is usual, not at everything. */
export const customResources: ProbeExecutor<'customResources'> = {
  type: 'customResources',
  cost: 'cheap',
  timeLimitMs: 10_000,
  needs: ({ group, plural }) => [{ verb: 'list', group, resource: plural }],
  run: async ({ group, version, plural }, { transport, signal }) => {
    const place = { apiVersion: `${group}/${version}`, resource: plural, namespaced: true };
    const answer = await transport.get(collectionPath(place, undefined), { query: { limit: MOST_OBJECTS }, signal });
    if (!answer.ok) return answer;
    const list = ListSchema.safeParse(answer.value);
    if (!list.success) return { ok: false, failure: notAnApiServer(transport.where) };
    return { ok: true, value: customFacts(list.data.items ?? [], (list.data.metadata.continue ?? '') !== '') };
  },
};

/** Raw objects as facts; one that makes no sense is left out. */
export function customFacts(items: readonly unknown[], more: boolean): { objects: CustomResourceFact[]; truncated: boolean } {
  const objects = items.slice(0, MOST_OBJECTS).flatMap((item): CustomResourceFact[] => {
    const parsed = CustomSchema.safeParse(item);
    if (!parsed.success) return [];
    const { metadata, spec, status } = parsed.data;
    const refs = refsIn(spec);
    const secret = spec?.secretName || spec?.target?.name || spec?.destination?.name || '';
    const owners = metadata.ownerReferences ?? [];
    const owner = owners.find((o) => o.controller === true) ?? owners[0];
    const conditions = (status?.conditions ?? []).slice(0, MOST_CONDITIONS).flatMap((raw) => {
      const condition = ConditionSchema.safeParse(raw);
      if (!condition.success) return [];
      const { type, status: state, reason, message, lastTransitionTime, observedGeneration } = condition.data;
      const at = Date.parse(lastTransitionTime || metadata.creationTimestamp);
      return [
        {
          type,
          status: state,
          reason,
          message: message.slice(0, MOST_MESSAGE),
          ...(Number.isNaN(at) ? {} : { at: new Date(at).toISOString() }),
          ...(observedGeneration === undefined ? {} : { observedGeneration }),
        },
      ];
    });
    const created = Date.parse(metadata.creationTimestamp);
    const summary = summaryOf(status ?? {});
    return [
      {
        name: metadata.name,
        ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
        uid: metadata.uid,
        ...(owner === undefined ? {} : { owner: owner.uid }),
        ...(metadata.generation === undefined ? {} : { generation: metadata.generation }),
        ...(status?.observedGeneration === undefined ? {} : { observedGeneration: status.observedGeneration }),
        suspended: spec?.suspend === true || spec?.suspended === true || spec?.paused === true,
        leaving: metadata.deletionTimestamp !== '',
        ...(secret === '' ? {} : { secret }),
        ...(refs.length === 0 ? {} : { refs }),
        ...(Number.isNaN(created) ? {} : { created: new Date(created).toISOString() }),
        over: ENDED.some((field) => textIn(status ?? {}, field) !== ''),
        ...(summary === undefined ? {} : { summary }),
        conditions,
      },
    ];
  });
  return { objects, truncated: more || items.length > MOST_OBJECTS };
}
