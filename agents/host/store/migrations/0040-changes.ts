import type { Migration } from '../migrations.ts';

/** What changed in the clusters: bounded, and a memory rather than a record. */
export const changes: Migration = {
  number: 40,
  up: `
    CREATE TABLE changes (
      id TEXT PRIMARY KEY,
      context TEXT NOT NULL,
      at TEXT NOT NULL,
      object TEXT NOT NULL,
      namespace TEXT,
      uid TEXT,
      manager TEXT,
      json TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX changes_by_time ON changes (context, at);
    CREATE INDEX changes_by_object ON changes (object, at);
  `,
};
