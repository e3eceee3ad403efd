import { KINDS, type LogLine } from '../../../contract/index.ts';
import { refWords } from '../../../contract/refs.ts';
import type { Topic } from '../../../core/ask/topics.ts';
import { gravityOf } from '../../../core/telling-line.ts';
import { inNamespace, type ReadingFor } from './reading-for.ts';

const TAIL = 200;
const SHOWN = 8;
const LONGEST = 400;
const LOGGING: ReadonlySet<string> = new Set(['Pod', 'Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'ReplicaSet', 'Service']);

/** The last lines that what was named has logged, or those of them that tell of errors. False where it logs nothing of its own. */
export async function tellLogs({ parts, turn, context, refs }: ReadingFor, { errors }: Topic & { of: 'logs' }): Promise<boolean> {
  const ref = refs.find((r) => LOGGING.has(r.kind));
  if (ref?.namespace === undefined) return false;
  const target = ref.kind === 'Pod' ? ref.name : `${ref.kind}/${ref.name}`;
  turn.tell(`Reading the logs of ${target}`);
  const lines: LogLine[] = [];
  let failed: string | undefined;
  const selection = { context, namespace: ref.namespace, targets: [target], previous: false, follow: false, tailLines: TAIL, masked: true };
  for await (const item of parts.ports.kube.logs(selection, turn.begun.signal)) {
    if (!item.ok) failed ??= item.failure.message;
    else if (item.value.type === 'note') failed ??= item.value.text;
    else lines.push(...item.value.lines);
  }
  const word = KINDS[ref.kind as keyof typeof KINDS].resource.replace(/s$/, '');
  const source = `quarterdeck logs ${ref.kind === 'Pod' ? ref.name : `${word}/${ref.name}`}${inNamespace(ref.namespace)} --context ${context}`;
  const phrase = /["“']([^"”']{3,})["”']/.exec(turn.begun.question)?.[1]?.toLowerCase();
  const wanted =
    phrase !== undefined
      ? lines.filter((l) => l.line.toLowerCase().includes(phrase))
      : errors
        ? lines.filter((l) => gravityOf(l.line) > 0)
        : lines;
  turn.foundIn('cluster');
  if (wanted.length === 0) {
    const none =
      lines.length === 0
        ? 'no line could be read'
        : `none of its last ${lines.length} lines ${phrase === undefined ? 'tells of an error' : `has "${phrase}"`}`;
    turn.draft.say('well', `Of ${refWords(ref)} ${none}${failed === undefined ? '' : ` (${failed})`}: ${source}.`);
    return true;
  }
  const shown = wanted.slice(-SHOWN).map(({ at, pod, line }) => `${at.slice(0, 19)} ${pod} ${line.trimEnd().slice(0, LONGEST)}`.trim());
  const text = shown.join('\n');
  const first = lines[0]?.at.slice(0, 19) ?? '';
  if (wanted.length < lines.length || phrase !== undefined)
    turn.draft.say('about', `${wanted.length} of the last ${lines.length} lines of ${refWords(ref)}, since ${first}; the newest:`);
  turn.draft.quote('Logged', text, { kind: 'read', context, of: 'logs', resource: ref, source, text });
  if (wanted.length > SHOWN) turn.draft.say('more', `${wanted.length - SHOWN} more: ${source}.`);
  return true;
}
