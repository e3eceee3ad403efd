import { z } from 'zod';
import { KINDS } from '../../../contract/kinds.ts';
import type { DescribedKind, FieldSchema } from '../../../core/knowledge/kind-pages.ts';
import { KINDS_IN_ORDER, type KindSchemas } from './client-types.ts';

const DocumentSchema = z.object({ components: z.object({ schemas: z.record(z.string(), z.unknown()) }) });
const FieldSchemaSchema: z.ZodType<FieldSchema> = z.lazy(() =>
  z.object({
    description: z.string().optional(),
    type: z.string().optional(),
    $ref: z.string().optional(),
    allOf: z.array(FieldSchemaSchema).optional(),
    items: FieldSchemaSchema.optional(),
    additionalProperties: z.union([z.boolean(), FieldSchemaSchema]).optional(),
    properties: z.record(z.string(), FieldSchemaSchema).optional(),
    required: z.array(z.string()).optional(),
    enum: z.array(z.unknown()).optional(),
  }),
);
const NamedSchema = z.object({
  'x-kubernetes-group-version-kind': z.array(z.object({ group: z.string(), version: z.string(), kind: z.string() })).optional(),
});

/** The kinds of the contract in OpenAPI documents of an API server, one a group. A schema that cannot be read is passed over. */
export function schemasOfServer(documents: readonly unknown[]): KindSchemas {
  const kinds: DescribedKind[] = [];
  const schemas: Record<string, FieldSchema> = {};
  for (const document of documents) {
    for (const [name, raw] of Object.entries(DocumentSchema.parse(document).components.schemas)) {
      const schema = FieldSchemaSchema.safeParse(raw);
      const named = NamedSchema.safeParse(raw);
      if (!schema.success) continue;
      schemas[name] = schema.data;
      for (const { group, version, kind } of named.data?.['x-kubernetes-group-version-kind'] ?? []) {
        const apiVersion = group === '' ? version : `${group}/${version}`;
        const known = KINDS_IN_ORDER.find((one) => one === kind && KINDS[one].apiVersion === apiVersion);
        if (known !== undefined && !kinds.some((one) => one.kind === known)) kinds.push({ kind: known, apiVersion, schema: name });
      }
    }
  }
  const order = ({ kind }: DescribedKind) => KINDS_IN_ORDER.findIndex((one) => one === kind);
  return { kinds: kinds.sort((a, b) => order(a) - order(b)), schemas };
}
