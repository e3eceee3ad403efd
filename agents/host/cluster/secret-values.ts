import { createHash } from 'node:crypto';
import type { Json } from '../../contract/index.ts';
import { maskSecret } from '../../core/redact.ts';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** What may leave the kube worker of an object or a list: the values of Secrets stay behind, also the copy kubectl keeps of them. */
export function withoutSecretValues(value: Json): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const { kind, items } = value as { kind?: unknown; items?: unknown };
  if (kind === 'Secret') return mask(value);
  if (!Array.isArray(items)) return value;
  // Items of a SecretList do not say their kind themselves; those of a List do.
  const masked = items.map((item: Json) =>
    kind === 'SecretList' ? mask({ ...(item as Record<string, Json>), kind: 'Secret' }) : withoutSecretValues(item),
  );
  return { ...value, items: masked };
}

function mask(secret: Json): Json {
  const masked = maskSecret(secret, (v) => createHash('sha256').update(v).digest('hex').slice(0, 8)) as Record<string, Json>;
  const metadata = masked['metadata'] as Record<string, Json> | undefined;
  const annotations = metadata?.['annotations'];
  if (typeof annotations !== 'object' || annotations === null || Array.isArray(annotations)) return masked;
  const { [LAST_APPLIED]: _values, ...others } = annotations as Record<string, Json>;
  return { ...masked, metadata: { ...metadata, annotations: others } };
}
