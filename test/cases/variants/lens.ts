import type { Condition, RawObject, Snapshot } from '../conditions.ts';
import { LABEL_KEY } from './rename.ts';

/** A condition of the original, asked about the variant: it is shown the variant's objects under the names it knows. */
export function original(words: ReadonlyMap<string, string>): (condition: Condition) => Condition {
  const back = [...words].map(([from, to]) => [to, from] as const).sort(([a], [b]) => b.length - a.length);
  // Names of pods and other children begin with that of their owner.
  const known = new RegExp(
    `(?<![A-Za-z0-9_.-])(?:${back.map(([to]) => to.replaceAll(/[.*+?^\${}()|[\\]\\\\]/g, '\\\\$&')).join('|') || '(?!)'})(?![A-Za-z0-9_])`,
    'g',
  );
  const names = new Map(back);
  const shown = (object: RawObject): RawObject =>
    JSON.parse(
      JSON.stringify(object)
        .replaceAll(LABEL_KEY, '"app":')
        .replaceAll(known, (word) => names.get(word) ?? word),
    ) as RawObject;
  return (condition) => (seen) => {
    const all = new Map<string, readonly RawObject[]>();
    const list = (kind: string) => {
      const ready = all.get(kind) ?? seen.list(kind).map(shown);
      all.set(kind, ready);
      return ready;
    };
    const snapshot: Snapshot = { list, get: (kind, name) => list(kind).find((o) => o.metadata.name === name) };
    return condition(snapshot);
  };
}
