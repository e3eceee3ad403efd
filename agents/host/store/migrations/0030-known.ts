import type { Migration } from '../migrations.ts';

/** What is remembered of clusters between runs: who they were, and their objects as compressed rows. A memory, which may be dropped. */
export const known: Migration = {
  number: 30,
  up: `
    CREATE TABLE known_cluster (
      context TEXT PRIMARY KEY,
      place TEXT NOT NULL,
      uid TEXT NOT NULL,
      version TEXT,
      confirmed_at INTEGER,
      seen_at INTEGER,
      counts TEXT NOT NULL,
      unkept TEXT NOT NULL,
      failure TEXT,
      missing_since INTEGER
    ) STRICT;
    CREATE TABLE known_rows (
      context TEXT NOT NULL,
      uid TEXT NOT NULL,
      kind TEXT NOT NULL,
      part INTEGER NOT NULL,
      at INTEGER NOT NULL,
      count INTEGER NOT NULL,
      bytes INTEGER NOT NULL,
      blob BLOB NOT NULL,
      PRIMARY KEY (context, kind, part)
    ) STRICT;
  `,
};
