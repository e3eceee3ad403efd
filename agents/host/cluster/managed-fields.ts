import { fieldOf } from './projecting.ts';

/** https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management */

export interface ManagedBy {
  readonly manager: string;
  readonly operation: string | undefined;
  /** Milliseconds since 1970, to the second. */
  readonly at: number;
  /** Paths of what it owns, the first few hundred; parts of a status are not among them. Read when asked for. */
  readonly paths: () => readonly string[];
}

const MOST_PATHS = 400;
/** Servers keep time to the second: what was written together may have times that differ by one. */
const TOGETHER_MS = 1_000;
/** An object's first fields are written as it is created. */
const CREATION_MS = 2_000;

/** Who wrote which fields of an object, newest first; what was written to a status alone, or without a time, is left out. */
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
      const at = Date.parse(text('time') ?? '');
      if (manager === undefined || Number.isNaN(at) || text('subresource') === 'status') return [];
      return [{ manager, operation: text('operation'), at, paths: () => pathsOf(fieldOf(entry, 'fieldsV1'), '').slice(0, MOST_PATHS) }];
    })
    .sort((a, b) => b.at - a.at);
}

/**
 * Who made a change that is seen now: of those who wrote since `last` (the newest time before the change), the one that owns a changed
 * field, else who wrote last. A removed field is owned by nobody any more, and a deletion is asked for without writing: undefined where
 * nobody has written since.
 */
export function whoChanged(writers: readonly ManagedBy[], paths: readonly string[], last = -Infinity): ManagedBy | undefined {
  const plain = (path: string): string => path.replace(/\[([^\]]*)\]/g, '.$1');
  const changed = paths.map(plain);
  const owns = (writer: ManagedBy): boolean => {
    const owned = writer.paths().map(plain);
    return changed.some((c) => owned.some((path) => path === c || path.startsWith(`${c}.`) || c.startsWith(`${path}.`)));
  };
  const [newest] = writers;
  if (newest === undefined) return undefined;
  const together = writers.filter((w) => w.at >= last && newest.at - w.at <= TOGETHER_MS);
  return together.find(owns) ?? (newest.at > last ? newest : undefined);
}

/** Who wrote an object's first fields, as far as that is known. `born` in milliseconds since 1970. */
export function whoCreated(writers: readonly ManagedBy[], born: number): ManagedBy | undefined {
  return writers.findLast((w) => Math.abs(w.at - born) <= CREATION_MS);
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
