import { type Outlook, type RunningOut, SIGNALS, type Unusual, unitOf, valueWords } from '../../../contract/index.ts';
import { whoseWords } from '../../../core/ask/measures.ts';
import type { ReadingFor } from './reading-for.ts';

const SHOWN = 5;
/** What runs out, as it is said, and which series tell of it. */
const MEASURED: readonly (readonly [asked: RegExp, signals: RegExp])[] = [
  [/\b(?:memory|mem|ram|oom\w*)\b/, /memory/],
  [/\b(?:disks?|storage|volumes?|space|inodes?)\b/, /volume|filesystem/],
  [/\bcpus?\b/, /cpu|throttled/],
  [/\bquotas?\b/, /quota/],
  [/\bcert(?:ificate)?s?\b/, /certificate/],
];
/** What the cluster itself mounts into each pod fills with nothing. */
const isOfClaim = ({ signal, labels }: { readonly signal: string; readonly labels: Readonly<Record<string, string>> }) =>
  !signal.startsWith('volume_') || (labels['persistentvolumeclaim'] ?? '') !== '';

/** What is unusual now, and which limits will be reached: as the agent of metrics judged it, of what was named or of all. */
export async function tellOutlook({ parts, turn, context, refs, reading }: ReadingFor): Promise<boolean> {
  const { metrics } = parts;
  const { namespaces } = reading.mentions;
  const news = await metrics.signals(context);
  const source = `quarterdeck metrics signals --context ${context}`;
  const of = MEASURED.find(([asked]) => asked.test(turn.begun.question.toLowerCase()))?.[1];
  const isMeant = ({ signal, labels }: { readonly signal: string; readonly labels: Readonly<Record<string, string>> }) =>
    (of === undefined || of.test(signal)) &&
    isOfClaim({ signal, labels }) &&
    (refs.length > 0
      ? refs.some((r) => Object.values(labels).some((value) => value === r.name || value === `${r.kind}/${r.name}`))
      : namespaces.length === 0 || namespaces.includes(labels['namespace'] ?? ''));
  if (news.at === null) {
    turn.notFoundIn('cluster');
    turn.draft.say('unread', `No metrics of ${context} have arrived since the app was started, so nothing is judged yet: ${source}.`);
    return true;
  }
  turn.foundIn('cluster');
  const unusual = news.unusual.filter(isMeant).slice(0, SHOWN).map(unusualWords);
  const ending = news.runningOut.filter(isMeant).slice(0, SHOWN).map(runningOutWords);
  const outlooks =
    refs.length === 0 || ending.length > 0
      ? []
      : (await outlooksOf(parts, context, refs)).filter(isMeant).slice(0, SHOWN).map(outlookWords);
  const cited = {
    kind: 'read',
    context,
    of: 'signals',
    resource: refs[0] ?? null,
    source,
    text: [...ending, ...unusual, ...outlooks].join('\n'),
  } as const;
  for (const text of ending) turn.draft.quote('Foreseen', text, cited);
  for (const text of outlooks) turn.draft.quote('Foreseen', text, cited);
  for (const text of unusual) turn.draft.quote('Unusual', text, cited);
  const judged = `${news.watched} series are judged, ${news.learning} of them are still being learned; the newest value is of ${news.at}.`;
  if (ending.length + unusual.length + outlooks.length === 0)
    turn.draft.say('well', `Nothing is unusual, and no limit is about to be reached, as far as is measured. ${judged}`);
  else turn.draft.say('more', `${judged} All of it: ${source}.`);
  return true;
}

async function outlooksOf({ metrics }: ReadingFor['parts'], context: string, refs: ReadingFor['refs']): Promise<Outlook[]> {
  const told = await Promise.all(
    refs.slice(0, 3).map(({ kind, namespace, name }) =>
      metrics.outlook(context, {
        ...(namespace === undefined ? {} : { namespace }),
        ...(kind === 'Node'
          ? { node: name }
          : kind === 'PersistentVolumeClaim'
            ? { persistentvolumeclaim: name }
            : { workload: `${kind}/${name}` }),
      }),
    ),
  );
  return told.flatMap(({ outlooks }) => outlooks);
}

const said = (signal: string): string => (SIGNALS as Readonly<Partial<Record<string, { readonly says: string }>>>)[signal]?.says ?? signal;
const shown = (signal: string, value: number): string => valueWords(unitOf(signal), value);

const unusualWords = ({ signal, labels, value, low, high, since, score }: Unusual): string =>
  `${said(signal)} (${whoseWords(signal, labels)}) is ${shown(signal, value)}, expected ${shown(signal, Math.max(0, low))} to ${shown(signal, high)}, since ${since}, score ${score.toFixed(2)}`;

const runningOutWords = ({ signal, labels, value, limit, exhaustsAt, earliest, latest, confidence, because }: RunningOut): string =>
  `${said(signal)} (${whoseWords(signal, labels)}) is ${shown(signal, value)} of ${shown(signal, limit)} and reaches it at ${exhaustsAt} (between ${earliest} and ${latest}, ${Math.round(100 * confidence)} % sure): ${because}`;

const OUTCOME: Readonly<Record<Outlook['state'], string>> = {
  runsOut: 'will reach its limit',
  lasts: 'will not reach its limit within the time looked ahead',
  unknown: 'cannot be foretold yet',
  reached: 'is at its limit',
};

const outlookWords = ({ signal, labels, value, limit, state, exhaustsAt, because }: Outlook): string =>
  `${said(signal)} (${whoseWords(signal, labels)}) is ${shown(signal, value)} of ${shown(signal, limit)} and ${OUTCOME[state]}${exhaustsAt === null ? '' : ` at ${exhaustsAt}`}: ${because}`;
