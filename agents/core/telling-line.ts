/** Which line of a log says why a program ended, and the stack trace it belongs to. Log text is data: it is quoted, never obeyed. */

/** How much a line says about a failure, by the level it carries itself. */
const LEVELS: readonly (readonly [RegExp, number])[] = [
  [/^(?:fatal|panic|emerg|emergency|alert|crit|critical|dpanic|f)$/i, 3],
  [/^(?:error|err|severe|e)$/i, 2],
  [/^(?:warn|warning|w)$/i, 1],
  [/^(?:trace|debug|info|information|notice|verbose|i|d)$/i, 0],
];
const weightOf = (level: string): number | undefined => LEVELS.find(([words]) => words.test(level))?.[1];

interface Spoken {
  /** The message of a structured line, with its error; else the line. */
  readonly text: string;
  readonly level: number | undefined;
}

const first = (o: Readonly<Record<string, unknown>>, ...names: readonly string[]) =>
  names.map((name) => o[name]).find((v) => v !== undefined && v !== null && v !== '');
const MESSAGE = ['msg', 'message', '@m', 'event', 'text'] as const;
const ERROR = ['err', 'error', 'exception', 'cause', 'reason'] as const;
const LEVEL = ['level', 'lvl', 'severity', 'levelname', 'log.level', '@l', 's'] as const;

/** What an error field says: itself, or the message inside it. */
function errorText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return '';
  const inner = first(value as Record<string, unknown>, 'message', 'msg', 'reason');
  return typeof inner === 'string' ? inner : '';
}

/** Where a program keeps the particulars of a line apart from its message: under `attr` or `fields`, the error first. */
function detailOf(o: Readonly<Record<string, unknown>>): string {
  const apart = first(o, 'attr', 'fields', 'data');
  if (typeof apart !== 'object' || apart === null) return '';
  const of = apart as Record<string, unknown>;
  return [...ERROR, ...MESSAGE].map((name) => errorText(of[name])).find((t) => t !== '') ?? '';
}

function fromJson(line: string): Spoken | undefined {
  if (!line.startsWith('{') || !line.endsWith('}')) return undefined;
  let o: Readonly<Record<string, unknown>>;
  try {
    o = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const message = first(o, ...MESSAGE);
  const said = [typeof message === 'string' ? message : '', errorText(first(o, ...ERROR)) || detailOf(o)].filter((s) => s !== '');
  const level = first(o, ...LEVEL);
  const [head = '', error] = said;
  if (head === '') return undefined;
  return {
    text: error === undefined || head.includes(error) ? head : `${head}: ${error}`,
    // pino and bunyan count: 30 info, 40 warn, 50 error, 60 fatal.
    level: typeof level === 'number' ? Math.max(0, Math.min(3, Math.floor(level / 10) - 3)) : weightOf(String(level ?? '')),
  };
}

/** logfmt: pairs, of which quoted values may hold anything. */
const PAIR = /(?:^|\s)(msg|message|err|error|level|lvl|severity)=(?:"((?:[^"\\]|\\.)*)"|(\S+))/g;

function fromPairs(line: string): Spoken | undefined {
  if (!line.includes('msg=') && !line.includes('message=')) return undefined;
  const pairs = new Map([...line.matchAll(PAIR)].map(([, name, quoted, bare]) => [name, quoted?.replaceAll('\\"', '"') ?? bare ?? '']));
  const message = pairs.get('msg') ?? pairs.get('message');
  if (message === undefined) return undefined;
  const error = pairs.get('err') ?? pairs.get('error');
  const level = pairs.get('level') ?? pairs.get('lvl') ?? pairs.get('severity');
  return {
    text: error === undefined || message.includes(error) ? message : `${message}: ${error}`,
    level: level === undefined ? undefined : weightOf(level),
  };
}

/** A level near the beginning: after a time, in brackets, or klog's letter with the date. */
const AT_START =
  /^(?:[\d\-T:.,Z+/\s[\]]{6,40})?\[?(trace|debug|info|notice|warn|warning|error|err|crit|critical|alert|emerg|fatal|severe|panic)\b(?=[\]\s:|])/i;
const KLOG = /^([IWEF])\d{4} \d\d:\d\d:/;

function spoken(line: string): Spoken {
  const text = line.trim();
  const structured = fromJson(text) ?? fromPairs(text);
  if (structured !== undefined) return structured;
  const level = KLOG.exec(text)?.[1] ?? AT_START.exec(text)?.[1];
  return { text, level: level === undefined ? undefined : weightOf(level) };
}

