import type { RawObject } from './objects.ts';

/** The `Status` an API server sends instead of an object. */
export function statusBody(code: number, reason: string, message: string): object {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: code < 400 ? 'Success' : 'Failure', message, reason, code };
}

/** `labelSelector` (equality only) and `fieldSelector` (metadata and involvedObject), as clients of ours send them. */
export function matchesQuery(object: RawObject, query: URLSearchParams): boolean {
  const labels = object.metadata.labels ?? {};
  const pairs = (name: string) =>
    (query.get(name) ?? '')
      .split(',')
      .filter((p) => p !== '')
      .map((p) => p.split(/==?/));
  return (
    pairs('labelSelector').every(([key = '', value]) => (value === undefined ? key in labels : labels[key] === value)) &&
    pairs('fieldSelector').every(([path = '', value = '']) => {
      const found = path.split('.').reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], object);
      return String(found ?? '') === value;
    })
  );
}
