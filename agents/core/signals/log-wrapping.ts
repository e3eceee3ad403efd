/** What others put around a line of a program: a container runtime its stream, Docker its JSON, a terminal its colours. */

const ESCAPES = /\u001b(?:\[[0-9;:?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;
const RUNTIME = /^\d{4}-\d\d-\d\dT[\d:.]{8,18}(?:Z|[+-]\d\d:\d\d) (?:stdout|stderr) ([FP]) /;
const DOCKER = /^\{"log":"/;
/** What text does not hold: a line with much of it is none. */
const ODD = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f\u007f\ufffd]/g;
const LOOKED_AT = 400;

/** Stands for a line that is no text. */
export const BINARY = '<binary>';

export interface Unwrapped {
  readonly text: string;
  /** The runtime has cut it: the next line goes on with it. */
  readonly isPart: boolean;
}

export function unwrapped(line: string): Unwrapped {
  let text = line;
  let isPart = false;
  const code = line.charCodeAt(0);
  if (code >= 48 && code <= 57) {
    const head = RUNTIME.exec(line);
    if (head !== null) {
      isPart = head[1] === 'P';
      text = line.slice(head[0].length);
    }
  } else if (code === 123 && DOCKER.test(line)) {
    const log = dockerLog(line);
    if (log !== undefined) {
      isPart = !log.endsWith('\n');
      text = log.replace(/\r?\n$/, '');
    }
  }
  if (text.includes('\u001b')) text = text.replaceAll(ESCAPES, '');
  return { text: isBinary(text) ? BINARY : text, isPart };
}

function dockerLog(line: string): string | undefined {
  try {
    const { log, stream } = JSON.parse(line) as { log?: unknown; stream?: unknown };
    return typeof log === 'string' && typeof stream === 'string' ? log : undefined;
  } catch {
    return undefined;
  }
}

function isBinary(text: string): boolean {
  const begin = text.length > LOOKED_AT ? text.slice(0, LOOKED_AT) : text;
  const odd = begin.match(ODD)?.length ?? 0;
  return odd > 1 && odd > begin.length / 20;
}
