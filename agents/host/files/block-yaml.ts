/**
 * Reads the block style in which kubectl prints objects, a hundred times faster than a full YAML parser, so that the dump of a large
 * cluster takes seconds and not an hour. Whatever it is not sure of (flow style, anchors, tags, folded blocks, a repeated key, odd
 * indentation) makes it answer undefined, and the caller takes the full parser: the two may never disagree.
 */
export function readBlockYaml(text: string): { readonly value: unknown } | undefined {
  if (text.includes('\t') && /^[ ]*\t/m.test(text)) return undefined;
  const reader = new Reader(text.split('\n'));
  try {
    const value = reader.node(-1);
    return reader.atEnd() ? { value } : undefined;
  } catch (error) {
    if (error instanceof Unsure) return undefined;
    throw error;
  }
}

class Unsure extends Error {}

/** A key in plain style may hold colons that no blank follows. */
const KEY = /^(?:([A-Za-z0-9_./][^\s#:]*(?::[^\s#:]+)*)|"([^"\\]*)"|'([^']*)'):(?: +|$)/;
const DOUBLE = /^"((?:[^"\\]|\\.)*)"(?: +#.*| *)$/;
const SINGLE = /^'((?:[^']|'')*)'(?: +#.*| *)$/;
const BLOCK = /^\|([+-]?)(?: +#.*| *)$/;
const INTEGER = /^[-+]?\d{1,15}$/;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
/** Numbers in forms of their own, and what begins like none of the plain words. */
const ODD = /^(?:[-+]?\d{16,}$|0[xo]|[-+]?\.(?:inf|Inf|INF)$|\.(?:nan|NaN|NAN)$|[&*!|>%@`{}[\],?#"']|[-?:](?: |$))/;

function plain(text: string): unknown {
  switch (text) {
    case 'null':
    case 'Null':
    case 'NULL':
    case '~':
    case '':
      return null;
    case 'true':
    case 'True':
    case 'TRUE':
      return true;
    case 'false':
    case 'False':
    case 'FALSE':
      return false;
  }
  if (ODD.test(text)) throw new Unsure();
  return INTEGER.test(text) || FLOAT.test(text) ? Number(text) : text;
}

function unescape(text: string): string {
  if (!text.includes('\\')) return text;
  if (/\\[^"\\/bfnrtu]/.test(text.replaceAll('\\\\', ''))) throw new Unsure();
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    throw new Unsure();
  }
}

const indentOf = (line: string) => {
  let n = 0;
  while (line.charCodeAt(n) === 32) n++;
  return n;
};

class Reader {
  readonly #lines: string[];
  #at = 0;

  constructor(lines: string[]) {
    this.#lines = lines;
  }

  /** Behind blank lines and remarks there is nothing more. */
  atEnd(): boolean {
    return this.#peek() === undefined;
  }

  /** A mapping or sequence that is indented more than `parent`. */
  node(parent: number): unknown {
    const line = this.#peek();
    if (line === undefined) return null;
    const indent = indentOf(line);
    if (indent <= parent) return null;
    if (isItem(line, indent)) return this.#sequence(indent);
    return this.#mapping(indent);
  }

  /** The next line that says something, without its end. */
  #peek(): string | undefined {
    for (; this.#at < this.#lines.length; this.#at++) {
      const raw = this.#lines[this.#at] ?? '';
      const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
      const indent = indentOf(line);
      if (indent < line.length && line.charCodeAt(indent) !== 35) return line;
    }
    return undefined;
  }

  #mapping(indent: number): Record<string, unknown> {
    const map: Record<string, unknown> = {};
    for (let line = this.#peek(); line !== undefined; line = this.#peek()) {
      const own = indentOf(line);
      if (own < indent || (own === indent && isItem(line, own))) break;
      const parts = own === indent ? KEY.exec(line.slice(own)) : null;
      if (parts === null) throw new Unsure();
      const [whole, bare, double, single] = parts;
      const key = bare === undefined ? (double ?? single ?? '') : keyOf(bare);
      if (Object.hasOwn(map, key) || key === '__proto__') throw new Unsure();
      map[key] = this.#value(line.slice(own + whole.length), indent, true);
    }
    return map;
  }

  #sequence(indent: number): unknown[] {
    const list: unknown[] = [];
    for (let line = this.#peek(); line !== undefined; line = this.#peek()) {
      const own = indentOf(line);
      if (own < indent || (own === indent && !isItem(line, own))) break;
      if (own > indent) throw new Unsure();
      const rest = line.slice(own + 1);
      const blanks = indentOf(rest);
      const inner = rest.slice(blanks);
      if (inner !== '' && (KEY.test(inner) || isItem(inner, 0))) {
        // A mapping or sequence that begins behind the dash stands as far in as its first line.
        this.#lines[this.#at] = ' '.repeat(own + 1 + blanks) + inner;
        list.push(this.node(own));
      } else list.push(this.#value(inner, indent, false));
    }
    return list;
  }

  /** What stands behind a key or dash of that indentation, on its line and on those that follow. */
  #value(text: string, indent: number, ofKey: boolean): unknown {
    this.#at++;
    const first = text.charAt(0);
    if (first === '' || first === '#') {
      const next = this.#peek();
      // The items of a key may stand no further in than the key.
      if (ofKey && next !== undefined && indentOf(next) === indent && isItem(next, indent)) return this.#sequence(indent);
      return this.node(indent);
    }
    if (first === '"') {
      const parts = DOUBLE.exec(text);
      if (parts === null) throw new Unsure();
      return unescape(parts[1] ?? '');
    }
    if (first === "'") return this.#single(text, indent);
    if (first === '|') return this.#block(text, indent);
    const remark = text.search(/ +#/);
    const words = (remark === -1 ? text : text.slice(0, remark)).trimEnd();
    if (words === '{}') return this.#alone({}, indent);
    if (words === '[]') return this.#alone([], indent);
    const more = this.#continued(indent);
    if (more.length > 0 && remark !== -1) throw new Unsure();
    const whole = [words, ...more].join(' ');
    if (/:(?: |$)/.test(whole) || ODD.test(words)) throw new Unsure();
    return more.length > 0 ? whole : plain(words);
  }

  #alone<T>(value: T, indent: number): T {
    if (this.#continued(indent).length > 0) throw new Unsure();
    return value;
  }

  /** The further lines of a text that goes on, each without what is around it. */
  #continued(indent: number): string[] {
    const more: string[] = [];
    for (; this.#at < this.#lines.length; this.#at++) {
      const line = this.#lines[this.#at] ?? '';
      const text = line.trim();
      // A blank line within a text is a newline of it, one after it is nothing.
      if (text === '') {
        const next = this.#peek();
        if (next !== undefined && indentOf(next) > indent) throw new Unsure();
        break;
      }
      if (indentOf(line) <= indent) break;
      if (text.startsWith('#') || text.includes(' #')) throw new Unsure();
      more.push(text);
    }
    return more;
  }

  #single(text: string, indent: number): string {
    let whole = text;
    while (!SINGLE.test(whole)) {
      const line = this.#lines[this.#at] ?? '';
      if (line.trim() === '' || indentOf(line) <= indent) throw new Unsure();
      whole = `${whole.trimEnd()} ${line.trim()}`;
      this.#at++;
    }
    return (SINGLE.exec(whole)?.[1] ?? '').replaceAll("''", "'");
  }

  /** A literal block: its lines as they stand, without their indentation. */
  #block(text: string, indent: number): string {
    const chomp = BLOCK.exec(text)?.[1];
    if (chomp === undefined) throw new Unsure();
    const lines: string[] = [];
    let inner = -1;
    for (; this.#at < this.#lines.length; this.#at++) {
      const raw = this.#lines[this.#at] ?? '';
      const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
      const own = indentOf(line);
      const isBlank = own === line.length;
      if (inner === -1 && isBlank && own > indent + 1) throw new Unsure();
      if (!isBlank && own <= indent) break;
      if (!isBlank && inner === -1) inner = own;
      if (!isBlank && own < inner) throw new Unsure();
      lines.push(inner === -1 ? '' : line.slice(inner));
    }
    if (inner === -1) throw new Unsure();
    // Behind the last line of the text, where the file ends with a newline, the split leaves an empty one.
    if (this.#at >= this.#lines.length && lines.at(-1) === '') lines.pop();
    let last = lines.length;
    while (last > 0 && lines[last - 1] === '') last--;
    const body = lines.slice(0, last).join('\n');
    return chomp === '-' ? body : `${body}\n${chomp === '+' ? '\n'.repeat(lines.length - last) : ''}`;
  }
}

const isItem = (line: string, indent: number) =>
  line.charCodeAt(indent) === 45 && (line.length === indent + 1 || line.charCodeAt(indent + 1) === 32);

function keyOf(bare: string): string {
  const value = plain(bare);
  if (typeof value === 'string') return value;
  if (typeof value !== 'number' || String(value) !== bare) throw new Unsure();
  return bare;
}
