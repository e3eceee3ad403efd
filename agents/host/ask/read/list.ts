import { KINDS, type Kind, type Outcome, type ResourceRef, type TablePage } from '../../../contract/index.ts';
import { refWords } from '../../../contract/refs.ts';
import type { Topic } from '../../../core/ask/topics.ts';
import { podSelectorOf } from '../../objects/pod-target.ts';
import { type ReadingFor, cannotBeRead, inNamespace } from './reading-for.ts';
import { tellFields } from './object.ts';
import { isBound, tellRelated } from './related.ts';
import { readyRows, statesOf, tableLines } from './table-lines.ts';

const MOST = 1_000;
const SHOWN = 12;

/** Objects of a kind: all, those of the namespaces that were named, or those that have to do with the object that was named. */
export async function tellList(asked: ReadingFor, { kind: word, columns = '', unready = false }: Topic & { of: 'list' }): Promise<boolean> {
  const { turn, context, refs, reading } = asked;
  const kind = word as Kind;
  const { resource } = KINDS[kind];
  const [ref] = refs;
  const isOfOther = ref !== undefined && ref.kind !== kind && kind !== 'Pod';
  if (isOfOther && isBound(kind)) return (await tellRelated(asked, { kind })) || (await tellFields(asked)) || tellNone(asked, kind, ref);
  // What of them has to do with it nobody here knows; it is read which there are beside it.
  if (isOfOther) return tellList({ ...asked, refs: [], reading: placedAt(reading, ref.namespace) }, { of: 'list', kind });
  const { namespaces } = reading.mentions;
  const within = ref !== undefined || namespaces.length === 0 ? [undefined] : namespaces;
  const pages = await Promise.all(within.map((namespace) => pageOf(asked, resource, namespace, ref)));
  const failed = pages.find((page) => !page.ok);
  if (failed?.ok === false) return cannotBeRead(asked, failed.failure);
  const all = pages.flatMap((page) => (page.ok ? [page.value] : []));
  const read = unready ? all.map((page) => ({ ...page, rows: readyRows(page, false) })) : all;
  const lines = read.flatMap((page) => tableLines(page, `${turn.begun.question} ${columns}`));
  const isMore = read.some((page) => page.next !== null);
  const states = statesOf(read);
  const where = ref !== undefined ? ` of ${refWords(ref)}` : namespaces.length === 0 ? ` in ${context}` : ` in ${namespaces.join(', ')}`;
  const noun = lines.length === 1 ? kind : plural(kind);
  const count = `${isMore ? 'more than ' : ''}${lines.length} ${noun}${where}${unready ? ' not ready' : ''}${states === undefined || states === '' ? '' : `: ${states}`}`;
  const source = `quarterdeck get ${resource}${ref !== undefined ? inNamespace(ref.namespace) : namespaces.length === 1 ? inNamespace(namespaces[0]) : ' -A'} --context ${context}`;
  const shown = lines.slice(0, SHOWN);
  const cited = {
    kind: 'read',
    context,
    of: 'list',
    resource: ref ?? null,
    source,
    text: [count, ...(shown.length === 0 ? [] : [shown.join('\n')])].join('\n'),
  } as const;
  turn.foundIn('cluster');
  turn.draft.quote('Now', count, cited);
  if (shown.length > 0) turn.draft.quote('Now', shown.join('\n'), cited);
  if (lines.length > SHOWN) turn.draft.say('more', `${lines.length - SHOWN} more: ${source}.`);
  return true;
}

async function pageOf(
  { parts, context }: ReadingFor,
  resource: string,
  namespace: string | undefined,
  ref: ResourceRef | undefined,
): Promise<Outcome<TablePage>> {
  const { kube } = parts.ports;
  if (ref === undefined) return kube.table(context, { kind: resource, namespace, limit: MOST });
  if (ref.kind === 'Node') return kube.table(context, { kind: resource, fields: `spec.nodeName=${ref.name}`, limit: MOST });
  const object = await kube.object(context, { kind: ref.kind, namespace: ref.namespace, name: ref.name });
  if (!object.ok) return object;
  const labels = podSelectorOf(object.value);
  return kube.table(context, {
    kind: resource,
    namespace: ref.namespace,
    limit: MOST,
    ...(labels === undefined ? { name: ref.name } : { labels }),
  });
}

const plural = (kind: string): string =>
  /(?:s|x|ch)$/.test(kind) ? `${kind}es` : /[^aeiou]y$/.test(kind) ? `${kind.slice(0, -1)}ies` : `${kind}s`;

function tellNone({ turn }: ReadingFor, kind: Kind, ref: ResourceRef): true {
  turn.foundIn('cluster');
  turn.draft.say('well', `No ${kind} has to do with ${refWords(ref)}, as far as is watched.`);
  return true;
}

const placedAt = (reading: ReadingFor['reading'], namespace: string | undefined): ReadingFor['reading'] =>
  namespace === undefined ? reading : { ...reading, mentions: { ...reading.mentions, namespaces: [namespace] } };
