import { z } from 'zod';

/** What fields of many kinds have in common. Lenient: clusters send more, and sometimes less, than the API documents. */

export const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((v) => v ?? []);
/** An absent or null object reads as one whose fields are all absent. */
export const orEmpty = <T extends z.ZodType>(schema: T) => schema.nullish().transform((v): z.output<T> => v ?? schema.parse({}));
export const strings = list(z.string());
export const labels = z
  .record(z.string(), z.string())
  .nullish()
  .transform((v) => v ?? {});
export const text = z.string().optional();
export const int = z.number().int().optional();
export const bool = z.boolean().optional();
export const intOrString = z.union([z.number().int(), z.string()]);
/** Quantities stay strings (`500m`, `1Gi`); core/quantity.ts reads them. */
export const quantities = z
  .record(z.string(), z.union([z.string(), z.number()]).transform(String))
  .nullish()
  .transform((v) => v ?? {});

const OwnerSchema = z.object({ apiVersion: z.string(), kind: z.string(), name: z.string(), uid: z.string(), controller: bool });
export const MetaSchema = z.object({
  name: z.string(),
  namespace: text,
  uid: z.string().default(''),
  resourceVersion: z.string().default(''),
  generation: int,
  creationTimestamp: z.string().optional(),
  deletionTimestamp: z.string().nullish(),
  labels,
  annotations: labels,
  ownerReferences: list(OwnerSchema),
  finalizers: strings,
});

export const LabelSelectorSchema = z
  .object({
    matchLabels: labels,
    matchExpressions: list(z.object({ key: z.string(), operator: z.string(), values: strings })),
  })
  .nullish();
const ConditionSchema = z.object({
  type: z.string(),
  status: z.string(),
  reason: text,
  message: text,
  lastTransitionTime: z.string().nullish(),
});
export const conditions = list(ConditionSchema);
