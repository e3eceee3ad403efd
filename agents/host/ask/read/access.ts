import type { AccessSubject } from '../../../contract/index.ts';
import type { Topic } from '../../../core/ask/topics.ts';
import { type AskedAccess, canI, whoMay } from '../../access.ts';
import { kindOfWord } from '../../objects/kind-words.ts';
import { type ReadingFor, cannotBeRead, inNamespace } from './reading-for.ts';

const SHOWN = 12;

/** Who may do something, by the bindings of the cluster; of oneself the cluster is asked. */
export async function tellAccess(asked: ReadingFor, { verb, resource, who }: Topic & { of: 'access' }): Promise<true> {
  const { parts, turn, context, reading } = asked;
  const { kube, writer } = parts.ports;
  const [namespace] = reading.mentions.namespaces;
  const name = reading.mentions.exact.find(({ kind }) => kind === kindOfWord(resource))?.name;
  const question = { context, verb, resource, namespace: namespace ?? placeOf(asked, name), name };
  if (who === 'oneself') {
    const answer = await canI(question, kube, writer);
    if (!answer.ok) return cannotBeRead(asked, answer.failure);
    const { right, allowed, reason } = answer.value;
    const text = `${allowed ? 'Yes' : 'No'}: ${right}${reason === '' ? '' : ` (${reason})`}`;
    const source = `quarterdeck can-i ${commandOf(question)} --context ${context}`;
    turn.foundIn('cluster');
    turn.draft.quote('Now', text, { kind: 'read', context, of: 'access', resource: null, source, text });
    return true;
  }
  const answer = await whoMay(question, kube);
  if (!answer.ok) return cannotBeRead(asked, answer.failure);
  const { right, incomplete } = answer.value;
  const source = `quarterdeck who-can ${commandOf(question)} --context ${context}`;
  if (typeof who === 'object') return tellOf(asked, who.name, { ...answer.value, source });
  const own = answer.value.subjects.filter((s) => !isOfSystem(s));
  const ofSystem = answer.value.subjects.length - own.length;
  const subjects = own.length > 0 ? own : answer.value.subjects;
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

interface May {
  readonly right: string;
  readonly subjects: readonly AccessSubject[];
  readonly source: string;
}

/** Whether somebody may, who is called so in full or in part: `priya` of `priya@example.com`. */
function tellOf({ turn, context }: ReadingFor, name: string, { right, subjects, source }: May): true {
  const may = subjects.filter((s) => s.name.toLowerCase() === name || s.name.toLowerCase().split(/[@:/]/).includes(name));
  turn.foundIn('cluster');
  if (may.length === 0) {
    turn.draft.say(
      'well',
      `No: nothing gives ${name} by that name the right to ${right}, as far as Roles and bindings say; a group may: ${source}.`,
    );
    return true;
  }
  const text = may.slice(0, SHOWN).map(subjectWords).join('\n');
  turn.draft.say('about', `Yes, ${right}:`);
  turn.draft.quote('Now', text, { kind: 'read', context, of: 'access', resource: null, source, text });
  return true;
}

/** Where the object is that was named. */
const placeOf = ({ refs }: ReadingFor, name: string | undefined): string | undefined => refs.find((r) => r.name === name)?.namespace;

const commandOf = ({ verb, resource, name, namespace }: Omit<AskedAccess, 'context'>): string =>
  `${verb} ${resource}${name === undefined ? '' : ` ${name}`}${inNamespace(namespace)}`;

/** Controllers of the cluster itself: of these everybody has the same. */
const isOfSystem = ({ kind, name, namespace }: AccessSubject): boolean =>
  (kind === 'ServiceAccount' && namespace === 'kube-system') || (kind === 'User' && name.startsWith('system:'));

const subjectWords = ({ kind, name, namespace, through }: AccessSubject): string =>
  `${kind} ${namespace === null ? '' : `${namespace}/`}${name}, through ${through.map((t) => `${t.binding} to ${t.role}`).join(' and ')}`;
