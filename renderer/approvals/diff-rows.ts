/** A unified diff side by side, and which part of a line differs. Pure. */

export interface Side {
  readonly text: string;
  /** What differs from the other side: from here up to there. */
  readonly from: number;
  readonly to: number;
}

export type DiffRow = { readonly same: string } | { readonly left: Side | undefined; readonly right: Side | undefined };

export interface Hunk {
  /** Where in the object: `spec.template.spec`; empty where the diff does not say. */
  readonly place: string;
  readonly rows: readonly DiffRow[];
}

/** The hunks of a unified diff of one object. The two lines that name its sides are left out; text that is no diff is one hunk of lines that are the same. */
export function hunksOf(diff: string): readonly Hunk[] {
  const hunks: { place: string; rows: DiffRow[] }[] = [];
  let minus: string[] = [];
  let plus: string[] = [];
  const settle = () => {
    const rows = hunks.at(-1)?.rows;
    for (let i = 0; i < Math.max(minus.length, plus.length); i++) rows?.push(pair(minus[i], plus[i]));
    [minus, plus] = [[], []];
  };
  for (const line of diff.replace(/\n$/, '').split('\n')) {
    if (hunks.length === 0 && (line.startsWith('--- ') || line.startsWith('+++ '))) continue;
    const place = /^@@ [^@]*@@ ?(.*)$/.exec(line);
    if (place !== null) {
      settle();
      hunks.push({ place: place[1] ?? '', rows: [] });
      continue;
    }
    if (hunks.length === 0) hunks.push({ place: '', rows: [] });
    if (line.startsWith('-')) minus.push(line.slice(1));
    else if (line.startsWith('+')) plus.push(line.slice(1));
    else if (!line.startsWith('\\')) {
      settle();
      hunks.at(-1)?.rows.push({ same: line.startsWith(' ') ? line.slice(1) : line });
    }
  }
  settle();
  return hunks;
}

function pair(left: string | undefined, right: string | undefined): DiffRow {
  if (left === undefined || right === undefined) return { left: whole(left), right: whole(right) };
  const most = Math.min(left.length, right.length);
  let from = 0;
  while (from < most && left[from] === right[from]) from++;
  let back = 0;
  while (back < most - from && left[left.length - 1 - back] === right[right.length - 1 - back]) back++;
  return { left: { text: left, from, to: left.length - back }, right: { text: right, from, to: right.length - back } };
}

const whole = (text: string | undefined): Side | undefined => (text === undefined ? undefined : { text, from: 0, to: 0 });

/** Spaces that every line of a hunk begins with. */
export function indentOf(rows: readonly DiffRow[]): number {
  const lines = rows
    .flatMap((r) => ('same' in r ? [r.same] : [r.left?.text, r.right?.text]))
    .filter((l) => l !== undefined && l.trim() !== '');
  return Math.min(...lines.map((l) => (l?.length ?? 0) - (l?.trimStart().length ?? 0)), 80);
}
