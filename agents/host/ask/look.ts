import type { ContextName, Diagnosis } from '../../contract/index.ts';
import { type Whose, ofKindAsked, worstAbout } from '../../core/ask/answering.ts';
import { sayRuledOut } from '../../core/ask/compose.ts';
import type { Mentions } from '../../core/ask/mentions.ts';
import { type Reading, readIn } from '../../core/ask/reading.ts';
import { isOfTheTrade, saysMoreThanTrade } from '../../core/ask/rules.ts';
import { isAboutSubject, subjectOf } from '../../core/ask/subjects.ts';
import { asksValue, asksWhatToDo } from '../../core/ask/wanted.ts';
import { chooseContext, diagnoseContext } from '../diagnosis.ts';
import { absentNamespace } from '../objects/find-object.ts';
import { kindOfWord } from '../objects/kind-words.ts';
import { type Meant, contextNamed, meantBy } from './meant.ts';
import { tellLately } from './past.ts';
import { tellFound, tellLastKnown } from './telling.ts';
import type { AskParts, Turn } from './turn.ts';
import { tellOwnWritten, tellWritten, tellWrittenBeside } from './written.ts';

/** Looks at the cluster that is meant, and tells what is wrong with what the question names; what no look can answer may be written. */
export async function look(parts: AskParts, turn: Turn): Promise<void> {
  const { question, understood, agent } = turn.begun;
  const { kube } = parts.ports;
  const context = await reached(parts, turn);
  if (context === undefined || turn.isOver) return;
  const reading = readIn({ context, objects: await turn.names(kube, context), kindOf: kindOfWord }, question, understood);
  const { mentions, isNamed, scope } = reading;
  const unseen = scope === 'seen' ? 'other' : scope;
  const whose = { agent, codes: codesOf(parts, agent) };
  // What is the capital of France is nothing that a cluster can be looked at for.
  const isElsewhere = !isNamed && !understood.pointsBack && !isOfTheTrade(question);
  if (isElsewhere || (scope !== 'seen' && whose.codes === undefined)) return tellWritten(parts, turn, unseen);
  if (!understood.pointsBack && saysMoreThanTrade(question)) {
    if (await tellOwnWritten(parts, turn, isNamed)) return;
    // A value of something that neither the cluster nor any page knows, or what to do about it, is no fault to be found.
    if (!isNamed && (asksValue(question) || asksWhatToDo(question))) return tellWritten(parts, turn, unseen);
  }
  if (mentions.namespaces.length > 0) turn.isAbout({ namespaces: [...mentions.namespaces] });
  const absent = await absentNamespace(kube, context, mentions.namespaces);
  if (absent !== undefined) return turn.failed('notThere', absent);
  const meant = await meantBy(kube, turn, context, withWhatWasBefore(turn, mentions));
  if (meant === undefined) return;
  turn.tell(`Looking at ${meant.label ?? context}`);
  const { resource } = meant;
  const { namespaces } = turn.about;
  const diagnosed = await diagnoseContext(parts, { context, namespaces, plans: true, ...(resource === undefined ? {} : { resource }) });
  if (!diagnosed.ok) return tellLastKnown(parts, turn, context, diagnosed.failure);
  if (turn.isOver) return;
  turn.isAbout({ resource: resource ?? null });
  await tellLook(parts, turn, diagnosed.value, { reading, whose, meant });
}

/** The cluster that is meant, connected; undefined where it cannot be reached, and that was said. */
async function reached(parts: AskParts, turn: Turn): Promise<ContextName | undefined> {
  const named = await contextNamed(parts.ports.kube, turn.begun.question);
  const chosen = await chooseContext(parts, named ?? turn.about.context ?? undefined);
  if (!chosen.ok) {
    await tellLastKnown(parts, turn, null, chosen.failure);
    return undefined;
  }
  const context = chosen.value;
  turn.isAbout({ context });
  turn.tell(`Connecting to ${context}`);
  const connected = await parts.orchestrator.connect(context);
  if (connected.ok) return context;
  await tellLastKnown(parts, turn, context, connected.failure);
  return undefined;
}

/** Of a short question that names nothing what was named before is meant. */
function withWhatWasBefore({ begun: { understood, before } }: Turn, mentions: Mentions): Mentions {
  const resource = before?.about.resource ?? null;
  if (!understood.pointsBack || resource === null || mentions.exact.length + mentions.objects.length > 0) return mentions;
  const [kind = '', name = ''] = resource.split('/');
  return { ...mentions, exact: [{ kind, name }] };
}

/** Codes of what an agent that deals with something of its own finds; undefined where there is none, or where all that is wrong is its matter. */
function codesOf({ orchestrator }: AskParts, agent: string): ReadonlySet<string> | undefined {
  const checks = agent === 'troubleshooting' ? [] : (orchestrator.keeper(agent)?.agent.checks ?? []);
  return checks.length === 0 ? undefined : new Set(checks.map((c) => c.code));
}

interface Looked {
  readonly reading: Reading;
  readonly whose: Whose;
  readonly meant: Meant;
}

/** What a look found, as far as it was asked for. */
async function tellLook(parts: AskParts, turn: Turn, diagnosis: Diagnosis, { reading, whose, meant }: Looked): Promise<void> {
  const { draft } = turn;
  const { scope, isNamed, mentions } = reading;
  const { context, incidents, incomplete, objects } = diagnosis;
  const subject = isNamed || turn.begun.understood.pointsBack ? undefined : subjectOf(reading.rest);
  const ofKind = ofKindAsked(incidents, reading, whose);
  const found = subject === undefined ? ofKind : ofKind.filter((i) => isAboutSubject(subject, i));
  if (found.length === 0 && scope !== 'seen') return tellWritten(parts, turn, scope);
  if (found.length === 0 && subject === undefined && !isNamed && incidents.length > 0) return tellWritten(parts, turn, 'other');
  turn.foundIn('cluster');
  for (const { said, meant: other } of mentions.taken) draft.say('taken', `Nothing is called ${said}; it was taken for ${other}.`);
  const [first, ...others] = worstAbout(found, meant.refs);
  turn.isAbout({ incidents: first === undefined ? [] : [first, ...others].map((i) => i.id) });
  if (first === undefined) {
    const what = meant.label ?? (subject === undefined ? `what was looked at in ${context}` : `${subject.words} of ${context}`);
    draft.say('well', `Nothing is wrong with ${what}, as far as could be read (${objects} objects).`);
    if (subject !== undefined && incidents.length > 0)
      draft.say(
        'more',
        `Of something else ${incidents.length === 1 ? 'one incident is' : `${incidents.length} incidents are`} open: quarterdeck incidents.`,
      );
    await tellLately(parts, turn, context, meant.refs);
    const ruledOut = await ruledOutAt(parts, diagnosis, meant);
    if (ruledOut !== undefined) sayRuledOut(draft, null, context, ruledOut);
    if (subject === undefined) await tellWrittenBeside(parts, turn);
  } else await tellFound(parts, turn, first, others);
  if (incomplete.length === 0) return;
  const unread = incomplete.slice(0, 3).map((i) => `${i.what} (${i.because})`);
  draft.say('unread', `Not everything could be read: ${unread.join('; ')}.`);
}

/** What was looked for at the one thing that is meant, and not found. */
async function ruledOutAt(parts: AskParts, { context, namespaces, about }: Diagnosis, { workload }: Meant) {
  if (about !== undefined || workload === undefined) return about?.ruledOut;
  const one = await diagnoseContext(parts, { context, namespaces, resource: workload, plans: false });
  return one.ok ? one.value.about?.ruledOut : undefined;
}
