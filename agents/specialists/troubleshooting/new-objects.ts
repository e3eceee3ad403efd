/**
 * Objects of one `kubectl apply` come one after the other: what refers to something may be there a moment before it. Milliseconds; half a
 * second more than it looks, because a time of creation is cut to the second.
 */
const ARRIVING_MS = 2_500;

interface Made {
  readonly metadata: { readonly creationTimestamp?: string | undefined; readonly deletionTimestamp?: string | null | undefined };
}

/** Made a moment ago, or on its way out: nothing can be said about what it refers to. Without a time of creation it is old. */
export function isNew({ metadata }: Made, now: number): boolean {
  return metadata.deletionTimestamp != null || now - Date.parse(metadata.creationTimestamp ?? '1970-01-01T00:00:00Z') < ARRIVING_MS;
}
