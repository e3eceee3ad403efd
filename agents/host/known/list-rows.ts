import type { ContextName, Failure, Kind, Outcome, RowsPage, RowsSource } from '../../contract/index.ts';
import { type ClusterCondition, asOf } from '../../core/cluster-state.ts';
import { nearest } from '../../core/nearest.ts';
import { type PackedRow, columnsOf, openRow } from '../../core/row.ts';
import { kindOfWord } from '../objects/kind-words.ts';
import type { Kube } from '../ports/kube.ts';
import type { KubeContext } from '../ports/kubeconfig.ts';
import type { ClusterStates } from './cluster-states.ts';
import type { RowsCursor, RowsQuery, RowsSort } from './known.ts';
import { compareCursors, keyOfRow, sortValue } from './rows-order.ts';
import type { StoredRows } from './stored-rows.ts';

export interface RowsRequest {
  readonly contexts: readonly ContextName[];
  readonly kind: string;
  readonly namespaces: readonly string[];
  readonly search: string;
  readonly sort: string;
  readonly limit: number;
  readonly after?: string | undefined;
}

interface RowsParts {
  readonly kube: Pick<Kube, 'rows'>;
  readonly states: ClusterStates;
  readonly stored: StoredRows;
  readonly now: () => number;
}

interface Found {
  readonly source: RowsSource;
  readonly rows: readonly { readonly row: PackedRow; readonly place: RowsCursor }[];
}

/**
 * One page over many clusters: from the watch where there is one, else as last stored, each with its age. No cluster is asked anything,
 * so the answer does not wait for one. Fails with bad-input for a kind, a column or a cursor that does not exist, and with
 * context-unknown.
 */
export async function listRows(parts: RowsParts, contexts: readonly KubeContext[], request: RowsRequest): Promise<Outcome<RowsPage>> {
  const kind = kindOfWord(request.kind);
  if (kind === undefined)
    return bad(`There is no kind ${request.kind} among those that are watched.`, 'Kinds that no agent reads are listed by explore.');
  const sort = sortOf(kind, request.sort);
  if (!sort.ok) return sort;
  const after = request.after === undefined ? undefined : cursorOf(request.after);
  if (request.after !== undefined && after === undefined)
    return bad('The place to go on from (after) is not one this list gave out.', 'Leave it away to begin anew.');
  const unknown = request.contexts.find((name) => contextOf(name, contexts) === undefined);
  if (unknown !== undefined) return { ok: false, failure: noContext(unknown, contexts) };
  const named = new Set(request.contexts.map((name) => contextOf(name, contexts)));
  const wanted = named.size === 0 ? contexts : contexts.filter((c) => named.has(c));
  const { namespaces, limit } = request;
  const query: RowsQuery = { kind, namespaces, search: request.search.trim().toLowerCase(), sort: sort.value, after, limit };

  const found = await Promise.all(wanted.map((context) => rowsIn(parts, context, query)));
  const all = found.flatMap((f) => f.rows).sort((a, b) => compareCursors(a.place, b.place, sort.value.descending));
  const page = all.slice(0, limit);
  const last = page.at(-1);
  // Every cluster offered its first rows: where fewer than a full page came together, there are no more anywhere.
  const more = last !== undefined && page.length === limit;
  return {
    ok: true,
    value: {
      kind,
      columns: [...columnsOf(kind)],
      rows: page.map(({ row, place }) => ({ context: place.context, ...openRow(kind, row) })),
      clusters: found.map((f) => f.source),
      next: more ? Buffer.from(JSON.stringify([last.place.value, last.place.key, last.place.context])).toString('base64url') : null,
    },
  };
}

