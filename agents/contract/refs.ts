import type { ResourceRef } from './ids.ts';

/** `Deployment/shop/checkout`, `Node/worker-1`: identity of a reference without its version and uid. */
export function refKey(ref: ResourceRef): string {
  return ref.namespace === undefined ? `${ref.kind}/${ref.name}` : `${ref.kind}/${ref.namespace}/${ref.name}`;
}

/** The namespace a reference is in; a Namespace is in itself. */
export function namespaceOf({ kind, namespace, name }: ResourceRef): string | undefined {
  return namespace ?? (kind === 'Namespace' ? name : undefined);
}

/** `Deployment shop/checkout`: a reference as people read it. */
export function refWords(ref: ResourceRef): string {
  return ref.namespace === undefined ? `${ref.kind} ${ref.name}` : `${ref.kind} ${ref.namespace}/${ref.name}`;
}

/** `Deployment shop/web`, `namespace shop`, `the whole cluster`: what known maintenance is of. */
export function scopeWords(scope: {
  readonly namespace?: string | undefined;
  readonly object?: { readonly kind: string; readonly name: string } | undefined;
}): string {
  const { namespace, object } = scope;
  if (object === undefined) return namespace === undefined ? 'the whole cluster' : `namespace ${namespace}`;
  return `${object.kind} ${namespace === undefined ? '' : `${namespace}/`}${object.name}`;
}
