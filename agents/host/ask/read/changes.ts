import type { Change, ResourceRef } from '../../../contract/index.ts';
import { refWords } from '../../../contract/refs.ts';
import { changesAsked } from '../../../core/ask/topics-changes.ts';
import { plainly } from '../../../core/ask/topics-words.ts';
import { spanWords } from '../../../core/ask/time-said.ts';
import { type ReadingFor, inNamespace } from './reading-for.ts';
import { timeAsked } from './time-asked.ts';

/** As many as are given at once. */
const READ = 5_000;
const SHOWN = 8;

/** What changed, newest first: of what was named, in the time that was said, else within a day. */
export async function tellChanges({ parts, turn, context, refs, reading }: ReadingFor): Promise<true> {
  const now = parts.ports.clock.now();
  const time = timeAsked(parts, turn);
  const from = new Date(time.from).toISOString();
  const [namespace] = reading.mentions.namespaces;
  const places = new Set(refs.map((r) => r.namespace));
  const within = refs.length === 0 ? namespace : places.size === 1 ? refs[0]?.namespace : undefined;
  const changes = await parts.store.changes({
    context,
    since: from,
    ...(time.to >= now ? {} : { until: new Date(time.to).toISOString() }),
    ...(within === undefined ? {} : { namespace: within }),
    object: undefined,
    limit: READ,
  });
  const asked = changesAsked(plainly(turn.begun.question));
  const [first] = refs;
  const meant = byName(refs);
  const about = changes.filter((c) => refs.length === 0 || meant.some((ref) => isOf(c, ref)));
  const fitting = about.filter(asked.isMeant);
  // Of what was there before it was first read only who wrote it last is known, and not what: that is told beside.
  const own = fitting.length > 0 || asked.by !== undefined || refs.length === 0 ? fitting : about;
  const what = `of ${first !== undefined ? (meant.length === 1 ? refWords(first) : first.name) : namespace === undefined ? context : `namespace ${namespace}`}${asked.by === undefined ? '' : ` by ${asked.by}`}`;
  const when = time.words === undefined ? 'within the last day' : `in the time that was asked for (${time.words})`;
  const one = meant.length === 1 && first !== undefined ? ` ${first.kind.toLowerCase()}/${first.name}` : '';
  const source = `quarterdeck changes${one} --context ${context} --since ${from}${inNamespace(first?.namespace ?? namespace)}`;
  turn.foundIn('cluster');
  if (changes.length === READ) turn.draft.say('unread', `Only the newest ${READ} changes of that time were looked at.`);
  if (own.length === 0) {
    turn.draft.say(
      'well',
      `No ${asked.words} ${what} is recorded ${when}. Changes are recorded while a cluster is watched${asked.by === undefined ? '' : ', by the name of the program that wrote them'}: ${source}.`,
    );
    return true;
  }
  const shown = own.slice(0, asked.last ? 1 : SHOWN).map((c) => wordsOf(c, now));
  const cited = {
    kind: 'read',
    context,
    of: 'changes',
    resource: refs.length === 1 && first !== undefined ? first : null,
    source,
    text: shown.join('\n'),
  } as const;
  if (own !== fitting) turn.draft.say('about', `No ${asked.words} ${what} is recorded ${when} for sure. What is recorded of it:`);
  else if (!asked.last)
    turn.draft.say('about', `${own.length} ${asked.words}${own.length === 1 ? '' : 's'} ${what} ${when}, the newest first:`);
  for (const text of shown) turn.draft.quote('Changed', text, cited);
  if (own.length > shown.length) turn.draft.say('more', `${own.length - shown.length} more: ${source}.`);
  return true;
}

/** What runs, where some of what is called so does: of a Service of the same name other things are asked. */
function byName(refs: readonly ResourceRef[]): readonly ResourceRef[] {
  const running = refs.filter(({ kind }) => RUNNING.has(kind));
  return running.length > 0 ? running : refs;
}
const RUNNING: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob', 'Job', 'Pod']);

/** Made by a workload, and called by its name and something behind it. */
const MADE: ReadonlySet<string> = new Set(['Pod', 'ReplicaSet', 'Job', 'ControllerRevision']);

/** Of the object, or of what it made. */
const isOf = ({ resource }: Change, ref: ResourceRef): boolean =>
  resource.namespace === ref.namespace &&
  ((resource.kind === ref.kind && resource.name === ref.name) || (MADE.has(resource.kind) && resource.name.startsWith(`${ref.name}-`)));

/** `2026-11-30T12:27:01Z (3 min ago) Deployment shop/cart: …`; the sentence as it was recorded stands behind the time. */
function wordsOf({ at, summary, by, count }: Change, now: number): string {
  const who = by === null || summary.includes(by.manager) ? '' : ` (by ${by.manager}${by.cause === undefined ? '' : `: ${by.cause}`})`;
  const ago = `${spanWords(Math.max(0, now - Date.parse(at)))} ago`;
  return `${at.replace(/\.000Z$/, 'Z')} (${ago}) ${summary}${who}${count > 1 ? `, ${count} times` : ''}`;
}
