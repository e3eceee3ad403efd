import type { Migration } from '../store/migrations.ts';

/** Patterns of logs, a row each: what is known of one is read and written as a whole. */
export const logPatterns: Migration = {
  number: 90,
  up: `
    CREATE TABLE patterns (
      cluster TEXT NOT NULL,
      workload TEXT NOT NULL,
      id TEXT NOT NULL,
      written INTEGER NOT NULL,
      data TEXT NOT NULL,
      PRIMARY KEY (cluster, workload, id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX patterns_by_age ON patterns (written);
  `,
};
