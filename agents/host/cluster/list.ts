import { setImmediate as breathe } from 'node:timers/promises';
import type { Failure, Kind, Outcome } from '../../contract/index.ts';
import { notAnApiServer } from './failures.ts';
import { type Projected, fieldOf, metaOf, projectObject } from './projecting.ts';
import type { ReadOnlyTransport } from './transport.ts';

export interface Listed {
  readonly items: readonly Projected[];
  /** Where a watch goes on from. */
  readonly resourceVersion: string;
}

/** Measured: pages of 500 keep every block of the thread under 90 ms. */
const PAGE = 500;
/** A list whose continue token expires this often is read in one piece. */
const RESTARTS = 2;

/**
 * Reads a whole collection, page by page, and projects while parsing, so that the raw objects are never all held. A token that
 * expires midway (410) starts it again; objects that cannot be projected are in the answer with their reason.
 */
export async function listAll(
  transport: ReadOnlyTransport,
  kind: Kind,
  path: string,
  options: { readonly signal?: AbortSignal; readonly page?: number } = {},
): Promise<Outcome<Listed>> {
  for (let restarts = 0; ; restarts++) {
    const limit = restarts > RESTARTS ? undefined : (options.page ?? PAGE);
    const listed = await listOnce(transport, kind, path, limit, options.signal);
    if (listed !== 'expired') return listed;
    if (limit === undefined) {
      const failure: Failure = { code: 'cluster-refused', message: `Context ${transport.context}: ${path} cannot be listed: it expires.` };
      return { ok: false, failure };
    }
  }
}

async function listOnce(
  transport: ReadOnlyTransport,
  kind: Kind,
  path: string,
  limit: number | undefined,
  signal: AbortSignal | undefined,
): Promise<Outcome<Listed> | 'expired'> {
  const items: Projected[] = [];
  let next: string | undefined;
  for (;;) {
    const query = { limit, continue: next };
    const text = await transport.text(path, { query, ...(signal === undefined ? {} : { signal }) });
    // Only a later page can expire; without a token "gone" is an ordinary failure.
    if (!text.ok) return text.failure.code === 'not-found' && next !== undefined ? 'expired' : text;
    const page = parsePage(text.value);
    if (page === undefined) return { ok: false, failure: notAnApiServer(transport.where) };
    for (const raw of page.items) items.push(projectObject(kind, raw));
    if (page.next === undefined) return { ok: true, value: { items, resourceVersion: page.resourceVersion } };
    next = page.next;
    await breathe();
  }
}

function parsePage(text: string): { items: readonly unknown[]; next: string | undefined; resourceVersion: string } | undefined {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { resourceVersion } = metaOf(list);
  const items = fieldOf(list, 'items');
  if (resourceVersion === undefined || !(Array.isArray(items) || items === null)) return undefined;
  const next = fieldOf(fieldOf(list, 'metadata'), 'continue');
  return {
    items: (items as readonly unknown[] | null) ?? [],
    next: typeof next === 'string' && next !== '' ? next : undefined,
    resourceVersion,
  };
}
