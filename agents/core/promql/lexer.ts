import { PromqlError } from './syntax.ts';

export interface Token {
  /** name: a metric, label or word | bracket: what stands between [ and ] */
  readonly kind: 'number' | 'duration' | 'string' | 'name' | 'bracket' | 'sign' | 'end';
  readonly text: string;
  readonly place: number;
}

const SPACE = /(?:\s+|#[^\n]*)*/y;
const DURATION = /(?:\d+(?:ms|[smhdwy]))+(?![a-zA-Z0-9_.])/y;
const NUMBER = /(?:0[xX][0-9a-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?)(?![a-zA-Z0-9_.])/y;
const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const SIGNS = ['=~', '!~', '!=', '==', '<=', '>=', '=', '<', '>', '+', '-', '*', '/', '%', '^', '(', ')', '{', '}', ',', '@'] as const;

export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let place = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = place;
    return pattern.exec(text)?.[0];
  };
  for (;;) {
    place += take(SPACE)?.length ?? 0;
    const from = place;
    const push = (kind: Token['kind'], length: number, value = text.slice(from, from + length)) => {
      tokens.push({ kind, text: value, place: from });
      place = from + length;
    };
    if (place >= text.length) {
      push('end', 0);
      return tokens;
    }
    const char = text[place]!;
    if (char === '"' || char === "'" || char === '`') {
      const end = endOfString(text, place);
      push('string', end - place, unquoted(text.slice(place, end), place));
      continue;
    }
    if (char === '[') {
      const end = text.indexOf(']', place);
      if (end < 0) throw new PromqlError('a [ is never closed', place);
      push('bracket', end + 1 - place, text.slice(place + 1, end));
      continue;
    }
    const duration = take(DURATION);
    const number = duration === undefined ? take(NUMBER) : undefined;
    const name = duration === undefined && number === undefined ? take(NAME) : undefined;
    if (duration !== undefined) push('duration', duration.length);
    else if (number !== undefined) push('number', number.length);
    else if (name !== undefined) push('name', name.length);
    else {
      const sign = SIGNS.find((s) => text.startsWith(s, place));
      if (sign === undefined) throw new PromqlError(`${JSON.stringify(char)} is not expected here`, place);
      push('sign', sign.length);
    }
  }
}

function endOfString(text: string, from: number): number {
  const quote = text[from]!;
  for (let i = from + 1; i < text.length; i++) {
    if (text[i] === '\\' && quote !== '`') i++;
    else if (text[i] === quote) return i + 1;
    else if (text[i] === '\n' && quote !== '`') break;
  }
  throw new PromqlError('a string is never closed', from);
}

/** Stands for bytes that are no character. */
export const BROKEN = '\ufffd';
const ESCAPES: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

function unquoted(text: string, place: number): string {
  const inner = text.slice(1, -1);
  if (text.startsWith('`')) return inner;
  return inner.replace(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))/gs, (_, x, u, long, octal, one) => {
    const code = (u ?? long) as string | undefined;
    if (code !== undefined) return String.fromCodePoint(parseInt(code, 16));
    const byte = x !== undefined ? parseInt(x as string, 16) : octal !== undefined ? parseInt(octal as string, 8) : undefined;
    if (byte !== undefined) return byte < 128 ? String.fromCharCode(byte) : BROKEN;
    const plain = one as string;
    if (plain in ESCAPES) return ESCAPES[plain]!;
    if (plain === '\\' || plain === "'" || plain === '"') return plain;
    throw new PromqlError(`\\${plain} is no escape`, place);
  });
}

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 365 * 86_400_000,
};
const ORDER = ['y', 'w', 'd', 'h', 'm', 's', 'ms'];

/** `1h30m` in milliseconds; undefined where it is none. Units go from large to small, each once. */
export function durationOf(text: string): number | undefined {
  if (!/^(?:\d+(?:ms|[smhdwy]))+$/.test(text)) return undefined;
  let ms = 0;
  let last = -1;
  for (const [, number, unit] of text.matchAll(/(\d+)(ms|[smhdwy])/g)) {
    const rank = ORDER.indexOf(unit!);
    if (rank <= last) return undefined;
    last = rank;
    ms += Number(number) * UNITS[unit!]!;
  }
  return ms;
}

export function numberOf(text: string): number {
  const plain = text.replaceAll('_', '');
  return /^0[0-7]+$/.test(plain) ? parseInt(plain, 8) : Number(plain);
}
