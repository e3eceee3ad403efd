import type { Migration } from '../store/migrations.ts';

/** Series are found by their metric's name; how much of a cluster is kept is a person's to say. What was there had no name and is let go. */
export const selectable: Migration = {
  number: 80,
  up: `
    DELETE FROM blocks;
    DELETE FROM series;
    ALTER TABLE series ADD COLUMN name TEXT NOT NULL DEFAULT '';
    CREATE INDEX series_by_name ON series (cluster, name);
    CREATE TABLE keeping (
      cluster TEXT PRIMARY KEY,
      days REAL,
      bytes INTEGER
    ) STRICT, WITHOUT ROWID;
  `,
};
