/** Marks a file as one of Holdfast's: the letters `HLDF`. */
export const APPLICATION_ID = 0x48_4c_44_46;

/** The steps from an empty file to the newest schema; a stored file has done the first so many. */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE items (
     partition TEXT NOT NULL,
     sort TEXT NOT NULL,
     document TEXT NOT NULL,
     version INTEGER,
     epoch INTEGER,
     expires_at_ms INTEGER,
     PRIMARY KEY (partition, sort)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX items_by_expiry ON items (expires_at_ms) WHERE expires_at_ms IS NOT NULL;
   CREATE TABLE messages (
     sequence INTEGER PRIMARY KEY AUTOINCREMENT,
     queue TEXT NOT NULL,
     message_group TEXT,
     body TEXT NOT NULL,
     sent_at_ms INTEGER NOT NULL,
     receive_count INTEGER NOT NULL DEFAULT 0,
     receipt TEXT,
     visible_at_ms INTEGER NOT NULL DEFAULT 0,
     is_dead INTEGER NOT NULL DEFAULT 0
   ) STRICT;
   CREATE INDEX messages_by_group
     ON messages (queue, is_dead, message_group, visible_at_ms);
   CREATE UNIQUE INDEX messages_by_receipt ON messages (receipt) WHERE receipt IS NOT NULL;
   CREATE TABLE sent_ids (
     queue TEXT NOT NULL,
     deduplication_id TEXT NOT NULL,
     sent_at_ms INTEGER NOT NULL,
     PRIMARY KEY (queue, deduplication_id)
   ) STRICT, WITHOUT ROWID;`,
  // Dead letters are a queue of their own, which can be read.
  `UPDATE messages SET queue = queue || '.dead-letters', is_dead = 0, receipt = NULL
   WHERE is_dead = 1;
   DROP INDEX messages_by_group;
   CREATE INDEX messages_by_group ON messages (queue, message_group, visible_at_ms);`,
  // When the ledger's items were written, in micros: what an incremental export goes by. What was
  // written before this is exported by the first full one; telemetry is stamped 0.
  `ALTER TABLE items ADD COLUMN written_at_micros INTEGER NOT NULL DEFAULT 0;
   CREATE INDEX items_by_write ON items (written_at_micros) WHERE written_at_micros > 0;
   CREATE TABLE watermarks (name TEXT PRIMARY KEY, micros INTEGER NOT NULL) STRICT, WITHOUT ROWID;`,
];
