import { KINDS, type Json, type ResourceRef } from '../../../contract/index.ts';
import { refWords } from '../../../contract/refs.ts';
import { type FieldValue, asksForField, fieldNamesAsked, fieldsAsked } from '../../../core/ask/fields.ts';
import { spanWords } from '../../../core/ask/time-said.ts';
import { maskCredentials } from '../../../core/masked-value.ts';
import { kindOfWord } from '../../objects/kind-words.ts';
import { podSelectorOf } from '../../objects/pod-target.ts';
import { type ReadingFor, inNamespace } from './reading-for.ts';

/** Objects of one name that are read. */
const MOST_READ = 4;
const MASKED = 'a credential';

/**
 * What an object says of itself in the fields that were asked for: of several of one kind and name each, else what belongs to it (its
 * Service, its autoscaler), else its namespace. False where none has a field that is called so.
 */
export async function tellFields(asked: ReadingFor): Promise<boolean> {
  const { turn, context, refs, reading } = asked;
  const now = asked.parts.ports.clock.now();
  const near = await nearOf(asked);
  const outside = LEADS_IN.test(reading.rest) ? near.filter(({ kind }) => kind === 'Ingress') : [];
  for (const some of [outside, ...byKind(refs), near, namespacesOf(refs)]) {
    const read = await Promise.all(some.slice(0, MOST_READ).map((ref) => readOf(asked, ref)));
    const found = read.flatMap((r) => (r !== undefined && r.fields.length > 0 ? [r] : []));
    for (const { of, fields } of found) {
      const text = fields.map(({ path, value }) => `${path}: ${withAge(value, now)}`).join('\n');
      const source = `quarterdeck get ${resourceOf(of)} ${of.name}${inNamespace(of.namespace)} -o yaml --context ${context}`;
      turn.foundIn('cluster');
      turn.draft.say('about', `${refWords(of)}:`);
      turn.draft.quote('Now', text, { kind: 'read', context, of: 'object', resource: of, source, text });
    }
    if (found.length > 0) return true;
  }
  const [ref] = refs;
  const names = fieldNamesAsked(withoutKinds(reading.rest));
  if (ref === undefined || names.length === 0) return false;
  turn.notFoundIn('cluster');
  turn.draft.say('unknown', `${refWords(ref)} says nothing of that: none of ${names.join(', ')} is set.`);
  return true;
}

/** Objects of the first kind together, then those of the next. */
const byKind = (refs: readonly ResourceRef[]): ResourceRef[][] =>
  [...new Set(refs.map(({ kind }) => kind))].map((kind) => refs.filter((r) => r.kind === kind));

/** Where something is reached from outside does not stand in what is reached. */
const LEADS_IN = /\b(?:hosts?|hostnames?|domains?|urls?|routes?|routed|exposed|tls|public\w*)\b/i;

/** What belongs to the first: what leads to it, scales it, keeps its data. */
const BELONGS: readonly string[] = ['HorizontalPodAutoscaler', 'Service', 'Ingress', 'PersistentVolumeClaim', 'PodDisruptionBudget'];
async function nearOf({ parts, context, refs }: ReadingFor): Promise<ResourceRef[]> {
  const relations = await Promise.all(refs.slice(0, MOST_READ).map((ref) => parts.ports.kube.related(context, ref)));
  const near = relations
    .flatMap((r) => r ?? [])
    .flatMap(({ from, to }) => [from, to])
    .filter(({ kind }) => BELONGS.includes(kind));
  return [...new Map(near.map((r) => [refWords(r), r])).values()].sort((a, b) => BELONGS.indexOf(a.kind) - BELONGS.indexOf(b.kind));
}

/** What a team says of all that is in a namespace stands there: who it belongs to, above all. */
const namespacesOf = (refs: readonly ResourceRef[]): ResourceRef[] =>
  [...new Set(refs.flatMap(({ namespace }) => namespace ?? []))].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', name }));

interface ReadOf {
  readonly of: ResourceRef;
  readonly fields: readonly FieldValue[];
}

/** Of what only pods say, where they run and since when, one of its pods is asked; it first where a pod is asked for. */
async function readOf({ parts, context, reading, turn }: ReadingFor, ref: ResourceRef): Promise<ReadOf | undefined> {
  const { kube } = parts.ports;
  const object = await kube.object(context, { kind: resourceOf(ref), namespace: ref.namespace, name: ref.name });
  if (!object.ok) return undefined;
  const words = withoutKinds(reading.rest);
  const own = { of: ref, fields: fieldsAsked(masked(object.value), words) };
  const asksOfPod = /\bpod\b/i.test(turn.begun.question);
  const labels = own.fields.length > 0 && !asksOfPod ? undefined : podSelectorOf(object.value);
  const { namespace } = ref;
  if (labels === undefined || namespace === undefined) return own;
  const pods = await kube.table(context, { kind: 'pods', namespace, labels, limit: 20 });
  const name = pods.ok ? pods.value.rows[0]?.name : undefined;
  const pod = name === undefined ? undefined : await kube.object(context, { kind: 'pods', namespace, name });
  if (name === undefined || pod?.ok !== true) return own;
  const fields = fieldsAsked(masked(pod.value), words);
  return fields.length === 0 ? own : { of: { apiVersion: 'v1', kind: 'Pod', namespace, name }, fields };
}

/** Words for kinds say of what is asked, and are no names of fields; alone they may be. */
function withoutKinds(rest: string): string {
  const other = rest
    .split(/\s+/)
    .filter((w) => kindOfWord(w.replace(/[?.,!]+$/, '')) === undefined)
    .join(' ');
  return asksForField(other) ? other : rest;
}

/** A time, and how long ago that was or how soon it will be. */
function withAge(value: string, now: number): string {
  if (!/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) return value;
  const past = now - Date.parse(value);
  return past < 0 ? value : `${value} (${spanWords(past)} ago)`;
}

/** Values of a Secret come masked already, with how long they are. */
const masked = (object: Json): Json => maskCredentials(object, () => MASKED) as Json;
const resourceOf = ({ kind }: ResourceRef): string =>
  (KINDS as Readonly<Partial<Record<string, { readonly resource: string }>>>)[kind]?.resource ?? kind;
