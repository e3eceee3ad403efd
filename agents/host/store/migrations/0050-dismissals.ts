import type { Migration } from '../migrations.ts';

/** Incidents that people have accepted. */
export const dismissals: Migration = {
  number: 50,
  up: `
    CREATE TABLE dismissals (
      id TEXT PRIMARY KEY,
      context TEXT NOT NULL,
      json TEXT NOT NULL
    ) STRICT;
  `,
};
