import { LineCounter, parseDocument } from 'yaml';
import { readBlockYaml } from './block-yaml.ts';

/** One value of a file, with the line it begins in; or why there is none. */
export type Document =
  | { readonly line: number; readonly ok: true; readonly value: unknown }
  | { readonly line: number; readonly ok: false; readonly because: string };

/**
 * The values of a text in YAML or JSON, one after the other. The items of a long YAML list of objects come one by one, as if each were
 * a document of its own: a dump of a cluster is one document, and one bad object must not cost the others.
 */
export function* documentsOf(text: string): Generator<Document> {
  const first = /\S/.exec(text)?.[0];
  if (first === '{' || first === '[') yield* jsonDocuments(withoutLogs(text));
  else for (const piece of pieces(text)) yield* yamlDocuments(piece);
}

/** What programs log is no object, whatever it looks like. Lines keep their numbers. */
function withoutLogs(text: string): string {
  if (!text.includes('==== START logs')) return text;
  return text.replaceAll(/^==== START logs for container [\s\S]*?^==== END logs for container .*$/gm, (logs) =>
    logs.replaceAll(/[^\n]+/g, ''),
  );
}

interface Piece {
  readonly text: string;
  /** Of its first line, from 1. */
  readonly line: number;
}

const SEPARATOR = /^---(?=\s|$)|^\.\.\.\s*$/;

/** The documents of a YAML stream. */
function* pieces(text: string): Generator<Piece> {
  let from = 0;
  let line = 1;
  let begun = 1;
  for (let at = 0; at <= text.length;) {
    const newline = text.indexOf('\n', at);
    const end = newline === -1 ? text.length : newline;
    const c = text.charCodeAt(at);
    if ((c === 45 || c === 46) && SEPARATOR.test(text.slice(at, Math.min(end, at + 80)))) {
      yield { text: text.slice(from, at), line: begun };
      // What stands behind the dashes belongs to the document they begin.
      from = at + 3;
      begun = line;
    }
    if (newline === -1) break;
    at = newline + 1;
    line++;
  }
  yield { text: text.slice(from), line: begun };
}

const isEmpty = (text: string) => !/^[^\S\n]*[^\s#]/m.test(text);

function* yamlDocuments(piece: Piece): Generator<Document> {
  if (isEmpty(piece.text)) return;
  const split = splitItems(piece);
  if (split === undefined) {
    yield readYaml(piece);
    return;
  }
  const head = readYaml(split.head);
  if (!head.ok) {
    yield head;
    return;
  }
  const list = typeof head.value === 'object' && head.value !== null ? head.value : {};
  for (const item of split.items) {
    const read = readYaml(item);
    yield read.ok ? { ...read, value: { ...list, items: [read.value] } } : read;
  }
  if (split.items.length === 0) yield { ...head, value: { ...list, items: [] } };
}

function readYaml({ text, line }: Piece): Document {
  const quick = readBlockYaml(text);
  if (quick !== undefined) return { line, ok: true, value: quick.value };
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, logLevel: 'silent', prettyErrors: false });
  const [error] = document.errors;
  if (error === undefined) {
    try {
      return { line, ok: true, value: document.toJS({ maxAliasCount: 1_000 }) as unknown };
    } catch (thrown) {
      return { line, ok: false, because: thrown instanceof Error ? thrown.message : String(thrown) };
    }
  }
  const where = line - 1 + lines.linePos(error.pos[0]).line;
  return { line: where, ok: false, because: `it is no YAML: ${error.message.split('\n')[0] ?? ''}` };
}

const ANCHOR = /[:-] &[\w-]+/;

/** A list whose items stand in block style under `items:`, cut into the items and what is around them. */
function splitItems({ text, line }: Piece): { readonly head: Piece; readonly items: readonly Piece[] } | undefined {
  const found = /^items:[^\S\n]*\n( *)- /m.exec(text);
  // What one item gives a name to another may repeat: such a list is one piece.
  if (found === null || ANCHOR.test(text) || !/^kind:\s*\w*List\b/m.test(text)) return undefined;
  const dash = `${found[1] ?? ''}- `;
  const inner = ' '.repeat(dash.length);
  const lines = text.slice(found.index).split('\n');
  const items: { lines: string[]; line: number }[] = [];
  const before = text.slice(0, found.index);
  const start = line + before.split('\n').length - 1;
  let end = 1;
  for (; end < lines.length; end++) {
    const current = lines[end] ?? '';
    if (current.startsWith(dash)) items.push({ lines: [current.slice(dash.length)], line: start + end });
    else if (current.startsWith(inner)) items.at(-1)?.lines.push(current.slice(inner.length));
    else if (current.trim() === '') items.at(-1)?.lines.push('');
    else break;
  }
  const rest = lines.slice(end);
  // What stands behind the items is the end of the list's own head, never more items.
  if (rest.some((l) => l.startsWith(dash))) return undefined;
  return {
    head: { text: `${before}${'\n'.repeat(end)}${rest.join('\n')}`, line },
    items: items.map((item) => ({ text: item.lines.join('\n'), line: item.line })),
  };
}

/** JSON values one after the other, with whatever text between them left out: `kubectl cluster-info dump` prints logs there. */
function* jsonDocuments(text: string): Generator<Document> {
  let line = 1;
  let counted = 0;
  const lineAt = (at: number) => {
    for (; counted < at; counted++) if (text.charCodeAt(counted) === 10) line++;
    return line;
  };
  for (let at = 0; at < text.length;) {
    const start = nextValue(text, at);
    if (start === -1) return;
    const end = endOfValue(text, start);
    const begins = lineAt(start);
    try {
      yield { line: begins, ok: true, value: JSON.parse(text.slice(start, end)) as unknown };
    } catch (error) {
      yield { line: begins, ok: false, because: `it is no JSON: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}` };
    }
    at = end;
  }
}

/** The next brace at the beginning of a line; of the first line also behind blanks. */
function nextValue(text: string, from: number): number {
  const begin = /(?:^|\n)[^\S\n]*[[{]/g;
  begin.lastIndex = Math.max(0, from - 1);
  const found = begin.exec(text);
  return found === null ? -1 : found.index + found[0].length - 1;
}

function endOfValue(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 34: {
        at = endOfString(text, at);
        break;
      }
      case 91:
      case 123:
        depth++;
        break;
      case 93:
      case 125:
        if (--depth === 0) return at + 1;
    }
  }
  return text.length;
}

/** Where the string that begins here ends. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === 92) slashes++;
    if (slashes % 2 === 0) return end;
  }
  return text.length;
}
