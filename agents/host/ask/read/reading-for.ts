import { type ContextName, type Failure, KINDS, type ResourceRef } from '../../../contract/index.ts';
import type { Mentions, NamedObject } from '../../../core/ask/mentions.ts';
import { type Reading, readIn } from '../../../core/ask/reading.ts';
import { plainly } from '../../../core/ask/topics-words.ts';
import { chooseContext } from '../../diagnosis.ts';
import { kindOfWord } from '../../objects/kind-words.ts';
import { contextNamed } from '../meant.ts';
import type { AskParts, Turn } from '../turn.ts';

/** What is read for one question of one cluster. */
export interface ReadingFor {
  readonly parts: AskParts;
  readonly turn: Turn;
  readonly context: ContextName;
  readonly reading: Reading;
  /** Objects that the question names, workloads first; none where it names none. */
  readonly refs: readonly ResourceRef[];
}

/** ` -n shop`, for a command; nothing for what is in no namespace. */
export const inNamespace = (namespace: string | undefined): string => (namespace === undefined ? '' : ` -n ${namespace}`);

/** It was read, and failed: what was asked is not known. */
export function cannotBeRead({ turn }: ReadingFor, { message, hint }: Failure): true {
  turn.notFoundIn('nothing');
  turn.failed('unreachable', hint === undefined ? { code: 'internal', message } : { code: 'internal', message, hint });
  return true;
}

/** What a name means first: what runs, before what belongs to it. */
const FIRST: readonly string[] = ['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob', 'Job', 'Pod'];

/** The cluster that is meant, connected, and what the question names in it; undefined where it cannot be reached or asked. */
export async function readingFor(parts: AskParts, turn: Turn): Promise<ReadingFor | undefined> {
  const { question, understood } = turn.begun;
  const { kube } = parts.ports;
  const chosen = await chooseContext(parts, (await contextNamed(kube, question)) ?? turn.about.context ?? undefined);
  if (!chosen.ok) return undefined;
  const context = chosen.value;
  turn.tell(`Connecting to ${context}`);
  const connected = await parts.orchestrator.connect(context);
  if (!connected.ok || turn.isOver) return undefined;
  const names = await turn.names(kube, context);
  const reading = readIn({ context, objects: names, kindOf: kindOfWord }, plainly(question), understood);
  const refs = refsOf(reading.mentions, names);
  return { parts, turn, context, reading, refs: refs.length > 0 ? refs : await spokenOf(parts, turn, names) };
}

/** What was spoken of before, where the question points back to it. */
async function spokenOf(
  { store }: AskParts,
  { begun: { understood, before } }: Turn,
  names: readonly NamedObject[],
): Promise<ResourceRef[]> {
  if (!understood.pointsBack || before === undefined) return [];
  const [kind = '', name = ''] = before.about.resource?.split('/') ?? [];
  if (name !== '') return refsOf({ exact: [{ kind, name }], objects: [], namespaces: before.about.namespaces }, names);
  const [incident] = before.about.incidents;
  const known = incident === undefined ? undefined : await store.incident(incident);
  return known === undefined ? [] : [known.rootCause.resource];
}

/** Objects that are named, in the namespaces that are named where there are any; workloads first. */
function refsOf(
  { exact, objects, namespaces }: Pick<Mentions, 'exact' | 'objects' | 'namespaces'>,
  names: readonly NamedObject[],
): ResourceRef[] {
  const said = exact.flatMap(({ kind, name }) => names.filter((n) => n.kind === kind && n.name === name));
  const rank = ({ kind }: NamedObject) => (FIRST.includes(kind) ? FIRST.indexOf(kind) : FIRST.length);
  return [...said, ...objects]
    .filter(({ namespace }) => namespace === undefined || namespaces.length === 0 || namespaces.includes(namespace))
    .sort((a, b) => rank(a) - rank(b))
    .map(({ kind, namespace, name }) => ({
      apiVersion: (KINDS as Readonly<Partial<Record<string, { readonly apiVersion: string }>>>)[kind]?.apiVersion ?? '',
      kind,
      ...(namespace === undefined ? {} : { namespace }),
      name,
    }));
}