async function rowsIn({ kube, states, stored, now }: RowsParts, context: KubeContext, query: RowsQuery): Promise<Found> {
  const { name } = context;
  const condition = states.get(name, context.place);
  const { state } = condition;
  const told = (rows: readonly PackedRow[], source: Omit<RowsSource, 'context' | 'state'>): Found => ({
    source: { context: name, state, ...source },
    rows: rows.map((row) => ({ row, place: { value: sortValue(query.sort, row), key: keyOfRow(row), context: name } })),
  });
  const live = state === 'unknown' ? undefined : await kube.rows(name, query);
  if (live !== undefined) {
    const [gap] = live.gaps;
    const failure = gap === undefined ? condition.failure : ({ code: 'forbidden', message: `Context ${name}: ${gap}` } satisfies Failure);
    // A kind that is watched is current although others are not, or not yet.
    const others = state === 'stale' && !condition.stale.includes(query.kind);
    const at = others ? now() : (asOf(condition, now()) ?? now());
    return told(live.rows, { asOf: timeOf(at), total: live.total, failure: failure ?? null });
  }
  const known = condition.confirmedAt === undefined ? undefined : await stored.page(name, query);
  const failure = condition.failure ?? null;
  if (known === undefined) return told([], { asOf: null, total: 0, failure: failure ?? nothingKnown(name, query.kind, condition) });
  return told(known.rows, { asOf: timeOf(ageOfStored(states, name, query.kind, condition, known.at)), total: known.total, failure });
}

/** Rows that had not changed when the cluster was last heard are as young as that; others are as old as they were stored. */
function ageOfStored(states: ClusterStates, context: ContextName, kind: Kind, condition: ClusterCondition, at: number): number {
  return states.unkept(context).includes(kind) ? at : Math.max(at, condition.confirmedAt ?? at);
}

function nothingKnown(context: ContextName, kind: Kind, { state, confirmedAt }: ClusterCondition): Failure | null {
  if (state === 'unknown' && confirmedAt === undefined)
    return { code: 'not-found', message: `Context ${context} has never been read.`, hint: 'Watch it to see its objects.' };
  if (state === 'connecting') return null;
  return {
    code: 'not-found',
    message: `Context ${context}: nothing is known of kind ${kind}: no agent reads it, or it may not be read.`,
    hint: 'explore and quarterdeck get ask the cluster itself.',
  };
}

function sortOf(kind: Kind, words: string): Outcome<RowsSort> {
  const descending = words.startsWith('-');
  const name = descending ? words.slice(1) : words;
  if (name === 'name' || name === 'age' || name === 'state' || name === 'health') return { ok: true, value: { by: name, descending } };
  const columns = columnsOf(kind);
  const by = columns.findIndex((column) => column.toLowerCase() === name.toLowerCase());
  if (by >= 0) return { ok: true, value: { by, descending } };
  return bad(
    `Rows of kind ${kind} cannot be sorted by ${name}.`,
    `They can by ${['name', 'age', 'state', 'health', ...columns].join(', ')}.`,
  );
}

function cursorOf(text: string): RowsCursor | undefined {
  try {
    const [value, key, context] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as unknown[];
    const usable = (typeof value === 'string' || typeof value === 'number') && typeof key === 'string' && typeof context === 'string';
    return usable ? { value, key, context } : undefined;
  } catch {
    return undefined;
  }
}

/** A context by its name, else by an alias that only one has. */
function contextOf(name: ContextName, contexts: readonly KubeContext[]): KubeContext | undefined {
  const aliased = contexts.filter((c) => c.alias === name);
  return contexts.find((c) => c.name === name) ?? (aliased.length === 1 ? aliased[0] : undefined);
}

function noContext(name: ContextName, contexts: readonly KubeContext[]): Failure {
  const near = nearest(
    name,
    contexts.map((c) => c.name),
  );
  return {
    code: 'context-unknown',
    message: `There is no context ${name} in the kubeconfig.`,
    ...(near === undefined ? {} : { hint: `Did you mean ${near}?` }),
  };
}

function bad(message: string, hint: string): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: { code: 'bad-input', message, hint } };
}

function timeOf(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}
