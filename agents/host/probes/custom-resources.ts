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
  status: z.union([z.string(), z.boolean()]).transform((v) => (v === true ? 'True' : v === false ? 'False' : v)),
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
    .object({ suspend: flag, suspended: flag, paused: flag, secretName: text, target: NamedSchema, destination: NamedSchema })
    .nullish()
    .catch(undefined),
  status: z
    .object({ observedGeneration: int, conditions: z.array(z.unknown()).nullish().catch(undefined) })
    .nullish()
    .catch(undefined),
});
const ListSchema = z.object({
  items: z.array(z.unknown()).nullish(),
  metadata: z.object({ continue: z.string().optional() }).default({}),
});

/** The conditions of all objects of one custom kind, in one page: a generic reader looks at what is usual, not at everything. */
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
        conditions,
      },
    ];
  });
  return { objects, truncated: more || items.length > MOST_OBJECTS };
}
