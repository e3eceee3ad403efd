import type { Change, ResourceRef } from '../../../contract/index.ts';
import { refWords } from '../../../contract/refs.ts';
import { timeSaid } from '../../../core/ask/time-said.ts';
import { type ReadingFor, inNamespace } from './reading-for.ts';

const READ = 1_000;
const SHOWN = 8;
const DAY_MS = 86_400_000;

/** What changed, newest first: of what was named, in the time that was said, else within a day. */
export async function tellChanges({ parts, turn, context, refs, reading }: ReadingFor): Promise<true> {
  const { clock } = parts.ports;
  const now = clock.now();
  const dayBegan = new Date(now).setHours(0, 0, 0, 0);
  const said = timeSaid(turn.begun.question, { now, dayBegan });
  const from = new Date(said?.from ?? now - DAY_MS).toISOString();
  const [namespace] = reading.mentions.namespaces;
  const changes = await parts.store.changes({
    context,
    since: from,
    ...(said === undefined || said.to >= now ? {} : { until: new Date(said.to).toISOString() }),
    ...(refs.length === 0 && namespace !== undefined ? { namespace } : {}),
    object: undefined,
    limit: READ,
  });
  const own = refs.length === 0 ? changes : changes.filter((c) => refs.some((ref) => isOf(c, ref)));
  const what = refs.length > 0 ? refs.map(refWords).join(' and ') : namespace === undefined ? context : `namespace ${namespace}`;
  const when = said === undefined ? 'within the last day' : `in the time that was asked for (${said.words})`;
  const [first] = refs;
  const source = `quarterdeck changes --context ${context} --since ${from}${inNamespace(first?.namespace ?? namespace)}`;
  turn.foundIn('cluster');
  if (own.length === 0) {
    turn.draft.say('well', `No change of ${what} is recorded ${when}. Changes are recorded while a cluster is watched: ${source}.`);
    return true;
  }
  const shown = own.slice(0, SHOWN).map(wordsOf);
  const cited = {
    kind: 'read',
    context,
    of: 'changes',
    resource: refs.length === 1 && first !== undefined ? first : null,
    source,
    text: shown.join('\n'),
  } as const;
  turn.draft.say('about', `${own.length} ${own.length === 1 ? 'change' : 'changes'} of ${what} ${when}, the newest first:`);
  for (const text of shown) turn.draft.quote('Changed', text, cited);
  if (own.length > SHOWN) turn.draft.say('more', `${own.length - SHOWN} more: ${source}.`);
  return true;
}

/** Of the object, or of what it made. */
const isOf = ({ resource }: Change, ref: ResourceRef): boolean =>
  resource.namespace === ref.namespace &&
  ((resource.kind === ref.kind && resource.name === ref.name) || (resource.kind !== ref.kind && resource.name.startsWith(`${ref.name}-`)));

function wordsOf({ at, summary, by, count }: Change): string {
  const who = by === null || summary.includes(by.manager) ? '' : ` (by ${by.manager}${by.cause === undefined ? '' : `: ${by.cause}`})`;
  return `${at} ${summary}${who}${count > 1 ? `, ${count} times` : ''}`;
}
