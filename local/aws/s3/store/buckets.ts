import type { ReplicationConfiguration, Tag } from '@aws-sdk/client-s3';
import type { Database } from '../../../store/database.ts';
import { noSuchBucket } from '../errors.ts';
import type { Grant } from './facts.ts';

/** Settings of a bucket. An absent member means the default of a new bucket. */
export interface BucketSettings {
  /** Absent until versioning is first configured, and present from then on. */
  versioning?: 'Enabled' | 'Suspended';
  location?: string;
  objectLock?: { defaultRetention?: { mode: 'COMPLIANCE' | 'GOVERNANCE'; days?: number; years?: number } };
  encryption?: { algorithm: string; keyId?: string; bucketKey?: boolean };
  /** Absent: `BucketOwnerEnforced`; `none`: the controls were deleted. */
  ownership?: 'BucketOwnerEnforced' | 'BucketOwnerPreferred' | 'ObjectWriter' | 'none';
  acl?: Grant[];
  tags?: Tag[];
  replication?: ReplicationConfiguration;
}

export interface Bucket {
  id: number;
  name: string;
  /** Milliseconds since the epoch. */
  created: number;
  settings: BucketSettings;
}

/** All buckets by name. They are also kept in memory, because they are few and every call reads one. */
export interface BucketTable {
  get(name: string): Bucket | undefined;
  /** Throws NoSuchBucket. */
  require(name: string | undefined): Bucket;
  list(): Bucket[];
  create(name: string, created: number, settings: BucketSettings): Bucket;
  change(bucket: Bucket, settings: Partial<BucketSettings>): void;
  clear(bucket: Bucket, setting: keyof BucketSettings): void;
  remove(bucket: Bucket): void;
}

export function createBucketTable({ sql, onRollback }: Database): BucketTable {
  const buckets = new Map<string, Bucket>();
  for (const row of sql('SELECT id, name, created, settings FROM s3_bucket').iterate()) {
    const { id, name, created, settings } = row as {
      id: number;
      name: string;
      created: number;
      settings: string;
    };
    buckets.set(name, { id, name, created, settings: JSON.parse(settings) });
  }
  const save = (bucket: Bucket, settings: BucketSettings) => {
    sql('UPDATE s3_bucket SET settings = ? WHERE id = ?').run(JSON.stringify(settings), bucket.id);
    const { settings: before } = bucket;
    bucket.settings = settings;
    onRollback(() => {
      bucket.settings = before;
    });
  };
  return {
    get: (name) => buckets.get(name),
    require(name = '') {
      const bucket = buckets.get(name);
      if (!bucket) throw noSuchBucket(name);
      return bucket;
    },
    list: () => [...buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    create(name, created, settings) {
      const { lastInsertRowid } = sql('INSERT INTO s3_bucket (name, created, settings) VALUES (?, ?, ?)').run(
        name,
        created,
        JSON.stringify(settings),
      );
      const bucket = { id: Number(lastInsertRowid), name, created, settings };
      buckets.set(name, bucket);
      onRollback(() => buckets.delete(name));
      return bucket;
    },
    change: (bucket, changed) => save(bucket, { ...bucket.settings, ...changed }),
    clear(bucket, setting) {
      const { [setting]: _, ...settings } = bucket.settings;
      save(bucket, settings);
    },
    remove(bucket) {
      sql('DELETE FROM s3_bucket WHERE id = ?').run(bucket.id);
      buckets.delete(bucket.name);
      onRollback(() => buckets.set(bucket.name, bucket));
    },
  };
}
