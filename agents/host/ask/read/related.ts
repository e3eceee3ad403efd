import { KINDS, type Kind, type Relation } from '../../../contract/index.ts';
import { refKey, refWords } from '../../../contract/refs.ts';
import { type ReadingFor, inNamespace } from './reading-for.ts';

const SHOWN = 12;
/** Objects of one name that are looked around. */
const MOST_READ = 6;
/** What a workload is run by, and nobody asks for. */
const MADE: ReadonlySet<string> = new Set(['ReplicaSet', 'ControllerRevision', 'EndpointSlice', 'Endpoints', 'Pod']);
/** Kinds whose bonds with others the watch knows; of the rest it is listed which there are. */
const BOUND: ReadonlySet<string> = new Set([
  ...['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob', 'Pod', 'Node', 'HorizontalPodAutoscaler'],
  ...['Service', 'Ingress', 'ConfigMap', 'Secret', 'ServiceAccount', 'PersistentVolumeClaim', 'PersistentVolume'],
]);
export const isBound = (kind: Kind): boolean => BOUND.has(kind);

/**
 * What has to do with the objects that were named, as the watch has it. `way`: what uses them (`to`) or what they use (`from`), else both;
 * `kind`: only what is of it, false where nothing is.
 */
export async function tellRelated(asked: ReadingFor, { way, kind }: { way?: 'to' | 'from'; kind?: Kind }): Promise<boolean> {
  const { parts, turn, context, refs } = asked;
  const [ref] = refs;
  if (ref === undefined) return false;
  const meant = refs.slice(0, MOST_READ);
  const own = new Set(meant.map(refKey));
  const all = await Promise.all(meant.map((r) => parts.ports.kube.related(context, r)));
  const found = all
    .flatMap((relations) => relations ?? [])
    .filter(({ from, to }) =>
      way === 'to' ? own.has(refKey(to)) : way === 'from' ? own.has(refKey(from)) : own.has(refKey(from)) || own.has(refKey(to)),
    )
    .filter(({ from, to }) => {
      const others = [from, to].filter((r) => !own.has(refKey(r)) || kind === r.kind);
      return others.some((r) => (kind === undefined ? !MADE.has(r.kind) : r.kind === kind));
    });
  const lines = [...new Set(found.map(sentenceOf))].sort();
  if (lines.length === 0) {
    if (way === undefined) return false;
    turn.foundIn('cluster');
    turn.draft.say(
      'well',
      way === 'to' ? `Nothing uses ${refWords(ref)}, as far as is watched.` : `${refWords(ref)} uses nothing else, as far as is watched.`,
    );
    return true;
  }
  const text = lines.slice(0, SHOWN).join('\n');
  const resource = (KINDS as Readonly<Partial<Record<string, { readonly resource: string }>>>)[kind ?? ref.kind]?.resource ?? ref.kind;
  const source = `quarterdeck get ${resource}${inNamespace(ref.namespace)} --context ${context}`;
  turn.foundIn('cluster');
  turn.draft.quote('Now', text, { kind: 'read', context, of: 'list', resource: ref, source, text });
  if (lines.length > SHOWN) turn.draft.say('more', `${lines.length - SHOWN} more.`);
  const places = [...new Set(meant.flatMap((r) => r.namespace ?? []))].join(' and ');
  if (places !== '' && kind === undefined) turn.draft.say('more', `What is in other namespaces than ${places} was not looked at.`);
  return true;
}

const DOES: Readonly<Record<Relation['type'], string>> = {
  ownedBy: 'is owned by',
  selects: 'selects',
  mounts: 'mounts',
  references: 'uses',
  scheduledOn: 'runs on',
  admittedBy: 'is admitted by',
  calls: 'calls',
  changedBy: 'is changed by',
  boundTo: 'is bound to',
};

const sentenceOf = ({ from, type, to }: Relation): string => `${refWords(from)} ${DOES[type]} ${refWords(to)}`;
