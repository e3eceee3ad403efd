import type { Matcher } from './reader.ts';

/** A question as the parser understood it. Lengths of time in milliseconds. */

export type Expr = NumberExpr | StringExpr | SelectorExpr | RangeExpr | SubqueryExpr | CallExpr | AggregateExpr | BinaryExpr | UnaryExpr;
export type ValueType = 'scalar' | 'string' | 'vector' | 'matrix';

export interface NumberExpr {
  readonly type: 'number';
  readonly value: number;
}
export interface StringExpr {
  readonly type: 'string';
  readonly value: string;
}
/** Which moment is meant: another one by `@`, and then so much earlier. */
export interface Moment {
  readonly offset: number;
  readonly at?: number | 'start' | 'end' | undefined;
}
export interface SelectorExpr extends Moment {
  readonly type: 'selector';
  readonly matchers: readonly Matcher[];
}
export interface RangeExpr {
  readonly type: 'range';
  readonly selector: SelectorExpr;
  readonly range: number;
}
export interface SubqueryExpr extends Moment {
  readonly type: 'subquery';
  readonly expr: Expr;
  readonly range: number;
  readonly step: number | undefined;
}
export interface CallExpr {
  readonly type: 'call';
  readonly name: string;
  readonly args: readonly Expr[];
}
export interface AggregateExpr {
  readonly type: 'aggregate';
  readonly op: string;
  readonly grouping: readonly string[];
  readonly without: boolean;
  readonly param: Expr | undefined;
  readonly expr: Expr;
}
export interface Matching {
  readonly on: boolean;
  readonly labels: readonly string[];
  /** Which side may have many; `one`: neither. */
  readonly many: 'one' | 'left' | 'right';
  readonly include: readonly string[];
}
export interface BinaryExpr {
  readonly type: 'binary';
  readonly op: string;
  readonly left: Expr;
  readonly right: Expr;
  readonly bool: boolean;
  readonly matching: Matching;
}
export interface UnaryExpr {
  readonly type: 'unary';
  readonly negative: boolean;
  readonly expr: Expr;
}

/** What is wrong with a question; `place` counts characters. */
export class PromqlError extends Error {
  readonly place: number | undefined;
  /** It is PromQL, and of a part that is not answered here (docs/promql.md). */
  readonly outside: boolean;

  constructor(message: string, place?: number, outside = false) {
    super(message);
    this.place = place;
    this.outside = outside;
  }
}
