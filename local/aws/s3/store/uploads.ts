import type { Random } from '../../../core/random.ts';
import type { Database } from '../../../store/database.ts';
import type { ChecksumAlgorithm } from '../payload/checksums.ts';
import type { BodyTable } from './bodies.ts';
import type { ObjectFacts, StoredChecksum } from './facts.ts';

const UPLOAD_ID_LENGTH = 64;

/** The properties of the future object, from CreateMultipartUpload. */
export interface UploadPlan {
  /** ARN of the caller. */
  initiator: string;
  tags: string | null;
  facts: ObjectFacts;
  algorithm: ChecksumAlgorithm;
  checksumType: StoredChecksum['type'];
  /** Whether the client named the algorithm. Only then do responses include it. */
  isChecksumNamed: boolean;
}

export interface MultipartUpload {
  id: string;
  bucket: number;
  key: string;
  /** Milliseconds since the epoch, whole seconds. */
  initiated: number;
  plan: UploadPlan;
}

export interface UploadedPart {
  number: number;
  body: number | null;
  size: number;
  /** MD5 in hex. */
  etag: string;
  /** Base64, in the algorithm of the upload. */
  checksum: string;
  lastModified: number;
}

/** A completed upload, kept so that a repeated CompleteMultipartUpload gets the same answer. */
export interface UploadCompletion {
  /** The list of parts in the request, as text. */
  parts: string;
  /** Milliseconds since the epoch. */
  completed: number;
  /** JSON of the first answer. */
  answer: string;
}

/** Multipart uploads in progress. Callers start the transaction. */
export interface UploadTable {
  create(upload: Omit<MultipartUpload, 'id'>): string;
  find(bucket: number, key: string, id: string): MultipartUpload | undefined;
  /** Uploads after a key, or after one upload of that key, sorted by key and then by date. */
  list(bucket: number, afterKey?: string, afterUpload?: MultipartUpload): Iterable<MultipartUpload>;
  /** Adds a part, or replaces the part with the same number. */
  putPart(upload: MultipartUpload, part: UploadedPart): void;
  parts(upload: MultipartUpload, afterNumber?: number): UploadedPart[];
  /** Whether the key was written or deleted since the upload was created. */
  hasConflict(upload: MultipartUpload): boolean;
  /** Removes the upload, but keeps its answer. */
  complete(upload: MultipartUpload, completion: UploadCompletion): void;
  /** The completion of an upload, if it was recorded after a date. */
  completion(bucket: number, key: string, id: string, after: number): UploadCompletion | undefined;
  forgetCompletions(before: number): void;
  /** Deletes the upload and releases its parts. */
  remove(upload: MultipartUpload): void;
  removeAll(bucket: number): void;
}

interface UploadRow extends Omit<MultipartUpload, 'plan'> {
  plan: string;
}

const toUpload = (row: UploadRow): MultipartUpload => ({ ...row, plan: JSON.parse(row.plan) });

export function createUploadTable({ sql }: Database, bodies: BodyTable, random: Random): UploadTable {
  const parts = ({ id }: MultipartUpload, afterNumber = 0) =>
    sql(
      'SELECT number, body, size, etag, checksum, modified AS lastModified FROM s3_part WHERE upload = ? AND number > ? ORDER BY number',
    ).all(id, afterNumber) as unknown as UploadedPart[];
  const release = (released: readonly UploadedPart[]) =>
    bodies.release(released.map(({ body }) => body).filter((body) => body !== null));
  const remove = (upload: MultipartUpload) => {
    release(parts(upload));
    sql('DELETE FROM s3_part WHERE upload = ?').run(upload.id);
    sql('DELETE FROM s3_upload_conflict WHERE upload = ?').run(upload.id);
    sql('DELETE FROM s3_upload WHERE id = ?').run(upload.id);
  };
  function* list(bucket: number, afterKey = '', after?: MultipartUpload) {
    const rows = sql(
      `SELECT id, bucket, key, initiated, plan FROM s3_upload
       WHERE bucket = ?1 AND (key > ?2 OR (key = ?2 AND (initiated, id) > (?3, ?4))) ORDER BY key, initiated, id`,
    ).iterate(bucket, afterKey, after?.initiated ?? Number.MAX_SAFE_INTEGER, after?.id ?? '');
    for (const row of rows) yield toUpload(row as unknown as UploadRow);
  }
  return {
    parts,
    remove,
    list,
    create({ bucket, key, initiated, plan }) {
      const id = random.hex(UPLOAD_ID_LENGTH);
      sql('INSERT INTO s3_upload (id, bucket, key, initiated, plan) VALUES (?, ?, ?, ?, ?)').run(
        id,
        bucket,
        key,
        initiated,
        JSON.stringify(plan),
      );
      return id;
    },
    find(bucket, key, id) {
      const row = sql(
        'SELECT id, bucket, key, initiated, plan FROM s3_upload WHERE id = ? AND bucket = ? AND key = ?',
      );
      const found = row.get(id, bucket, key) as UploadRow | undefined;
      return found && toUpload(found);
    },
    putPart(upload, { number, body, size, etag, checksum, lastModified }) {
      if (body !== null) bodies.hold([body]);
      const replaced = sql('SELECT body FROM s3_part WHERE upload = ? AND number = ?').get(upload.id, number);
      if (typeof replaced?.['body'] === 'number') bodies.release([replaced['body']]);
      sql('INSERT OR REPLACE INTO s3_part VALUES (?, ?, ?, ?, ?, ?, ?)').run(
        upload.id,
        number,
        body,
        size,
        etag,
        checksum,
        lastModified,
      );
    },
    hasConflict: ({ id }) => sql('SELECT 1 FROM s3_upload_conflict WHERE upload = ?').get(id) !== undefined,
    complete(upload, { parts: list, completed, answer }) {
      remove(upload);
      sql('INSERT INTO s3_completion VALUES (?, ?, ?, ?, ?, ?)').run(
        upload.id,
        upload.bucket,
        upload.key,
        completed,
        list,
        answer,
      );
    },
    completion: (bucket, key, id, after) =>
      sql(
        `SELECT parts, completed, answer FROM s3_completion
         WHERE upload = ? AND bucket = ? AND key = ? AND completed > ?`,
      ).get(id, bucket, key, after) as UploadCompletion | undefined,
    forgetCompletions(before) {
      sql('DELETE FROM s3_completion WHERE completed <= ?').run(before);
    },
    removeAll(bucket) {
      for (const upload of [...list(bucket)]) remove(upload);
      sql('DELETE FROM s3_completion WHERE bucket = ?').run(bucket);
    },
  };
}
