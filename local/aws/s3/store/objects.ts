import type { Random } from '../../../core/random.ts';
import type { Database } from '../../../store/database.ts';
import type { BodyTable } from './bodies.ts';
import type { Bucket } from './buckets.ts';
import type { ObjectFacts } from './facts.ts';
import { CURRENT } from './schema.ts';
import {
  bodiesOf,
  COLUMNS,
  type NewVersion,
  NULL_VERSION,
  type ObjectRow,
  type ObjectVersion,
  toVersion,
} from './version.ts';
import { createVersionId } from './version-ids.ts';

/** All versions of all objects. Callers start the transaction. */
export interface ObjectTable {
  /** The current version of the key, which can be a delete marker. */
  current(bucket: number, key: string): ObjectVersion | undefined;
  version(bucket: number, key: string, versionId: string): ObjectVersion | undefined;
  /**
   * Makes a version the current one and returns its id. Adds references to its bodies and releases replaced ones. A
   * replica has the id of its source.
   */
  put(bucket: Bucket, version: NewVersion, replicaId?: string): string;
  /** Adds a delete marker to a key of a bucket with versioning and returns its version id. */
  putDeleteMarker(bucket: Bucket, key: string, lastModified: number, replicaId?: string): string;
  /** Removes a version permanently. The newest remaining version becomes the current one. */
  remove(version: ObjectVersion): void;
  /** Ids and `until` of all versions of a key, newest first. */
  versionsOf(bucket: number, key: string): { versionId: string; until: number }[];
  /** Ids of the newer versions of the same key, oldest first. */
  newerIds(version: ObjectVersion): string[];
  /** Makes a version the newest version of its key, in a bucket with versioning. */
  makeCurrent(version: ObjectVersion): void;
  changeFacts(version: ObjectVersion, facts: ObjectFacts): void;
  /** Sets tags without reading the version. Returns false if the key has no current version, or a delete marker. */
  tagCurrent(bucket: number, key: string, tags: string | null): boolean;
  tagVersion(version: ObjectVersion, tags: string | null): void;
  isEmpty(bucket: number): boolean;
}

// Built once, because batch jobs run these statements once for each task.
const SELECT_CURRENT = `SELECT ${COLUMNS} FROM s3_object WHERE bucket = ? AND key = ? AND until = ${CURRENT}`;
const TAG_CURRENT = `UPDATE s3_object SET tags = ? WHERE bucket = ? AND key = ? AND until = ${CURRENT} AND deleted = 0`;

