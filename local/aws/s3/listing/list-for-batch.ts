import type { ListedObject, ListQuery } from '../../../batch/object-store.ts';
import type { S3Core } from '../core.ts';
import { rulesFor } from '../replication/matching-rules.ts';
import { kmsKeyArn } from '../rules/encryption.ts';
import { STANDARD } from '../rules/storage-class.ts';
import { describeVersionId } from '../rules/versions.ts';
import type { Bucket } from '../store/buckets.ts';
import type { ObjectVersion } from '../store/version.ts';
import { walk } from './walk.ts';

const PAGE_SIZE = 500;

/** One page of the objects of a bucket, for the manifest generator of the batch engine. Throws NoSuchBucket. */
export function listForBatch(s3: S3Core, bucketName: string, { prefix, after }: ListQuery): ListedObject[] {
  const bucket = s3.buckets.require(bucketName);
  const start = after === undefined ? { from: prefix } : { after };
  const entries = walk(s3.database, {
    bucket: bucket.id,
    prefix,
    delimiter: '',
    start,
    allVersions: false,
  });
  const page: ListedObject[] = [];
  for (const entry of entries) {
    if ('version' in entry) page.push(describe(bucket, entry.version));
    if (page.length === PAGE_SIZE) break;
  }
  return page;
}

function describe(bucket: Bucket, version: ObjectVersion): ListedObject {
  const { storageClass = STANDARD, replication, encryption, customerKey } = version.facts;
  const versionId = describeVersionId(bucket, version);
  const isKms = encryption?.algorithm.startsWith('aws:kms') === true;
  return {
    key: version.key,
    ...(versionId !== undefined && { versionId }),
    size: version.size,
    lastModifiedMs: version.lastModified,
    storageClass,
    encryption: customerKey ? 'SSE-C' : (encryption?.algorithm ?? 'AES256'),
    ...(isKms && { kmsKeyArn: kmsKeyArn(encryption.keyId), bucketKeyEnabled: encryption.bucketKey ?? false }),
    ...(replication !== undefined && { replicationStatus: replication }),
    isEligibleForReplication: rulesFor(bucket.settings.replication, version).length > 0,
  };
}
