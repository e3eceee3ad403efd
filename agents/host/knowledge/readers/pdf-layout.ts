/** A run of signs as it stands on a page; points, from its lower left corner. */
export interface PdfRun {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly size: number;
  readonly font: string;
  readonly isMono: boolean;
}

interface Line {
  text: string;
  readonly y: number;
  readonly size: number;
  /** The font that all of it is in; undefined where there are several. */
  font: string | undefined;
  isMono: boolean;
  end: number;
}

/** Beside the size of its letters: a gap that is wider is between cells of a table, and one that is higher between paragraphs. */
const CELL_GAP = 2;
const PARAGRAPH_GAP = 1.7;
/** Of the size of the body's letters: from here on it is a heading. */
const LARGER = 1.12;
const LONGEST_HEADING = 120;
/** A page may have so many lines above and below what it says. */
const EDGE = 2;

/**
 * Pages as Markdown: under the number of each its text, headings by the size and the face of their letters, paragraphs over the ends of
 * lines, columns and words that were cut; what stands at the edge of most pages is left out. The order is that of the file, which is the
 * order of reading.
 */
export function* pagesToMarkdown(pages: readonly (readonly PdfRun[])[]): Generator<string> {
  const lines = pages.map(linesOf);
  const body = bodyOf(lines.flat());
  const repeated = edgesOf(lines);
  const sizes = [
    ...new Set(
      lines
        .flat()
        .filter((line) => isLarger(line, body))
        .map(({ size }) => Math.round(size)),
    ),
  ].sort((a, b) => b - a);
  const path: (string | undefined)[] = [];
  for (const [index, page] of lines.entries()) {
    const shown = page.filter((line) => !repeated.has(edgeKey(line.text)));
    if (shown.every(({ text }) => text.trim() === '')) continue;
    yield `## Page ${index + 1}\n\n`;
    // What a section goes on with is still its own.
    for (const [at, title] of path.entries()) if (title !== undefined) yield `${'#'.repeat(at + 3)} ${title}\n\n`;
    let text = '';
    let last: Line | undefined;
    for (const [at, line] of shown.entries()) {
      if (!isHeading(line, body, shown[at + 1])) {
        const gap = last === undefined ? 0 : last.y - line.y;
        const isApart = last !== undefined && (gap > PARAGRAPH_GAP * line.size || gap < -line.size) && !goesOn(last.text, line.text);
        text += `${text === '' ? '' : isApart ? '\n\n' : '\n'}${line.text}`;
        last = line;
        continue;
      }
      if (text !== '') yield `${paragraphs(text)}\n\n`;
      text = '';
      last = undefined;
      const rank = sizes.indexOf(Math.round(line.size));
      const level = Math.min(3, rank === -1 ? sizes.length : rank);
      path.length = Math.min(path.length, level);
      path[level] = line.text.trim();
      yield `${'#'.repeat(level + 3)} ${line.text.trim()}\n\n`;
    }
    if (text !== '') yield `${paragraphs(text)}\n\n`;
  }
}

function linesOf(runs: readonly PdfRun[]): Line[] {
  const lines: Line[] = [];
  for (const { text, x, y, width, size, font, isMono } of runs) {
    const last = lines.at(-1);
    const isSame = last !== undefined && Math.abs(last.y - y) < size * 0.4 && x >= last.end - size;
    if (!isSame) {
      if (text.trim() !== '') lines.push({ text, y, size, font, isMono, end: x + width });
      continue;
    }
    const gap = x - last.end;
    if (gap > CELL_GAP * size && text.trim() !== '' && last.text.trim() !== '') last.text = `${last.text.trimEnd()} | `;
    else if (gap > size * 0.15 && !/\s$/.test(last.text) && !/^\s/.test(text)) last.text += ' ';
    last.text += text;
    if (text.trim() !== '') {
      if (last.font !== font) last.font = undefined;
      last.isMono &&= isMono;
      last.end = x + width;
    }
  }
  return lines.map((line) => ({ ...line, text: line.text.replaceAll(/[\ufb00-\ufb06]/g, (sign) => sign.normalize('NFKC')).trimEnd() }));
}

interface Body {
  readonly size: number;
  readonly font: string | undefined;
}

/** What most letters are in. */
function bodyOf(lines: readonly Line[]): Body {
  const most = <K>(keyOf: (line: Line) => K): K | undefined => {
    const letters = new Map<K, number>();
    for (const line of lines) letters.set(keyOf(line), (letters.get(keyOf(line)) ?? 0) + line.text.length);
    return [...letters].sort((a, b) => b[1] - a[1])[0]?.[0];
  };
  return { size: most(({ size }) => Math.round(size)) ?? 0, font: most(({ font }) => font) };
}

const isLarger = ({ size, text }: Line, body: Body): boolean =>
  size >= body.size * LARGER && text.length <= LONGEST_HEADING && /\p{L}/u.test(text);

/** Larger letters, or a short line in a face of its own over one that is in the usual face. */
const isHeading = (line: Line, body: Body, next: Line | undefined): boolean =>
  isLarger(line, body) ||
  (body.font !== undefined &&
    line.font !== undefined &&
    line.font !== body.font &&
    !line.isMono &&
    next !== undefined &&
    next.font !== line.font &&
    line.text.length <= 80 &&
    line.size >= body.size * 0.95 &&
    !line.text.includes(' | ') &&
    /^\s*(?:\d|\p{Lu})/u.test(line.text) &&
    /\p{L}{3}/u.test(line.text) &&
    !/[.,;:]$/.test(line.text.trim()));

const edgeKey = (text: string) => text.replaceAll(/\d+/g, '0').replaceAll(/\s+/g, ' ').trim();

/** Lines that stand first or last on most pages, whatever number is in them. */
function edgesOf(pages: readonly (readonly Line[])[]): ReadonlySet<string> {
  if (pages.length < 2) return new Set();
  const times = new Map<string, number>();
  for (const page of pages) {
    const byHeight = [...page].sort((a, b) => b.y - a.y);
    const edge = [...byHeight.slice(0, EDGE), ...byHeight.slice(-EDGE)];
    for (const key of new Set(edge.map(({ text }) => edgeKey(text)))) times.set(key, (times.get(key) ?? 0) + 1);
  }
  return new Set([...times].filter(([, n]) => n >= 2 && n * 2 >= pages.length).map(([key]) => key));
}

/** A sentence that a column or a page cut in two. */
const goesOn = (before: string, after: string): boolean => /[\p{L},;-]$/u.test(before.trim()) && /^\p{Ll}/u.test(after.trim());

/** Lines that are not ended by a sentence go on in the next; a line that looks like a heading is none. */
const paragraphs = (text: string): string =>
  text
    .replaceAll(/([\p{L},;])[-\u00ad]?\n(?=\p{Ll})/gu, (all, before: string) => (/[-\u00ad]\n/.test(all) ? before : `${before} `))
    .replaceAll(/([.:?!])\n(?=[\p{Lu}\p{N}])/gu, '$1\n\n')
    .replaceAll(/^([^\S\n]*)(#{1,6}\s|`{3,}|~{3,})/gm, '$1\\$2');
