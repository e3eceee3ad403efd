import type { Failure, Kind, Outcome } from '../../contract/index.ts';
import { notAnApiServer } from './failures.ts';
import { type Projected, fieldOf, metaOf, projectObject } from './projecting.ts';
import type { ReadOnlyTransport } from './transport.ts';
import { giveWay } from './turns.ts';

/** Pages of 500 pods are some 3 MB, which the thread parses in about 25 ms. */
const PAGE = 500;
/** These may hold up to 1 MiB each (Helm keeps whole charts in Secrets). */
const LARGE: readonly Kind[] = ['ConfigMap', 'Secret'];
const LARGE_PAGE = 50;
/** A page is kept at about this size by asking for fewer objects, so that parsing one never blocks the thread for long. */
const PAGE_BYTES = 4 * 2 ** 20;
/** A page that is larger than this is not read to its end, and asked for again in smaller ones. */
const MOST_PAGE_BYTES = 64 * 2 ** 20;
/** A list whose continue token expires this often is read in one piece. */
const RESTARTS = 2;

interface ListOptions {
  readonly signal?: AbortSignal;
  readonly page?: number;
  /** Called for the objects as they come, also for those that cannot be projected; after `restarted` all come again. */
  readonly onItem: (item: Projected, raw: unknown) => void;
  readonly onRestart?: () => void;
}

/**
 * Reads a whole collection page by page, and projects while parsing, so that the raw objects are never all held; the next page is on
 * its way while one is projected. A token that expires midway (410) starts it again.
 * @returns the resourceVersion from which a watch goes on.
 */
export async function listAll(
  transport: ReadOnlyTransport,
  kind: Kind,
  path: string,
  options: ListOptions,
): Promise<Outcome<{ readonly resourceVersion: string }>> {
  for (let restarts = 0; ; restarts++) {
    const whole = restarts > RESTARTS;
    const listed = await listOnce(transport, kind, path, whole ? undefined : (options.page ?? pageOf(kind)), options);
    if (listed !== 'expired') return listed;
    if (whole) {
      const failure: Failure = { code: 'cluster-refused', message: `Context ${transport.context}: ${path} cannot be listed: it expires.` };
      return { ok: false, failure };
    }
    options.onRestart?.();
  }
}

const pageOf = (kind: Kind): number => (LARGE.includes(kind) ? LARGE_PAGE : PAGE);

async function listOnce(
  transport: ReadOnlyTransport,
  kind: Kind,
  path: string,
  first: number | undefined,
  { signal, onItem }: ListOptions,
): Promise<Outcome<{ readonly resourceVersion: string }> | 'expired'> {
  let limit = first;
  const fetch = (token: string | undefined): Promise<Outcome<string>> =>
    transport.text(path, {
      query: { limit, continue: token },
      ...(limit === undefined || limit === 1 ? {} : { mostBytes: MOST_PAGE_BYTES }),
      ...(signal === undefined ? {} : { signal }),
    });
  let next: string | undefined;
  let coming = fetch(next);
  for (;;) {
    const text = await coming;
    if (!text.ok) {
      if (text.failure.code === 'answer-too-large' && limit !== undefined && limit > 1) {
        limit = Math.max(1, Math.floor(limit / 10));
        coming = fetch(next);
        continue;
      }
      // Only a later page can expire; without a token "gone" is an ordinary failure.
      return text.failure.code === 'not-found' && next !== undefined ? 'expired' : text;
    }
    const page = parsePage(text.value);
    if (page === undefined) return { ok: false, failure: notAnApiServer(transport.where) };
    if (limit !== undefined) limit = fitting(limit, text.value.length, first ?? PAGE);
    next = page.next;
    if (next !== undefined) {
      coming = fetch(next);
      // Looked at when its turn comes; until then a failure of it is nobody's.
      coming.catch(() => undefined);
    }
    await giveWay();
    await project(kind, page.items, onItem);
    if (next === undefined) return { ok: true, value: { resourceVersion: page.resourceVersion } };
  }
}

/** How many objects to ask for next, so that the page has about the wanted size. */
function fitting(limit: number, bytes: number, most: number): number {
  if (bytes <= PAGE_BYTES) return bytes < PAGE_BYTES / 4 ? Math.min(limit * 2, most) : limit;
  return Math.max(1, Math.floor((limit * PAGE_BYTES) / bytes));
}

async function project(kind: Kind, items: readonly unknown[], onItem: ListOptions['onItem']): Promise<void> {
  for (const raw of items) {
    onItem(projectObject(kind, raw), raw);
    await giveWay();
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
