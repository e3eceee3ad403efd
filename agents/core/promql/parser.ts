import { FUNCTIONS, OUTSIDE_FUNCTIONS } from './functions.ts';
import { type Token, durationOf, numberOf, tokensOf } from './lexer.ts';
import { type Matcher, wholeExpression } from './reader.ts';
import { type AggregateExpr, type Expr, type Matching, type Moment, PromqlError, type SelectorExpr, type ValueType } from './syntax.ts';

const AGGREGATIONS = ['sum', 'avg', 'min', 'max', 'count', 'group', 'stddev', 'stdvar', 'topk', 'bottomk', 'quantile', 'count_values'];
const WITH_PARAM = ['topk', 'bottomk', 'quantile', 'count_values'];
const OUTSIDE_AGGREGATIONS = ['limitk', 'limit_ratio'];
const COMPARISONS = ['==', '!=', '<=', '<', '>=', '>'];
const SETS = ['and', 'or', 'unless'];
const PRECEDENCE: Readonly<Record<string, number>> = {
  or: 1,
  and: 2,
  unless: 2,
  ...Object.fromEntries(COMPARISONS.map((op) => [op, 3])),
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
  atan2: 5,
  '^': 6,
};
const POWER = 6;
/** Nested deeper than anybody writes; what is nested is walked by recursion. */
const DEEPEST = 200;

/** @throws PromqlError */
export function parse(text: string): Expr {
  return new Parser(text).whole();
}

/** A selector alone, as its matchers. @throws PromqlError */
export function parseMatchers(text: string): readonly Matcher[] {
  const expr = parse(text);
  if (expr.type !== 'selector') throw new PromqlError('only a selector is expected, such as metric{label="value"}');
  return expr.matchers;
}

