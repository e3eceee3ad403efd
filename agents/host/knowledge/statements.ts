import type BetterSqlite3 from 'better-sqlite3';

/** Statements of a connection, each prepared once: a question asks dozens of them. Not for those that are iterated. */
export type Statements = <Args extends unknown[], Row>(sql: string) => BetterSqlite3.Statement<Args, Row>;

export function statementsOf(db: BetterSqlite3.Database): Statements {
  const kept = new Map<string, BetterSqlite3.Statement>();
  return <Args extends unknown[], Row>(sql: string) => {
    const there = kept.get(sql) ?? db.prepare(sql);
    kept.set(sql, there);
    return there as unknown as BetterSqlite3.Statement<Args, Row>;
  };
}
