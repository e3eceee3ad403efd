import { KINDS, type Json, type ResourceRef } from '../../../contract/index.ts';
import { refWords } from '../../../contract/refs.ts';
import { fieldNamesAsked, fieldsAsked } from '../../../core/ask/fields.ts';
import { maskCredentials } from '../../../core/masked-value.ts';
import { podSelectorOf } from '../../objects/pod-target.ts';
import { type ReadingFor, inNamespace } from './reading-for.ts';

/** Objects of one name that are read. */
const MOST_READ = 4;
const MASKED = 'a credential';

/** What an object says of itself in the fields that were asked for. False where it has none that are called so. */
export async function tellFields({ parts, turn, context, refs, reading }: ReadingFor): Promise<boolean> {
  for (const ref of [...refs.slice(0, MOST_READ), ...namespacesOf(refs)]) {
    const object = await parts.ports.kube.object(context, { kind: resourceOf(ref), namespace: ref.namespace, name: ref.name });
    if (!object.ok) continue;
    const [of, fields] = await askedIn(parts, context, ref, object.value, reading.rest);
    if (fields.length === 0) continue;
    const text = fields.map(({ path, value }) => `${path}: ${value}`).join('\n');
    const source = `quarterdeck get ${resourceOf(of)} ${of.name}${inNamespace(of.namespace)} -o yaml --context ${context}`;
    turn.foundIn('cluster');
    turn.isAbout({ resource: `${ref.kind}/${ref.name}` });
    turn.draft.say('about', `As ${refWords(of)} has it now:`);
    turn.draft.quote('Now', text, { kind: 'read', context, of: 'object', resource: of, source, text });
    return true;
  }
  const [ref] = refs;
  const names = fieldNamesAsked(reading.rest);
  if (ref === undefined || names.length === 0) return false;
  turn.notFoundIn('cluster');
  turn.draft.say('unknown', `${refWords(ref)} says nothing of that: none of ${names.join(', ')} is set.`);
  return true;
}

/** What a team says of all that is in a namespace stands there: who it belongs to, above all. */
const namespacesOf = (refs: readonly ResourceRef[]): ResourceRef[] =>
  [...new Set(refs.flatMap(({ namespace }) => namespace ?? []))].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', name }));

/** Of what only pods say, where they run and since when, one of its pods is asked. */
async function askedIn({ ports }: ReadingFor['parts'], context: string, ref: ResourceRef, object: Json, words: string) {
  const own = fieldsAsked(masked(object), words);
  const labels = own.length > 0 ? undefined : podSelectorOf(object);
  if (labels === undefined || ref.namespace === undefined) return [ref, own] as const;
  const { namespace } = ref;
  const pods = await ports.kube.table(context, { kind: 'pods', namespace, labels, limit: 20 });
  const name = pods.ok ? pods.value.rows[0]?.name : undefined;
  const pod = name === undefined ? undefined : await ports.kube.object(context, { kind: 'pods', namespace, name });
  if (name === undefined || pod?.ok !== true) return [ref, own] as const;
  return [{ apiVersion: 'v1', kind: 'Pod', namespace, name }, fieldsAsked(masked(pod.value), words)] as const;
}

const masked = (object: Json): Json => maskCredentials(object, () => MASKED) as Json;
const resourceOf = ({ kind }: ResourceRef): string =>
  (KINDS as Readonly<Partial<Record<string, { readonly resource: string }>>>)[kind]?.resource ?? kind;
