import { createTwoFilesPatch } from 'diff';
import { stringify } from 'yaml';
import { shortHash } from './canonical.ts';
import { maskSecret } from './redact.ts';

/** What a server writes by itself; a person deciding about a change does not need it. */
const NOISE = new Set(['managedFields', 'resourceVersion', 'generation', 'uid', 'creationTimestamp', 'selfLink']);

function quiet(object: unknown): unknown {
  const masked = maskSecret(object, shortHash);
  if (typeof masked !== 'object' || masked === null) return masked;
  const { status: _status, metadata, ...rest } = masked as Record<string, unknown>;
  const meta =
    typeof metadata === 'object' && metadata !== null
      ? Object.fromEntries(Object.entries(metadata).filter(([k]) => !NOISE.has(k)))
      : metadata;
  return { ...rest, metadata: meta };
}

const yaml = (object: unknown) => (object === null ? '' : stringify(quiet(object), { sortMapEntries: true, lineWidth: 0 }));

/**
 * A unified diff of two API objects as YAML, three lines of context, without what the server manages, Secret values masked. Null
 * stands for "does not exist". Empty when nothing a person set would change.
 */
export function diffObjects(before: unknown, after: unknown, name: string): string {
  const [a, b] = [yaml(before), yaml(after)];
  if (a === b) return '';
  const lines = createTwoFilesPatch(name, name, a, b, before === null ? 'absent' : 'now', after === null ? 'absent' : 'after', {
    context: 3,
  }).split('\n');
  return lines
    .filter((l) => !l.startsWith('=====') && !l.startsWith('\\ No newline'))
    .join('\n')
    .trimEnd();
}
