/** The schema of `opentrail.db`, one script a version. A released script is never changed: a change is a new one. */
export const OPENTRAIL_SCHEMA: readonly string[] = [
  `
  -- A body is shared by the messages of all queues that one publication went to, and goes with the last of them.
  CREATE TABLE bodies (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sent_at INTEGER NOT NULL,
    body BLOB NOT NULL
  ) STRICT;

  CREATE TABLE messages (
    body_id INTEGER NOT NULL REFERENCES bodies (id),
    queue TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('ready', 'waiting', 'dead')),
    -- When a waiting message can be received again; 0 in the other states, so that the index has them in order of arrival.
    due_at INTEGER NOT NULL,
    receipt INTEGER NOT NULL DEFAULT 0,
    receive_count INTEGER NOT NULL DEFAULT 0,
    reason TEXT,
    PRIMARY KEY (body_id, queue)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX messages_in_order ON messages (queue, state, due_at, body_id);
  CREATE INDEX dead_messages ON messages (body_id, queue) WHERE state = 'dead';

  CREATE TABLE files (
    id TEXT PRIMARY KEY,
    bucket TEXT NOT NULL,
    key TEXT NOT NULL,
    trail_arn TEXT NOT NULL,
    recipient_account_id TEXT NOT NULL,
    aws_region TEXT NOT NULL,
    kind TEXT NOT NULL,
    kms_key_id TEXT,
    state TEXT NOT NULL CHECK (state IN ('open', 'settled', 'void')),
    lease_until INTEGER NOT NULL,
    sha256 TEXT,
    oldest_event_time INTEGER,
    newest_event_time INTEGER,
    records INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX open_files ON files (lease_until) WHERE state = 'open';

  CREATE TABLE parts (
    id TEXT PRIMARY KEY,
    file_id TEXT NOT NULL REFERENCES files (id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX parts_of_file ON parts (file_id);

  CREATE TABLE trail_versions (
    account_id TEXT PRIMARY KEY,
    version INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE trails (
    account_id TEXT NOT NULL,
    trail_arn TEXT NOT NULL,
    trail TEXT NOT NULL,
    PRIMARY KEY (account_id, trail_arn)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE delivery_status (
    trail_arn TEXT NOT NULL,
    target TEXT NOT NULL,
    latest_attempt_at INTEGER NOT NULL,
    latest_success_at INTEGER,
    latest_error TEXT,
    PRIMARY KEY (trail_arn, target)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- JSON; null: no digest is to take the file.
  ALTER TABLE files ADD COLUMN digest_folder TEXT;
  -- The digest that has taken the file.
  ALTER TABLE files ADD COLUMN digest_id TEXT;
  -- The lease as it was at the opening, whatever became of it: tells the file's age.
  ALTER TABLE files ADD COLUMN first_lease_until INTEGER NOT NULL DEFAULT 0;
  UPDATE files SET first_lease_until = lease_until;
  CREATE INDEX undigested_files ON files (trail_arn, recipient_account_id, aws_region, state)
    WHERE digest_folder IS NOT NULL AND digest_id IS NULL;
  CREATE INDEX digested_files ON files (digest_id, id) WHERE digest_id IS NOT NULL;
  CREATE INDEX files_by_age ON files (first_lease_until);

  CREATE TABLE digest_chains (
    name TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    chain TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    setting TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE imports (
    file TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    lease_until INTEGER NOT NULL,
    records INTEGER NOT NULL DEFAULT 0,
    refused INTEGER NOT NULL DEFAULT 0,
    is_complete INTEGER NOT NULL DEFAULT 0,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX imports_by_age ON imports (expires_at);
  `,
  `
  ALTER TABLE files ADD COLUMN sns_topic_arn TEXT;
  `,
  `
  -- How often the process ended while it held the message.
  ALTER TABLE messages ADD COLUMN crashes INTEGER NOT NULL DEFAULT 0;
  `,
];

/** The schema of `log-groups.db`, one script a version. */
export const LOG_GROUPS_SCHEMA: readonly string[] = [
  `
  CREATE TABLE groups (
    id INTEGER PRIMARY KEY,
    arn TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    creation_time INTEGER NOT NULL,
    stored_bytes INTEGER NOT NULL DEFAULT 0
  ) STRICT;

  CREATE TABLE streams (
    id INTEGER PRIMARY KEY,
    group_id INTEGER NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    creation_time INTEGER NOT NULL,
    first_timestamp INTEGER,
    last_timestamp INTEGER,
    last_ingestion_time INTEGER,
    UNIQUE (group_id, name)
  ) STRICT;

  -- The id is the order of arrival.
  CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    stream_id INTEGER NOT NULL REFERENCES streams (id) ON DELETE CASCADE,
    timestamp INTEGER NOT NULL,
    ingestion_time INTEGER NOT NULL,
    message TEXT NOT NULL
  ) STRICT;
  CREATE INDEX events_in_order ON events (stream_id, timestamp, id);
  `,
  `
  -- Null: events stay for ever.
  ALTER TABLE groups ADD COLUMN retention_days INTEGER;
  `,
  `
  -- JSON; null: none.
  ALTER TABLE groups ADD COLUMN tags TEXT;
  `,
];
