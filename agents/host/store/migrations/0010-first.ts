import type { Migration } from '../migrations.ts';

/** Made again where the beginning of the log is removed on purpose. */
export const NOT_DELETED =
  "CREATE TRIGGER events_not_deleted BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END";

/** The log, what reading needs of it, and the keys of actions, which can be started only once. */
export const first: Migration = {
  number: 10,
  up: `
    CREATE TABLE events (
      seq INTEGER PRIMARY KEY,
      at TEXT NOT NULL,
      prev TEXT NOT NULL,
      hash TEXT NOT NULL,
      type TEXT NOT NULL,
      context TEXT,
      json TEXT NOT NULL
    ) STRICT;
    CREATE TRIGGER events_not_changed BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END;
    ${NOT_DELETED};

    CREATE TABLE plans (
      id TEXT PRIMARY KEY,
      context TEXT NOT NULL,
      incident TEXT NOT NULL,
      state TEXT NOT NULL,
      json TEXT NOT NULL
    ) STRICT;
    CREATE INDEX plans_by_state ON plans (state);

    CREATE TABLE incidents (
      id TEXT PRIMARY KEY,
      context TEXT NOT NULL,
      state TEXT NOT NULL,
      json TEXT NOT NULL
    ) STRICT;
    CREATE INDEX incidents_by_state ON incidents (state);

    CREATE TABLE actions (
      key TEXT PRIMARY KEY,
      plan TEXT NOT NULL,
      idx INTEGER NOT NULL,
      inverse INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('started', 'succeeded', 'failed')),
      at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
};
