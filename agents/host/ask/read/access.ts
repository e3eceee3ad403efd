import type { AccessSubject } from '../../../contract/index.ts';
import type { Topic } from '../../../core/ask/topics.ts';
import { canI, whoMay } from '../../access.ts';
import { type ReadingFor, cannotBeRead, inNamespace } from './reading-for.ts';

const SHOWN = 12;

/** Who may do something, by the bindings of the cluster; of oneself the cluster is asked. */
export async function tellAccess(asked: ReadingFor, { verb, resource, own: asksOfOneself }: Topic & { of: 'access' }): Promise<true> {
  const { parts, turn, context, reading } = asked;
  const { kube, writer } = parts.ports;
  const [namespace] = reading.mentions.namespaces;
  const question = { context, verb, resource, namespace };
  if (asksOfOneself) {
    const answer = await canI(question, kube, writer);
    if (!answer.ok) return cannotBeRead(asked, answer.failure);
    const { right, allowed, reason } = answer.value;
    const text = `${allowed ? 'Yes' : 'No'}: ${right}${reason === '' ? '' : ` (${reason})`}`;
    const source = `quarterdeck can-i ${verb} ${resource}${inNamespace(namespace)} --context ${context}`;
    turn.foundIn('cluster');
    turn.draft.quote('Now', text, { kind: 'read', context, of: 'access', resource: null, source, text });
    return true;
  }
  const answer = await whoMay(question, kube);
  if (!answer.ok) return cannotBeRead(asked, answer.failure);
  const { right, incomplete } = answer.value;
  const own = answer.value.subjects.filter((s) => !isOfSystem(s));
  const ofSystem = answer.value.subjects.length - own.length;
  const subjects = own.length > 0 ? own : answer.value.subjects;
  const source = `quarterdeck who-can ${verb} ${resource}${inNamespace(namespace)} --context ${context}`;
  turn.foundIn('cluster');
  if (subjects.length === 0) turn.draft.say('well', `Nobody is given that by a role (${right}): ${source}.`);
  else {
    const text = subjects.slice(0, SHOWN).map(subjectWords).join('\n');
    turn.draft.say('about', `Who may ${right}:`);
    turn.draft.quote('Now', text, { kind: 'read', context, of: 'access', resource: null, source, text });
    if (own.length > 0 && ofSystem > 0) turn.draft.say('more', `Beside them ${ofSystem} of the cluster's own: ${source}.`);
    if (subjects.length > SHOWN) turn.draft.say('more', `${subjects.length - SHOWN} more: ${source}.`);
  }
  if (incomplete.length > 0)
    turn.draft.say('unread', `Not everything could be read: ${incomplete.map((i) => `${i.what} (${i.because})`).join('; ')}.`);
  return true;
}

/** Controllers of the cluster itself: of these everybody has the same. */
const isOfSystem = ({ kind, name, namespace }: AccessSubject): boolean =>
  (kind === 'ServiceAccount' && namespace === 'kube-system') || (kind === 'User' && name.startsWith('system:'));

const subjectWords = ({ kind, name, namespace, through }: AccessSubject): string =>
  `${kind} ${namespace === null ? '' : `${namespace}/`}${name}, through ${through.map((t) => `${t.binding} to ${t.role}`).join(' and ')}`;
