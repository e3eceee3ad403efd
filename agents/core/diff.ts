import { structuredPatch } from 'diff';
import { stringify } from 'yaml';
import { maskCredentials } from './masked-value.ts';
import { maskSecret } from './redact.ts';

/** What a server or kubectl writes by itself; a person deciding about a change does not need it. */
const NOISE = new Set(['managedFields', 'resourceVersion', 'generation', 'uid', 'creationTimestamp', 'selfLink']);
const NOISY_ANNOTATION = 'kubectl.kubernetes.io/last-applied-configuration';
/** Lines around a change. */
const CONTEXT = 3;

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

function quiet(object: unknown): unknown {
  if (!isFields(object)) return object;
  const { status: _status, metadata, ...rest } = object;
  if (!isFields(metadata)) return { ...rest, metadata };
  const kept = Object.fromEntries(Object.entries(metadata).filter(([key]) => !NOISE.has(key)));
  const { annotations } = metadata;
  if (!isFields(annotations) || !(NOISY_ANNOTATION in annotations)) return { ...rest, metadata: kept };
  const { [NOISY_ANNOTATION]: _noise, ...others } = annotations;
  const { annotations: _annotations, ...bare } = kept;
  return { ...rest, metadata: Object.keys(others).length > 0 ? { ...bare, annotations: others } : bare };
}

/** Keys by name, but `name` first: items of lists begin with what tells them apart. */
function byKey(a: { key: unknown }, b: { key: unknown }): number {
  const key = (entry: { key: unknown }) => {
    const scalar = isFields(entry.key) && 'value' in entry.key ? entry.key['value'] : entry.key;
    return typeof scalar === 'string' ? scalar : '';
  };
  const [x, y] = [key(a), key(b)];
  return x === y ? 0 : x === 'name' ? -1 : y === 'name' ? 1 : x < y ? -1 : 1;
}

const yaml = (object: unknown) => (object === null ? '' : stringify(quiet(object), { sortMapEntries: byKey, lineWidth: 0 }));

/** The path of a line in a YAML text, from the lines above it that are indented less: `spec.template.spec.containers[web]`. */
function pathOf(lines: readonly string[], at: number): string {
  const steps: string[] = [];
  let indent = indentOf(lines[at] ?? '');
  for (let i = at - 1; i >= 0 && indent > 0; i--) {
    const line = lines[i] ?? '';
    const [, spaces = '', dash = '', key = '', value = ''] = /^( *)(- )?(?:([^\s:#][^:]*):)?(.*)$/.exec(line) ?? [];
    const item = dash !== '' && spaces.length + 2 === indent;
    if (item) {
      steps.unshift(key === 'name' ? `[${value.trim()}]` : '[]');
      indent = spaces.length + 1;
    } else if (spaces.length < indent && dash === '' && key !== '') {
      steps.unshift(`.${key}`);
      indent = spaces.length;
    }
  }
  return steps.join('').replace(/^\./, '');
}

const indentOf = (line: string) => /^ */.exec(line)?.[0].length ?? 0;

/**
 * A unified diff of two API objects as YAML, three lines of context and the path of each change, without what the server manages,
 * values of Secrets and what looks like a credential masked (a changed one has another number). Null stands for "does not exist". Empty when nothing a person set would
 * change.
 */
export function diffObjects(before: unknown, after: unknown, name: string): string {
  const values = new Map<string, string>();
  const numbered = (value: string) => values.get(value) ?? values.set(value, `value ${values.size + 1}`).get(value) ?? '';
  const masked = (object: unknown) => yaml(maskSecret(maskCredentials(object, numbered), numbered));
  const [a, b] = [masked(before), masked(after)];
  if (a === b) return '';
  const { hunks } = structuredPatch(name, name, a, b, undefined, undefined, { context: CONTEXT });
  const text = [a.split('\n'), b.split('\n')] as const;
  const lines = [`--- ${name} (${before === null ? 'absent' : 'now'})`, `+++ ${name} (${after === null ? 'absent' : 'after'})`];
  for (const hunk of hunks) {
    const first = hunk.lines.findIndex((l) => !l.startsWith(' '));
    const removed = hunk.lines[first]?.startsWith('-') === true;
    const at = (removed ? hunk.oldStart : hunk.newStart) - 1 + first;
    const path = pathOf(text[removed ? 0 : 1], at);
    const range = (start: number, count: number) => `${count === 0 ? start - 1 : start},${count}`;
    const [from, to] = [range(hunk.oldStart, hunk.oldLines), range(hunk.newStart, hunk.newLines)];
    lines.push(`@@ -${from} +${to} @@${path === '' ? '' : ` ${path}`}`);
    lines.push(...hunk.lines.filter((l) => !l.startsWith('\\ No newline')));
  }
  return lines.join('\n').trimEnd();
}
