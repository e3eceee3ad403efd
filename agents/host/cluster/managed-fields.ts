import { fieldOf } from './projecting.ts';

/** https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management */

export interface ManagedBy {
  readonly manager: string;
  readonly operation: string | undefined;
  /** Milliseconds since 1970, to the second; undefined where the server does not say. */
  readonly at: number | undefined;
  /** Paths of what it owns, the first few hundred; parts of a status are not among them. */
  readonly paths: readonly string[];
}

const SAME_MOMENT_MS = 1_000;
const MOST_PATHS = 400;

/**
 * Who made a change that is seen now: of those who wrote last, within the second to which the server keeps time, the one that owns a
 * changed field. A field that was removed is owned by nobody any more; then it is who wrote last.
 */
export function whoChanged(writers: readonly ManagedBy[], paths: readonly string[]): ManagedBy | undefined {
  const [newest] = writers;
  const plain = (path: string): string => path.replace(/\[([^\]]*)\]/g, '.$1');
  const changed = paths.map(plain);
  const owns = (writer: ManagedBy): boolean =>
    writer.paths.some((path) => changed.some((c) => c === plain(path) || plain(path).startsWith(`${c}.`)));
  return writers.find((writer) => (newest?.at ?? 0) - (writer.at ?? 0) <= SAME_MOMENT_MS && owns(writer)) ?? newest;
}

/** Who wrote which fields of an object, newest first; what was written to a status alone is left out. */
export function managedBy(raw: unknown): readonly ManagedBy[] {
  const entries = fieldOf(fieldOf(raw, 'metadata'), 'managedFields');
  if (!Array.isArray(entries)) return [];
  return (entries as readonly unknown[])
    .flatMap((entry): ManagedBy[] => {
      const text = (field: string): string | undefined => {
        const value = fieldOf(entry, field);
        return typeof value === 'string' ? value : undefined;
      };
      const manager = text('manager');
      if (manager === undefined || text('subresource') === 'status') return [];
      const paths = pathsOf(fieldOf(entry, 'fieldsV1'), '');
      const at = Date.parse(text('time') ?? '');
      return [{ manager, operation: text('operation'), at: Number.isNaN(at) ? undefined : at, paths: paths.slice(0, MOST_PATHS) }];
    })
    .sort((a, b) => (b.at ?? 0) - (a.at ?? 0));
}

/** `{ "f:spec": { "f:containers": { 'k:{"name":"app"}': { "f:image": {} } } } }` is `spec.containers[app].image`. */
function pathsOf(fields: unknown, path: string): string[] {
  if (typeof fields !== 'object' || fields === null) return [];
  const paths: string[] = [];
  for (const [key, inner] of Object.entries(fields)) {
    if (paths.length > MOST_PATHS) break;
    const step = stepOf(key);
    if (step === undefined || (path === '' && step === '.status')) continue;
    const next = path === '' && step.startsWith('.') ? step.slice(1) : path + step;
    const deeper = pathsOf(inner, next);
    paths.push(...(deeper.length === 0 ? [next] : deeper));
  }
  return paths;
}

function stepOf(key: string): string | undefined {
  if (key.startsWith('f:')) {
    const name = key.slice(2);
    return /^\w+$/.test(name) ? `.${name}` : `[${name}]`;
  }
  if (!key.startsWith('k:')) return undefined;
  try {
    const named = JSON.parse(key.slice(2)) as Record<string, unknown>;
    const value = named['name'] ?? Object.values(named)[0];
    return `[${typeof value === 'string' || typeof value === 'number' ? value : '?'}]`;
  } catch {
    return undefined;
  }
}