export function createObjectTable({ sql }: Database, bodies: BodyTable, random: Random): ObjectTable {
  const one = (text: string, ...values: (string | number)[]) => {
    const row = sql(text).get(...values) as ObjectRow | undefined;
    return row && toVersion(row);
  };
  const current = (bucket: number, key: string) => one(SELECT_CURRENT, bucket, key);
  const version = (bucket: number, key: string, versionId: string) =>
    one(
      `SELECT ${COLUMNS} FROM s3_object WHERE bucket = ? AND key = ? AND version = ?`,
      bucket,
      key,
      versionId,
    );

  const forget = (gone: ObjectVersion) => {
    sql('DELETE FROM s3_object WHERE bucket = ? AND key = ? AND version = ?').run(
      gone.bucket,
      gone.key,
      gone.versionId,
    );
    bodies.release(bodiesOf(gone));
  };

  /** Records for the uploads in progress that their key changed, which fails their conditions. */
  const noteConflict = (bucket: number, key: string) => {
    sql('INSERT OR IGNORE INTO s3_upload_conflict SELECT id FROM s3_upload WHERE bucket = ? AND key = ?').run(
      bucket,
      key,
    );
  };

  const nextSequence = () => {
    const row = sql('UPDATE s3_sequence SET value = value + 1 RETURNING value').get();
    return (row as { value: number }).value;
  };

  /** Makes the current version of a key a noncurrent version, the newest of them. */
  const retireCurrent = (bucket: number, key: string, sequence: number) => {
    sql(`UPDATE s3_object SET until = ? WHERE bucket = ? AND key = ? AND until = ${CURRENT}`).run(
      sequence,
      bucket,
      key,
    );
  };

  /** Prepares a key for a new current version and returns the id of that version. */
  const supersede = ({ id, settings }: Bucket, key: string, replicaId?: string): string => {
    const sequence = settings.versioning === undefined ? 0 : nextSequence();
    const newId = () =>
      settings.versioning === 'Enabled' ? createVersionId(key, sequence, random.hex(32)) : NULL_VERSION;
    const versionId = replicaId ?? newId();
    if (versionId === NULL_VERSION || replicaId !== undefined) {
      const replaced = version(id, key, versionId);
      if (replaced) forget(replaced);
    }
    if (settings.versioning !== undefined) retireCurrent(id, key, sequence);
    return versionId;
  };

  const insert = (bucket: number, versionId: string, deleted: 0 | 1, row: NewVersion) => {
    noteConflict(bucket, row.key);
    sql(`INSERT INTO s3_object (${COLUMNS}) VALUES (?, ?, ${CURRENT}, ?, ?, ?, ?, ?, ?, ?, ?)`).run(
      bucket,
      row.key,
      versionId,
      deleted,
      row.lastModified,
      row.size,
      row.etag,
      row.body,
      row.tags,
      JSON.stringify(row.facts),
    );
  };

  return {
    current,
    version,
    put(bucket, row, replicaId) {
      bodies.hold(bodiesOf(row));
      const versionId = supersede(bucket, row.key, replicaId);
      insert(bucket.id, versionId, 0, row);
      return versionId;
    },
    putDeleteMarker(bucket, key, lastModified, replicaId) {
      const versionId = supersede(bucket, key, replicaId);
      insert(bucket.id, versionId, 1, {
        key,
        lastModified,
        size: 0,
        etag: '',
        body: null,
        tags: null,
        facts: {},
      });
      return versionId;
    },
    remove(gone) {
      noteConflict(gone.bucket, gone.key);
      forget(gone);
      if (gone.isLatest)
        sql(
          `UPDATE s3_object SET until = ${CURRENT} WHERE bucket = ?1 AND key = ?2
             AND until = (SELECT max(until) FROM s3_object WHERE bucket = ?1 AND key = ?2)`,
        ).run(gone.bucket, gone.key);
    },
    versionsOf: (bucket, key) =>
      sql(
        'SELECT version AS versionId, until FROM s3_object WHERE bucket = ? AND key = ? ORDER BY until DESC',
      ).all(bucket, key) as unknown as { versionId: string; until: number }[],
    newerIds: ({ bucket, key, until }) =>
      sql('SELECT version FROM s3_object WHERE bucket = ? AND key = ? AND until > ? ORDER BY until')
        .all(bucket, key, until)
        .map((row) => String(row['version'])),
    makeCurrent({ bucket, key, versionId }) {
      retireCurrent(bucket, key, nextSequence());
      sql(`UPDATE s3_object SET until = ${CURRENT} WHERE bucket = ? AND key = ? AND version = ?`).run(
        bucket,
        key,
        versionId,
      );
    },
    changeFacts({ bucket, key, versionId }, facts) {
      sql('UPDATE s3_object SET facts = ? WHERE bucket = ? AND key = ? AND version = ?').run(
        JSON.stringify(facts),
        bucket,
        key,
        versionId,
      );
    },
    tagCurrent: (bucket, key, tags) => sql(TAG_CURRENT).run(tags, bucket, key).changes === 1,
    tagVersion({ bucket, key, versionId }, tags) {
      sql('UPDATE s3_object SET tags = ? WHERE bucket = ? AND key = ? AND version = ?').run(
        tags,
        bucket,
        key,
        versionId,
      );
    },
    isEmpty: (bucket) => sql('SELECT 1 FROM s3_object WHERE bucket = ? LIMIT 1').get(bucket) === undefined,
  };
}
