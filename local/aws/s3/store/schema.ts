import type { Database } from '../../../store/database.ts';

/**
 * The `until` of a current version. Any other version has the sequence number at which a newer version replaced it. So
 * the primary key alone finds the current version, and the versions of a key are sorted newest first. The value is
 * below 2^51, because SQLite then binds the number as an integer.
 */
export const CURRENT = 1_000_000_000_000_000;

/**
 * Rows of `s3_object` are narrow, because a change of tags rewrites them. Properties that are not needed to find, list
 * or read a version are in `facts` (JSON; an absent member means the default). Bodies have their own rows, because
 * copies share them. A row without references is deleted together with its file.
 */
const DDL = `
CREATE TABLE IF NOT EXISTS s3_bucket (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, created INTEGER NOT NULL, settings TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS s3_object (
  bucket INTEGER NOT NULL, key TEXT NOT NULL, until INTEGER NOT NULL,
  version TEXT NOT NULL, deleted INTEGER NOT NULL, modified INTEGER NOT NULL, size INTEGER NOT NULL,
  etag TEXT NOT NULL, body INTEGER, tags TEXT, facts TEXT NOT NULL,
  PRIMARY KEY (bucket, key, until DESC)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS s3_body (
  id INTEGER PRIMARY KEY, holders INTEGER NOT NULL, file TEXT, bytes BLOB
) STRICT;
CREATE INDEX IF NOT EXISTS s3_body_unheld ON s3_body (id) WHERE holders = 0;
CREATE INDEX IF NOT EXISTS s3_body_file ON s3_body (file) WHERE file IS NOT NULL;
CREATE TABLE IF NOT EXISTS s3_upload (
  id TEXT PRIMARY KEY, bucket INTEGER NOT NULL, key TEXT NOT NULL, initiated INTEGER NOT NULL, plan TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS s3_upload_key ON s3_upload (bucket, key, id);
CREATE TABLE IF NOT EXISTS s3_part (
  upload TEXT NOT NULL, number INTEGER NOT NULL, body INTEGER, size INTEGER NOT NULL, etag TEXT NOT NULL,
  checksum TEXT NOT NULL, modified INTEGER NOT NULL,
  PRIMARY KEY (upload, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS s3_upload_conflict (upload TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS s3_completion (
  upload TEXT PRIMARY KEY, bucket INTEGER NOT NULL, key TEXT NOT NULL, completed INTEGER NOT NULL,
  parts TEXT NOT NULL, answer TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS s3_completion_date ON s3_completion (completed);
CREATE TABLE IF NOT EXISTS s3_store (id TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS s3_sequence (value INTEGER NOT NULL) STRICT;
INSERT INTO s3_sequence SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM s3_sequence);
`;

export const defineTables = (database: Database): void => database.define(DDL);
