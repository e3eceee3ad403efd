import { type ContextName, type Failure, KINDS, type Outcome, type ResourceRef, type TablePage } from '../../contract/index.ts';
import { nearest } from '../../core/nearest.ts';
import { kindOfWord } from './kind-words.ts';
import { type Candidate, pickNamed } from './named-objects.ts';
import type { Kube } from '../ports/kube.ts';

/** Names of one kind that are looked through for one like it; more are not worth the wait. */
const MOST_NAMES = 5_000;
const PAGE = 500;

interface Found extends Candidate {
  readonly uid: string;
}

/**
 * The object of a cluster that KIND/NAME means, of any kind it serves. Asked by its exact name first, which costs one small read; only
 * where there is none of that name are the others read, to say which was meant.
 */
export async function findObject(
  kube: Pick<Kube, 'table'>,
  context: ContextName,
  words: string,
  namespaces: readonly string[],
): Promise<Outcome<ResourceRef>> {
  const [given = '', name = ''] = words.split('/');
  const word = resourceOf(given);
  const pages = await Promise.all(within(namespaces).map((namespace) => kube.table(context, { kind: word, namespace, name, limit: PAGE })));
  const [first] = pages;
  const read = pages.flatMap((page) => (page.ok ? [page.value] : []));
  const [page] = read;
  if (page === undefined) return first?.ok === false ? first : { ok: false, failure: { code: 'internal', message: 'Nothing was asked.' } };
  const { kind, apiVersion } = page.kind;
  const exact = read.flatMap(candidates);
  const all = exact.length > 0 ? exact : await everyName(kube, context, word, namespaces);
  const picked = pickNamed({ kind, name, namespaces }, all, `context ${context}`);
  if (!picked.ok) return picked;
  const { name: own, namespace, uid } = picked.value;
  return {
    ok: true,
    value: { apiVersion, kind, ...(namespace === undefined ? {} : { namespace }), name: own, ...(uid === '' ? {} : { uid }) },
  };
}

/** Which of these namespaces the cluster does not have, in words; undefined where all are there, or where it may not be asked. */
export async function absentNamespace(
  kube: Pick<Kube, 'table'>,
  context: ContextName,
  namespaces: readonly string[],
): Promise<Failure | undefined> {
  for (const name of namespaces) {
    const page = await kube.table(context, { kind: 'namespaces', name, limit: 1 });
    if (!page.ok || page.value.rows.length > 0) continue;
    const all = (await names(kube, context, 'namespaces', undefined)) ?? [];
    const near = nearest(
      name,
      all.map((n) => n.name),
    );
    return {
      code: 'not-found',
      message: `There is no namespace ${name} in context ${context}.`,
      ...(near === undefined ? {} : { hint: `Did you mean ${near}?` }),
    };
  }
  return undefined;
}

/** Short names of the kinds we know are known without asking; a word with a group in it is the server's to understand. */
function resourceOf(word: string): string {
  const kind = word.includes('.') ? undefined : kindOfWord(word);
  return kind === undefined ? word : KINDS[kind].resource;
}

const within = (namespaces: readonly string[]): readonly (string | undefined)[] => (namespaces.length === 0 ? [undefined] : namespaces);

const candidates = ({ rows }: TablePage): Found[] =>
  rows.map(({ name, namespace, uid }) => ({ name, namespace: namespace ?? undefined, uid }));

/** Of all namespaces, so that the one where it is can be told; where that is not allowed, of those that were named. */
async function everyName(kube: Pick<Kube, 'table'>, context: ContextName, kind: string, namespaces: readonly string[]): Promise<Found[]> {
  const everywhere = await names(kube, context, kind, undefined);
  if (everywhere !== undefined) return everywhere;
  return (await Promise.all(namespaces.map((namespace) => names(kube, context, kind, namespace)))).flatMap((found) => found ?? []);
}

async function names(
  kube: Pick<Kube, 'table'>,
  context: ContextName,
  kind: string,
  namespace: string | undefined,
): Promise<Found[] | undefined> {
  const found: Found[] = [];
  let after: string | undefined;
  do {
    const page = await kube.table(context, { kind, namespace, limit: PAGE, after });
    if (!page.ok) return found.length > 0 ? found : undefined;
    found.push(...candidates(page.value));
    after = page.value.next ?? undefined;
  } while (after !== undefined && found.length < MOST_NAMES);
  return found;
}
