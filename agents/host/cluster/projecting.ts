import { z } from 'zod';
import { type Kind, type KubeObject, objectKey, project } from '../../contract/index.ts';

/** An object of the API turned into what agents see, or why it cannot be. */
export type Projected =
  | { readonly ok: true; readonly key: string; readonly object: KubeObject }
  | { readonly ok: false; readonly key: string; readonly namespace: string | undefined; readonly because: string };

/** kubectl keeps the whole applied object in this annotation: of a Secret or ConfigMap that would be its values. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Never throws: what cannot be read is an answer too, so that one odd object costs nothing but itself. */
export function projectObject(kind: Kind, raw: unknown): Projected {
  try {
    const object = project(kind, raw) as KubeObject;
    if (kind === 'Secret' || kind === 'ConfigMap') delete object.metadata.annotations[LAST_APPLIED];
    return { ok: true, key: objectKey(object.metadata), object };
  } catch (error) {
    const { name, namespace } = metaOf(raw);
    const issue = error instanceof z.ZodError ? error.issues[0] : undefined;
    const where = issue === undefined ? 'it is no object' : `${issue.path.join('.') || 'the object'}: ${issue.message}`;
    return { ok: false, key: name === undefined ? '?' : objectKey({ name, namespace }), namespace, because: where };
  }
}

/** Name, namespace, and resourceVersion of whatever is there. */
export function metaOf(raw: unknown): { name: string | undefined; namespace: string | undefined; resourceVersion: string | undefined } {
  const metadata = fieldOf(raw, 'metadata');
  const text = (field: string): string | undefined => {
    const value = fieldOf(metadata, field);
    return typeof value === 'string' ? value : undefined;
  };
  return { name: text('name'), namespace: text('namespace'), resourceVersion: text('resourceVersion') };
}

export function fieldOf(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, field) ? (value as Record<string, unknown>)[field] : undefined;
}
