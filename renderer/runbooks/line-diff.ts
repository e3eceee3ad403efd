/** What a text became, line by line. Pure. */

export interface DiffLine {
  readonly tone: 'same' | 'gone' | 'new';
  readonly text: string;
}

/** Texts longer than this are compared by what stands at both ends alone: the table of all pairs would be too large. */
const MOST_PAIRS = 4_000_000;

export function lineDiff(before: string, after: string): readonly DiffLine[] {
  const a = linesOf(before);
  const b = linesOf(after);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const same = (lines: readonly string[]): DiffLine[] => lines.map((text) => ({ tone: 'same', text }));
  return [
    ...same(a.slice(0, head)),
    ...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...same(a.slice(a.length - tail)),
  ];
}

const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

function middle(a: readonly string[], b: readonly string[]): DiffLine[] {
  const gone = (text: string): DiffLine => ({ tone: 'gone', text });
  const added = (text: string): DiffLine => ({ tone: 'new', text });
  if (a.length * b.length > MOST_PAIRS) return [...a.map(gone), ...b.map(added)];
  // How many lines the rests have in common.
  const wide = b.length + 1;
  const common = new Uint32Array((a.length + 1) * wide);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i * wide + j] =
        a[i] === b[j] ? common[(i + 1) * wide + j + 1]! + 1 : Math.max(common[(i + 1) * wide + j]!, common[i * wide + j + 1]!);
  const out: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      out.push({ tone: 'same', text: a[i]! });
      i++;
      j++;
    } else if (i < a.length && (j >= b.length || common[(i + 1) * wide + j]! >= common[i * wide + j + 1]!)) out.push(gone(a[i++]!));
    else out.push(added(b[j++]!));
  }
  return out;
}

/** Changed lines with some around them; null stands for lines that were left out. */
export function aroundChanges(lines: readonly DiffLine[], around = 2): readonly (DiffLine | null)[] {
  const near = lines.map((_, i) => lines.slice(Math.max(0, i - around), i + around + 1).some((l) => l.tone !== 'same'));
  return lines.flatMap((line, i): (DiffLine | null)[] => (near[i] ? [line] : near[i - 1] === true ? [null] : []));
}
