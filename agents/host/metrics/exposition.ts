import { StringDecoder } from 'node:string_decoder';

/** The text format of Prometheus and OpenMetrics, line by line as it comes in: what is held does not grow with what is sent. */

export interface Exposed {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** Milliseconds since 1970, where the line says. */
  readonly at: number | undefined;
}

export interface Reading {
  readonly lines: number;
  /** Lines that are no sample, too long, or have more labels than anybody writes. */
  readonly bad: number;
  /** It came to its end, as far as the format can say. */
  readonly whole: boolean;
}

const LONGEST_LINE = 16 * 1024;
const MOST_LABELS = 64;
/** More are not read: nothing that is sent on purpose is as much. */
const MOST_BYTES = 64 * 2 ** 20;

interface Reader {
  /** Is asked first: labels are read of nothing else. */
  readonly wants: (name: string) => boolean;
  readonly take: (sample: Exposed) => void;
}

export async function readExposition(body: AsyncIterable<Buffer>, contentType: string, { wants, take }: Reader): Promise<Reading> {
  const open = contentType.includes('openmetrics');
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let [lines, bad, bytes] = [0, 0, 0];
  let ended = false;
  let skipping = false;
  const line = (text: string) => {
    if (text === '' || text.startsWith('#')) {
      if (text === '# EOF') ended = true;
      return;
    }
    lines++;
    const name = nameOf(text);
    if (name === undefined) bad++;
    else if (wants(name)) {
      const sample = sampleOf(text, name, open);
      if (sample === undefined) bad++;
      else take(sample);
    }
  };
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) return { lines, bad, whole: false };
    const text = rest + decoder.write(chunk);
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      if (skipping) {
        skipping = false;
        bad++;
      } else line(text[end - 1] === '\r' ? text.slice(from, end - 1) : text.slice(from, end));
      from = end + 1;
    }
    rest = text.slice(from);
    if (rest.length > LONGEST_LINE) {
      skipping = true;
      rest = '';
    }
  }
  // The last line ends as well; one that does not was cut off in its midst.
  return { lines, bad: bad + (rest === '' ? 0 : 1), whole: rest === '' && !skipping && (!open || ended) };
}

function nameOf(text: string): string | undefined {
  let i = 0;
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const letter = (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code === 58;
    if (!letter && !(i > 0 && code >= 48 && code <= 57)) break;
  }
  return i === 0 ? undefined : text.slice(0, i);
}

function sampleOf(text: string, name: string, open: boolean): Exposed | undefined {
  let place = name.length;
  const labels: Record<string, string> = {};
  if (text[place] === '{') {
    const after = readLabels(text, place + 1, labels);
    if (after === undefined) return undefined;
    place = after;
  }
  const [value, time] = text.slice(place).trim().split(/\s+/, 2);
  const number = numberOf(value);
  if (number === undefined) return undefined;
  // What follows a # is an example and no time.
  const stamp = time === undefined || time === '#' ? undefined : Number(time);
  return { name, labels, value: number, at: stamp === undefined || !Number.isFinite(stamp) ? undefined : open ? stamp * 1000 : stamp };
}

/** @returns the place behind the closing bracket. */
function readLabels(text: string, from: number, labels: Record<string, string>): number | undefined {
  let place = from;
  for (let count = 0; count <= MOST_LABELS; count++) {
    while (text[place] === ' ' || text[place] === ',') place++;
    if (text[place] === '}') return place + 1;
    const equals = text.indexOf('="', place);
    if (equals < 0) return undefined;
    const name = text.slice(place, equals).trim();
    let end = equals + 2;
    let escaped = false;
    for (; end < text.length && text[end] !== '"'; end++)
      if (text[end] === '\\') {
        escaped = true;
        end++;
      }
    if (end >= text.length) return undefined;
    const value = text.slice(equals + 2, end);
    labels[name] = escaped ? value.replace(/\\(.)/gs, (_, c: string) => (c === 'n' ? '\n' : c)) : value;
    place = end + 1;
  }
  return undefined;
}

function numberOf(text: string | undefined): number | undefined {
  switch (text) {
    case undefined:
    case '':
      return undefined;
    case 'NaN':
    case 'nan':
      return NaN;
    case '+Inf':
    case 'Inf':
      return Infinity;
    case '-Inf':
      return -Infinity;
    default: {
      const value = Number(text);
      return Number.isNaN(value) ? undefined : value;
    }
  }
}
