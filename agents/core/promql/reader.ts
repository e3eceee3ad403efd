/** What the evaluator reads series through. Times in milliseconds since 1970. */

/** By name and value, `__name__` for the metric's own. */
export type Labels = Readonly<Record<string, string>>;

export interface Matcher {
  readonly name: string;
  readonly op: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

/** Samples of one series in the order of their times, none twice. */
export interface Samples {
  readonly labels: Labels;
  readonly at: Float64Array;
  readonly values: Float64Array;
  /** Places of samples that say that the series has ended there. */
  readonly ended?: ReadonlySet<number>;
}

export interface SeriesReader {
  /** Series that match all of them, with their samples after `from` up to and with `to`. */
  select(matchers: readonly Matcher[], from: number, to: number): readonly Samples[];
}

/** An absent label is an empty one. Regular expressions stand for the whole value. */
export function matching(matchers: readonly Matcher[]): (labels: Labels) => boolean {
  const tests = matchers.map(({ name, op, value }): ((labels: Labels) => boolean) => {
    switch (op) {
      case '=':
        return (labels) => (labels[name] ?? '') === value;
      case '!=':
        return (labels) => (labels[name] ?? '') !== value;
      default: {
        const expression = wholeExpression(value);
        return (labels) => expression.test(labels[name] ?? '') === (op === '=~');
      }
    }
  });
  return (labels) => tests.every((test) => test(labels));
}

/** RE2 as PromQL takes it, anchored at both ends. @throws SyntaxError where it is none. */
export function wholeExpression(text: string): RegExp {
  return new RegExp(`^(?:${ofThisDialect(text)})$`, 's');
}

/** Names of groups are written otherwise, and a flag in the midst (`(?i)`) holds to the end of its group. */
export function ofThisDialect(text: string): string {
  let out = '';
  const open: number[] = [0];
  for (let i = 0; i < text.length; i++) {
    const rest = text.slice(i, i + 8);
    const flags = /^\(\?([ims]+)\)/.exec(rest)?.[1];
    if (text[i] === '\\') out += text.slice(i, ++i + 1);
    else if (text[i] === '[') {
      const end = Math.max(text.indexOf(']', i + 2), i);
      out += text.slice(i, end + 1);
      i = end;
    } else if (flags !== undefined) {
      out += `(?${flags}:`;
      open[open.length - 1]!++;
      i += flags.length + 2;
    } else if (text[i] === '(') {
      open.push(0);
      out += rest.startsWith('(?P<') ? '(?<' : '(';
      i += rest.startsWith('(?P<') ? 3 : 0;
    } else if (text[i] === ')') out += `${')'.repeat(open.pop() ?? 0)})`;
    else out += text[i];
  }
  return out + ')'.repeat(open.pop() ?? 0);
}
