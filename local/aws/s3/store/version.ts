import type { Tag } from '../../../batch/object-store.ts';
import type { Segment } from './bodies.ts';
import type { ObjectFacts } from './facts.ts';
import { CURRENT } from './schema.ts';

/** The id of versions that were written while versioning was not enabled. */
export const NULL_VERSION = 'null';

/** One version of an object, or a delete marker. */
export interface ObjectVersion {
  bucket: number;
  key: string;
  versionId: string;
  /** Its position among the versions of its key; `CURRENT` for the current version. */
  until: number;
  isLatest: boolean;
  isDeleteMarker: boolean;
  /** Milliseconds since the epoch, whole seconds. */
  lastModified: number;
  size: number;
  /** Without quotes. */
  etag: string;
  /** The only body; null if there is none or there are several (`facts.segments`). */
  body: number | null;
  /** JSON of the tag set; null without tags. */
  tags: string | null;
  facts: ObjectFacts;
}

/** The members that a writer provides. The versioning of the bucket determines the others. */
export type NewVersion = Pick<
  ObjectVersion,
  'key' | 'lastModified' | 'size' | 'etag' | 'body' | 'tags' | 'facts'
>;

/** The columns of `s3_object`, in the order of an insert. */
export const COLUMNS = 'bucket, key, until, version, deleted, modified, size, etag, body, tags, facts';

/** A row as the database returns it. */
export interface ObjectRow {
  bucket: number;
  key: string;
  until: number;
  version: string;
  deleted: number;
  modified: number;
  size: number;
  etag: string;
  body: number | null;
  tags: string | null;
  facts: string;
}

export const toVersion = (row: ObjectRow): ObjectVersion => ({
  bucket: row.bucket,
  key: row.key,
  versionId: row.version,
  until: row.until,
  isLatest: row.until === CURRENT,
  isDeleteMarker: row.deleted === 1,
  lastModified: row.modified,
  size: row.size,
  etag: row.etag,
  body: row.body,
  tags: row.tags,
  facts: JSON.parse(row.facts),
});

/** The bodies of a version. */
export const bodiesOf = ({ body, facts }: Pick<ObjectVersion, 'body' | 'facts'>): number[] =>
  [body, ...(facts.segments ?? []).map((segment) => segment.body)].filter((id) => id !== null);

/** The sections of the bytes of a version. */
export const segmentsOf = ({ body, size, facts }: ObjectVersion): readonly Segment[] =>
  facts.segments ?? [{ body, size }];

/** The tag set of a version. */
export const tagsOf = ({ tags }: Pick<ObjectVersion, 'tags'>): Tag[] =>
  tags === null ? [] : JSON.parse(tags);