const SERIOUS =
  /\b(?:fatal|panic|error|exception|traceback|failed|failure|cannot|can't|unable|refused|denied|invalid|not found|no such|abort|aborted|segmentation|unhandled|uncaught|missing)\b|\w(?:Error|Exception)\b/i;
/** How the last words of a runtime begin. */
const LAST_WORDS = /^(?:panic:|fatal(?: error)?:|unhandled|uncaught|terminate called)/i;
/** A limit of the machine or of the program that was missed. */
const LIMIT = /\btoo (?:low|small|many|large|big|old)\b/i;
/** What a program says last: that it gives up, which the line before has the reason for. */
const CONCLUSION =
  /^(?:fatal )?assertion$|^\W*abort(?:ing|ed)?\b(?: (?:after )?\S+(?: failure)?)?\W*$|\b(?:(?:initiali[sz]ation|startup|start-up|boot(?:strap)?(?: checks?)?|validation) (?:has )?failed\W*(?:exiting\W*)?$|did not exit normally|check the logs?\b|see (?:the )?(?:log|logs|output|errors?) (?:above|below|for)\b|(?:failed|unable|could not|cannot) (?:to )?(?:start|initiali[sz]e|boot)(?: up)?(?: (?:the )?(?:application|server|service|process|program))?[\W]*$)/i;
/** What those say that ran the program: that it failed, not why. */
const WRAPPER = /^(?:npm (?:ERR!|error)|error Command failed|make(?:\[\d+\])?: \*\*\*|exit status \d+|Node\.js v\d|\[signal |ELIFECYCLE)/i;
const FRAME = /^\s+at |^\s+File "|^\s*\.\.\. \d+ (?:more|common frames)|^goroutine \d+ |^created by |^\t|^\s+from \S+:\d+|^\s*\^+\s*$/;
const GO_FRAME = /^[\w./*()[\]-]+\(.*\)$/;
const PYTHON = /^\s*Traceback \(most recent call last\):/;
/** Lines between the parts of one trace. */
const LINK = /^Caused by:|^Suppressed:|^During handling of the above|^The above exception was/;

type Part = 'blank' | 'frame' | 'exception' | 'line';

/** What each line is to a stack trace. */
function partsOf(lines: readonly string[]): readonly Part[] {
  let within: 'python' | 'go' | undefined;
  return lines.map((line): Part => {
    if (PYTHON.test(line)) within = 'python';
    else if (/^goroutine \d+ /.test(line)) within = 'go';
    if (line.trim() === '') return 'blank';
    if (within === 'python') {
      if (PYTHON.test(line) || /^\s/.test(line)) return 'frame';
      within = undefined;
      return 'exception';
    }
    if (FRAME.test(line) || (within === 'go' && GO_FRAME.test(line))) return 'frame';
    within = undefined;
    return 'line';
  });
}

function weigh(line: string, part: Part): number {
  if (part === 'blank' || part === 'frame') return -1;
  if (part === 'exception') return 3;
  const { text, level } = spoken(line);
  if (WRAPPER.test(text)) return -0.5;
  if (CONCLUSION.test(text)) return Math.min(level ?? 2, 2) - 0.6;
  if (level === 0 || level === 1) return SERIOUS.test(text) ? level + 0.5 : level;
  if (LAST_WORDS.test(text)) return 3;
  return level ?? (SERIOUS.test(text) || LIMIT.test(text) || LINK.test(text) ? 2 : 0);
}

/** How grave a line by itself is: 3 where something ended, 2 an error, 1 a warning, 0 the rest; less for parts of a stack trace. */
export const gravityOf = (line: string): number => weigh(line, partsOf([line])[0] ?? 'line');

function tellingIndex(lines: readonly string[]): number | undefined {
  const parts = partsOf(lines);
  let best: number | undefined;
  let most = -1;
  lines.forEach((line, i) => {
    const weight = weigh(line, parts[i] ?? 'line');
    if (weight > -1 && weight >= most) {
      most = weight;
      best = i;
    }
  });
  return best;
}

/** The line that says most about a failure: the gravest, of these the last, and never a frame of a stack trace. */
export function tellingLine(lines: readonly string[]): string | undefined {
  const at = tellingIndex(lines);
  return at === undefined ? undefined : spoken(lines[at] ?? '').text;
}

/** A trace longer than this is cut around the telling line. */
const MOST_LINES = 40;

/** The telling line as the log has it, with the whole stack trace it stands in. */
export function tellingPassage(lines: readonly string[]): string | undefined {
  const at = tellingIndex(lines);
  if (at === undefined) return undefined;
  const parts = partsOf(lines);
  const belongs = (i: number) => parts[i] === 'frame' || LINK.test(lines[i] ?? '') || (parts[i] === 'blank' && parts[i + 1] === 'frame');
  let start = at;
  while (start > 0 && belongs(start - 1)) start -= 1;
  // The frames of Java and Node stand below the exception they belong to, those of Python above it.
  const top = lines[start] ?? '';
  if (start > 0 && !PYTHON.test(top) && (parts[start] === 'frame' || LINK.test(top))) start -= 1;
  let end = at;
  while (end + 1 < lines.length && belongs(end + 1)) end += 1;
  return lines
    .slice(Math.max(start, at - MOST_LINES / 2), Math.min(end + 1, at + MOST_LINES / 2))
    .join('\n')
    .trim();
}