export function typeOf(expr: Expr): ValueType {
  switch (expr.type) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'selector':
    case 'aggregate':
      return 'vector';
    case 'range':
    case 'subquery':
      return 'matrix';
    case 'call':
      return FUNCTIONS[expr.name]!.gives;
    case 'unary':
      return typeOf(expr.expr);
    case 'binary':
      return typeOf(expr.left) === 'scalar' && typeOf(expr.right) === 'scalar' ? 'scalar' : 'vector';
  }
}

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(text: string) {
    this.#tokens = tokensOf(text);
  }

  whole(): Expr {
    const expr = this.#expr(0);
    if (this.#peek().kind !== 'end') this.#unexpected();
    return expr;
  }

  #peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)]!;
  }

  #take(): Token {
    const token = this.#peek();
    this.#next++;
    return token;
  }

  #isSign(text: string): boolean {
    const token = this.#peek();
    return token.kind === 'sign' && token.text === text;
  }

  #isWord(...words: readonly string[]): boolean {
    const token = this.#peek();
    return token.kind === 'name' && words.includes(token.text.toLowerCase());
  }

  #sign(text: string): void {
    if (!this.#isSign(text)) this.#unexpected(text);
    this.#next++;
  }

  #unexpected(wanted?: string): never {
    const { kind, text, place } = this.#peek();
    const seen = kind === 'end' ? 'the question ends' : `${JSON.stringify(text)} is not expected here`;
    throw new PromqlError(wanted === undefined ? seen : `${seen}; ${wanted} is`, place);
  }

  #expr(least: number): Expr {
    if (++this.#depth > DEEPEST) throw new PromqlError(`it is nested deeper than ${DEEPEST}`, this.#peek().place);
    let left = this.#unary();
    for (;;) {
      const token = this.#peek();
      const op = token.kind === 'name' ? token.text.toLowerCase() : token.kind === 'sign' ? token.text : '';
      const precedence = PRECEDENCE[op];
      if (precedence === undefined || precedence < least) break;
      this.#next++;
      left = this.#binary(op, precedence, left, token.place);
    }
    this.#depth--;
    return left;
  }

  #binary(op: string, precedence: number, left: Expr, place: number): Expr {
    const bool = this.#isWord('bool');
    if (bool) this.#next++;
    if (bool && !COMPARISONS.includes(op)) throw new PromqlError('bool only goes with a comparison', place);
    const matching = this.#matching(op, place);
    // Only the power joins from the right.
    const right = this.#expr(op === '^' ? precedence : precedence + 1);
    const [l, r] = [typeOf(left), typeOf(right)];
    for (const type of [l, r])
      if (type !== 'scalar' && type !== 'vector')
        throw new PromqlError(`${op} joins numbers and vectors, not a ${type === 'matrix' ? 'range' : type}`, place);
    if (l === 'scalar' && r === 'scalar' && COMPARISONS.includes(op) && !bool)
      throw new PromqlError(`two numbers are compared with ${op} bool`, place);
    if (SETS.includes(op) && (l === 'scalar' || r === 'scalar')) throw new PromqlError(`${op} joins vectors, not numbers`, place);
    if ((l === 'scalar' || r === 'scalar') && (matching?.labels.length ?? 0) > 0)
      throw new PromqlError('on and ignoring go between vectors only', place);
    return { type: 'binary', op, left, right, bool, matching: matching ?? { on: false, labels: [], many: 'one', include: [] } };
  }

  #matching(op: string, place: number): Matching | undefined {
    if (!this.#isWord('on', 'ignoring')) return undefined;
    const on = this.#take().text.toLowerCase() === 'on';
    const labels = this.#labels();
    if (!this.#isWord('group_left', 'group_right')) return { on, labels, many: 'one', include: [] };
    const many = this.#take().text.toLowerCase() === 'group_left' ? 'left' : 'right';
    if (SETS.includes(op)) throw new PromqlError(`no grouping goes with ${op}`, place);
    const include = this.#isSign('(') ? this.#labels() : [];
    const both = on ? include.find((label) => labels.includes(label)) : undefined;
    if (both !== undefined) throw new PromqlError(`label ${both} is in both the on and the group clause`, place);
    return { on, labels, many, include };
  }

  #labels(): string[] {
    this.#sign('(');
    const labels: string[] = [];
    while (!this.#isSign(')')) {
      const token = this.#take();
      if (token.kind !== 'name' && token.kind !== 'string') {
        this.#next--;
        this.#unexpected('the name of a label');
      }
      if (token.text.includes(':') && token.kind === 'name') throw new PromqlError(`${token.text} is no name of a label`, token.place);
      labels.push(token.text);
      if (!this.#isSign(')')) this.#sign(',');
    }
    this.#next++;
    return labels;
  }

  #unary(): Expr {
    if (!this.#isSign('-') && !this.#isSign('+')) return this.#postfix(this.#primary());
    const { text, place } = this.#take();
    const expr = this.#expr(POWER);
    const type = typeOf(expr);
    if (type !== 'scalar' && type !== 'vector') throw new PromqlError(`a sign stands before numbers and vectors only`, place);
    return { type: 'unary', negative: text === '-', expr };
  }

  #primary(): Expr {
    const token = this.#take();
    switch (token.kind) {
      case 'number':
        return { type: 'number', value: numberOf(token.text) };
      case 'duration': {
        const ms = durationOf(token.text);
        if (ms === undefined) throw new PromqlError(`${token.text} is no length of time`, token.place);
        return { type: 'number', value: ms / 1000 };
      }
      case 'string':
        return { type: 'string', value: token.text };
      case 'name':
        return this.#named(token);
      case 'sign':
        if (token.text === '(') {
          const expr = this.#expr(0);
          this.#sign(')');
          return expr;
        }
        if (token.text === '{') {
          this.#next--;
          return this.#selector(undefined, token.place);
        }
    }
    this.#next--;
    return this.#unexpected();
  }

  #named(token: Token): Expr {
    const word = token.text.toLowerCase();
    const next = this.#peek();
    const called = next.kind === 'sign' && next.text === '(';
    if (AGGREGATIONS.includes(word) && (called || this.#isWord('by', 'without'))) return this.#aggregate(word, token.place);
    if (OUTSIDE_AGGREGATIONS.includes(word) && (called || this.#isWord('by', 'without')))
      throw new PromqlError(`${word} is not answered here`, token.place, true);
    if (called) return this.#call(token);
    if (!(next.kind === 'sign' && next.text === '{')) {
      if (word === 'inf') return { type: 'number', value: Infinity };
      if (word === 'nan') return { type: 'number', value: NaN };
    }
    return this.#selector(token.text, token.place);
  }

  #call({ text: name, place }: Token): Expr {
    const known = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    if (known === undefined)
      throw new PromqlError(
        OUTSIDE_FUNCTIONS.includes(name) ? `${name} is not answered here` : `there is no function ${name}`,
        place,
        OUTSIDE_FUNCTIONS.includes(name),
      );
    const args = this.#args();
    const { takes, optional = 0, endless = false } = known;
    if (args.length < takes.length - optional || (args.length > takes.length && !endless))
      throw new PromqlError(
        `${name} takes ${takes.length - optional}${optional > 0 ? ` to ${takes.length}` : ''} arguments, not ${args.length}`,
        place,
      );
    args.forEach((arg, i) => {
      const wanted = takes[Math.min(i, takes.length - 1)]!;
      if (typeOf(arg) !== wanted)
        throw new PromqlError(`${name} takes a ${wanted === 'matrix' ? 'range, such as metric[5m]' : wanted}, not a ${typeOf(arg)}`, place);
    });
    return { type: 'call', name, args };
  }

  #args(): Expr[] {
    this.#sign('(');
    const args: Expr[] = [];
    while (!this.#isSign(')')) {
      args.push(this.#expr(0));
      if (this.#isSign(')')) break;
      this.#sign(',');
      if (this.#isSign(')')) this.#unexpected();
    }
    this.#next++;
    return args;
  }

  #aggregate(op: string, place: number): Expr {
    let modifier = this.#grouping();
    const args = this.#args();
    modifier ??= this.#grouping();
    const wanted = WITH_PARAM.includes(op) ? 2 : 1;
    if (args.length !== wanted) throw new PromqlError(`${op} takes ${wanted} argument${wanted > 1 ? 's' : ''}, not ${args.length}`, place);
    const expr = args[wanted - 1]!;
    if (typeOf(expr) !== 'vector') throw new PromqlError(`${op} takes a vector, not a ${typeOf(expr)}`, place);
    const param = wanted === 2 ? args[0]! : undefined;
    const paramType = op === 'count_values' ? 'string' : 'scalar';
    if (param !== undefined && typeOf(param) !== paramType) throw new PromqlError(`${op} begins with a ${paramType}`, place);
    const { grouping, without } = modifier ?? { grouping: [], without: false };
    return { type: 'aggregate', op, grouping, without, param, expr } satisfies AggregateExpr;
  }

  #grouping(): { grouping: string[]; without: boolean } | undefined {
    if (!this.#isWord('by', 'without')) return undefined;
    const without = this.#take().text.toLowerCase() === 'without';
    return { grouping: this.#labels(), without };
  }

  #selector(name: string | undefined, place: number): SelectorExpr {
    const matchers: Matcher[] = name === undefined ? [] : [{ name: '__name__', op: '=', value: name }];
    if (this.#isSign('{')) {
      this.#next++;
      while (!this.#isSign('}')) {
        matchers.push(this.#matcher(matchers));
        if (!this.#isSign('}')) this.#sign(',');
      }
      this.#next++;
    }
    if (!matchers.some(refusesEmpty)) throw new PromqlError('a selector needs at least one matcher that refuses the empty value', place);
    return { type: 'selector', matchers, offset: 0 };
  }

  #matcher(before: readonly Matcher[]): Matcher {
    const label = this.#take();
    if (label.kind !== 'name' && label.kind !== 'string') {
      this.#next--;
      this.#unexpected('the name of a label');
    }
    const op = this.#peek();
    if (label.kind === 'string' && op.kind === 'sign' && (op.text === ',' || op.text === '}')) {
      if (before.some((m) => m.name === '__name__' && m.op === '=')) throw new PromqlError('the metric is named twice', label.place);
      return { name: '__name__', op: '=', value: label.text };
    }
    if (op.kind !== 'sign' || !['=', '!=', '=~', '!~'].includes(op.text)) this.#unexpected('=, !=, =~ or !~');
    this.#next++;
    const value = this.#take();
    if (value.kind !== 'string') {
      this.#next--;
      this.#unexpected('a string');
    }
    if (label.kind === 'name' && label.text.includes(':')) throw new PromqlError(`${label.text} is no name of a label`, label.place);
    if (op.text.endsWith('~'))
      try {
        wholeExpression(value.text);
      } catch {
        throw new PromqlError(`${JSON.stringify(value.text)} is no regular expression`, value.place);
      }
    return { name: label.text, op: op.text as Matcher['op'], value: value.text };
  }

  #postfix(start: Expr): Expr {
    let expr = start;
    for (;;) {
      const token = this.#peek();
      if (token.kind === 'bracket') {
        this.#next++;
        expr = this.#bracket(expr, token);
      } else if (this.#isWord('offset') || this.#isSign('@')) expr = this.#moment(expr, token);
      else return expr;
    }
  }

  #bracket(expr: Expr, { text, place }: Token): Expr {
    const [range = '', step, ...more] = text.split(':');
    if (more.length > 0) throw new PromqlError(`[${text}] is no range`, place);
    const rangeMs = lengthOf(range, place);
    if (rangeMs === undefined || rangeMs <= 0) throw new PromqlError(`a range is a length of time above zero, such as [5m]`, place);
    if (step === undefined) {
      if (expr.type !== 'selector') throw new PromqlError('a range stands behind a selector only; of anything else write [5m:1m]', place);
      if (expr.offset !== 0 || expr.at !== undefined) throw new PromqlError('the range stands before offset and @', place);
      return { type: 'range', selector: expr, range: rangeMs };
    }
    if (typeOf(expr) !== 'vector' && typeOf(expr) !== 'scalar') throw new PromqlError('a subquery is of a vector', place);
    const stepMs = step.trim() === '' ? undefined : lengthOf(step, place);
    if (stepMs !== undefined && stepMs <= 0) throw new PromqlError('a step is a length of time above zero', place);
    return { type: 'subquery', expr, range: rangeMs, step: stepMs, offset: 0 };
  }

  #moment(expr: Expr, { text, place }: Token): Expr {
    this.#next++;
    const moment: Moment | undefined =
      expr.type === 'range' ? expr.selector : expr.type === 'selector' || expr.type === 'subquery' ? expr : undefined;
    if (moment === undefined) throw new PromqlError(`${text} stands behind a selector, a range or a subquery`, place);
    let set: Partial<Moment>;
    if (text === '@') {
      if (moment.at !== undefined) throw new PromqlError('@ is given twice', place);
      set = { at: this.#instant() };
    } else {
      if (moment.offset !== 0) throw new PromqlError('offset is given twice', place);
      set = { offset: this.#offset() };
    }
    return expr.type === 'range' ? { ...expr, selector: { ...expr.selector, ...set } } : ({ ...expr, ...set } as Expr);
  }

  #instant(): number | 'start' | 'end' {
    if (this.#isWord('start', 'end')) {
      const word = this.#take().text.toLowerCase() as 'start' | 'end';
      this.#sign('(');
      this.#sign(')');
      return word;
    }
    const sign = this.#isSign('-') ? -1 : 1;
    if (this.#isSign('-') || this.#isSign('+')) this.#next++;
    const token = this.#take();
    const value = token.kind === 'number' ? numberOf(token.text) : token.kind === 'duration' ? durationOf(token.text)! / 1000 : NaN;
    if (!Number.isFinite(value)) throw new PromqlError('behind @ stands a time in seconds since 1970, start() or end()', token.place);
    return Math.round(sign * value * 1000);
  }

  #offset(): number {
    const sign = this.#isSign('-') ? -1 : 1;
    if (this.#isSign('-') || this.#isSign('+')) this.#next++;
    const token = this.#take();
    if (this.#isOutsideDuration(token)) throw new PromqlError('a computed offset is not answered here', token.place, true);
    const ms = token.kind === 'number' ? numberOf(token.text) * 1000 : token.kind === 'duration' ? durationOf(token.text) : undefined;
    if (ms === undefined) throw new PromqlError('behind offset stands a length of time, such as 5m', token.place);
    return sign * Math.round(ms);
  }

  #isOutsideDuration(token: Token): boolean {
    return (token.kind === 'sign' && token.text === '(') || (token.kind === 'name' && ['step', 'min', 'max'].includes(token.text));
  }
}

function refusesEmpty({ op, value }: Matcher): boolean {
  switch (op) {
    case '=':
      return value !== '';
    case '!=':
      return value === '';
    case '=~':
      return !wholeExpression(value).test('');
    case '!~':
      return wholeExpression(value).test('');
  }
}

/** Milliseconds; a number without unit is seconds. */
function lengthOf(text: string, place: number): number | undefined {
  const bare = text.trim();
  const duration = durationOf(bare);
  if (duration !== undefined) return duration;
  if (/^[0-9_]*\.?[0-9_]+(?:e[+-]?\d+)?$/i.test(bare) || /^0x[0-9a-f]+$/i.test(bare)) return Math.round(numberOf(bare) * 1000);
  if (/[+*/%^()-]|step|min|max/.test(bare.replace(/^-(?=\d)/, '')))
    throw new PromqlError('a computed range is not answered here', place, true);
  return undefined;
}
