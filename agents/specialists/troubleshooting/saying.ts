/** A line of a log, and what it says to whoever reads it. */
export interface Saying<T> {
  /** Without the space around it. */
  readonly line: string;
  readonly says: T;
}

type Reader<T> = (line: string) => T | undefined;

const known = new WeakMap<readonly string[], WeakMap<Reader<unknown>, readonly Saying<unknown>[]>>();

/**
 * The lines of a log that say something to a reader, oldest first. Many checks ask the same of a log, and again whenever something in the
 * cluster changes, while the log is the same array as long as it is kept: each reader reads it once.
 */
export function saying<T>(lines: readonly string[], reader: Reader<T>): readonly Saying<T>[] {
  let readers = known.get(lines);
  if (readers === undefined) known.set(lines, (readers = new WeakMap()));
  let found = readers.get(reader) as readonly Saying<T>[] | undefined;
  if (found === undefined) {
    found = lines.flatMap((line) => {
      const says = reader(line);
      return says === undefined ? [] : [{ line: line.trim(), says }];
    });
    readers.set(reader, found);
  }
  return found;
}
