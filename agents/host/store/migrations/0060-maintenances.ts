import type { Migration } from '../migrations.ts';

/** Known maintenance. */
export const maintenances: Migration = {
  number: 60,
  up: `
    CREATE TABLE maintenances (
      id TEXT PRIMARY KEY,
      context TEXT NOT NULL,
      json TEXT NOT NULL
    ) STRICT;
  `,
};
