import type { Migration } from '../store/migrations.ts';

/** Series of clusters, in a file of their own: it may be deleted at any time, and the event log must not grow with it. */
export const series: Migration = {
  number: 70,
  up: `
    CREATE TABLE series (
      id INTEGER PRIMARY KEY,
      cluster TEXT NOT NULL,
      labels TEXT NOT NULL,
      UNIQUE (cluster, labels)
    ) STRICT;
    CREATE TABLE blocks (
      series INTEGER NOT NULL,
      step INTEGER NOT NULL,
      first INTEGER NOT NULL,
      last INTEGER NOT NULL,
      count INTEGER NOT NULL,
      data BLOB NOT NULL,
      PRIMARY KEY (series, step, first)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX blocks_by_age ON blocks (step, last);
  `,
};
