import { type Json, type JsonPatchOp, type ResourceRef, refWords } from '../../contract/index.ts';
import { maskedText, maskedValue } from '../../core/masked-value.ts';
import { field } from '../../core/paths.ts';
import { redact } from '../../core/redact.ts';
import { applyPatch, find, stepsOf } from './json-patch.ts';

/** How changes are said: as a colleague would, who knows the object. */

/** Lists of Kubernetes objects whose entries people know by name. */
const NAMED: Readonly<Record<string, string>> = {
  containers: 'container',
  initContainers: 'init container',
  ephemeralContainers: 'ephemeral container',
  volumes: 'volume',
  volumeMounts: 'volume mount',
  env: 'environment variable',
  ports: 'port',
  imagePullSecrets: 'image pull secret',
};
const MAPS: Readonly<Record<string, string>> = {
  labels: 'label',
  annotations: 'annotation',
  matchLabels: 'selector label',
  nodeSelector: 'node selector',
  data: 'key',
};
/** Longer values are not put into a sentence; the diff shows them. */
const MOST_CHARACTERS = 80;

/** `image of container api`, `label app`, `spec.replicas`: a JSON pointer in words, with the names found in the object. */
export function fieldWords(object: Json, pointer: string): string {
  const steps = stepsOf(pointer);
  const owners: string[] = [];
  let path = '';
  let here = '';
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i] ?? '';
    const list = NAMED[steps[i - 1] ?? ''];
    here += `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (list !== undefined && /^(\d+|-)$/.test(step)) {
      const name = find(object, `${here}/name`) ?? find(object, `${here}/containerPort`) ?? find(object, `${here}/port`);
      owners.unshift(typeof name === 'string' || typeof name === 'number' ? `${list} ${name}` : list);
      path = '';
      continue;
    }
    const map = MAPS[steps[i - 1] ?? ''];
    if (map !== undefined && i === steps.length - 1 && /(^|[.\]])(labels|annotations|matchLabels|nodeSelector|data)$/.test(path)) {
      const where = path.includes('template') ? ' of the pod template' : '';
      return [`${map} ${step}${where}`, ...owners].join(' of ');
    }
    path = /^\d+$/.test(step) ? `${path}[${step}]` : path === '' ? step : field(path, step);
  }
  return [...(path === '' ? [] : [path]), ...owners].join(' of ');
}

/** The name a value goes by: of a variable, a label, an annotation, a key. */
export function nameAt(object: Json, pointer: string): string | undefined {
  const steps = stepsOf(pointer);
  const last = steps.at(-1);
  if (['labels', 'annotations', 'data'].includes(steps.at(-2) ?? '')) return last;
  const name = last === 'value' ? find(object, pointer.replace(/value$/, 'name')) : undefined;
  return typeof name === 'string' ? name : undefined;
}

/** A value short enough for a sentence, or undefined; credentials masked. Of a Secret never. */
function valueWords(value: Json | undefined, ref: ResourceRef, name?: string): string | undefined {
  if (value === undefined || (typeof value === 'object' && value !== null) || ref.kind === 'Secret') return undefined;
  const verbatim = value === '' ? '""' : String(value);
  const text = name === undefined ? redact(verbatim) : maskedValue(name, verbatim);
  return text.length > MOST_CHARACTERS ? undefined : text;
}

function opWords(before: Json, op: Exclude<JsonPatchOp, { op: 'test' }>, ref: ResourceRef): string {
  const old = find(before, op.path);
  const name = nameAt(before, op.path);
  const was = valueWords(old, ref, name);
  const what = op.op === 'add' && old === undefined ? fieldWords(added(before, op), op.path) : fieldWords(before, op.path);
  if (op.op === 'remove') return `remove ${what}${was === undefined ? '' : ` (was ${was})`}`;
  const becomes = valueWords(op.value, ref, name);
  if (op.op === 'add' && (old === undefined || op.path.endsWith('/-')))
    return becomes === undefined ? `add ${what}` : `set ${what} to ${becomes}`;
  if (becomes === undefined) return `change ${what}`;
  return `change ${what}${was === undefined ? '' : ` from ${was}`} to ${becomes}`;
}

/** The object with the new entry, so that an added entry can be called by its own name. */
function added(before: Json, op: JsonPatchOp): Json {
  const patched = op.path.endsWith('/-') ? undefined : applyPatch(before, [op]);
  return patched?.ok === true ? patched.value : before;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const list = (parts: readonly string[]) =>
  parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;

/** "Change image of container api from a to b in Deployment shop/checkout". */
export function patchWords(before: Json, ops: readonly JsonPatchOp[], ref: ResourceRef): string {
  const changes = ops.filter((op) => op.op !== 'test').map((op) => opWords(before, op, ref));
  return `${capital(list([...new Set(changes)]))} in ${refWords(ref)}`;
}

/** "Change image of container api back to a". */
export function undoWords(before: Json, ops: readonly JsonPatchOp[], ref: ResourceRef): string {
  const parts = ops
    .filter((op) => op.op !== 'test')
    .map((op) => {
      const old = op.path.endsWith('/-') ? undefined : find(before, op.path);
      const what = fieldWords(old === undefined && op.op === 'add' ? added(before, op) : before, op.path);
      if (old === undefined) return `remove ${what} again`;
      const was = valueWords(old, ref, nameAt(before, op.path));
      return was === undefined ? `put ${what} back as it is now` : `change ${what} back to ${was}`;
    });
  return capital(list([...new Set(parts)]));
}

/** A value as an error sentence quotes it. */
export function quoted(value: Json | undefined, ref: ResourceRef, name?: string): string {
  if (value === undefined) return 'absent';
  return (
    valueWords(value, ref, name) ??
    (ref.kind === 'Secret' ? 'another value' : `${(maskedText([], value) ?? '').slice(0, MOST_CHARACTERS)}…`)
  );
}
