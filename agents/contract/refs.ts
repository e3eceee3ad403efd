import type { ResourceRef } from './ids.ts';

/** `Deployment/shop/checkout`, `Node/worker-1`: identity of a reference without its version and uid. */
export function refKey(ref: ResourceRef): string {
  return ref.namespace === undefined ? `${ref.kind}/${ref.name}` : `${ref.kind}/${ref.namespace}/${ref.name}`;
}

/** `Deployment shop/checkout`: a reference as people read it. */
export function refWords(ref: ResourceRef): string {
  return ref.namespace === undefined ? `${ref.kind} ${ref.name}` : `${ref.kind} ${ref.namespace}/${ref.name}`;
}
