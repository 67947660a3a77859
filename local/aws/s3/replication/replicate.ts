import type { ReplicationRule } from '@aws-sdk/client-s3';
import type { S3Core } from '../core.ts';
import type { Bucket } from '../store/buckets.ts';
import type { ObjectVersion } from '../store/version.ts';
import { placeReplica } from './place-replica.ts';
import { rulesFor } from './rules.ts';

/** Why a destination took no replica, in the words of S3's replication failure reasons. */
export type DestinationFault =
  | 'DstBucketNotFound'
  | 'DstBucketUnversioned'
  | 'DstBucketObjectLockConfigMissing'
  | 'DstObjectHardDeleted';

/**
 * Copies a version to where its bucket's rules say, notes on it how that went, and answers what was in the way;
 * undefined when no rule is for it. In the caller's transaction and at once: the status PENDING is never seen here.
 */
export function replicate(
  s3: S3Core,
  bucket: Bucket,
  version: ObjectVersion,
): DestinationFault[] | undefined {
  const rules = rulesFor(bucket.settings.replication, version);
  if (rules.length === 0) return undefined;
  const faults: DestinationFault[] = [];
  const replicatedTo = new Set(version.facts.replicatedTo);
  for (const { Destination: destination } of rules) {
    const name = bucketName(destination);
    const target = findDestination(s3, name, bucket, version);
    if (typeof target === 'string') {
      faults.push(target);
      continue;
    }
    placeReplica(s3, target, version, destination);
    replicatedTo.add(name);
  }
  const outcome = faults.length === 0 ? 'COMPLETED' : 'FAILED';
  const replication = version.facts.replication === 'REPLICA' ? 'REPLICA' : outcome;
  if (!version.isDeleteMarker)
    s3.objects.changeFacts(version, { ...version.facts, replication, replicatedTo: [...replicatedTo] });
  return faults;
}

/** Replicates what a write has just made the current version of a key. */
export function replicateNew(s3: S3Core, bucket: Bucket, key: string): void {
  if (!bucket.settings.replication) return;
  const version = s3.objects.current(bucket.id, key);
  if (version) replicate(s3, bucket, version);
}

const bucketName = (destination: ReplicationRule['Destination']) =>
  (destination?.Bucket ?? '').split(':').at(-1) ?? '';

/** The bucket that takes the replica. What was replicated there and deleted there for good does not come back. */
function findDestination(
  { buckets, objects }: S3Core,
  name: string,
  source: Bucket,
  { key, versionId, facts }: ObjectVersion,
): Bucket | DestinationFault {
  const bucket = buckets.get(name);
  if (!bucket) return 'DstBucketNotFound';
  if (bucket.settings.versioning !== 'Enabled') return 'DstBucketUnversioned';
  if (source.settings.objectLock && !bucket.settings.objectLock) return 'DstBucketObjectLockConfigMissing';
  if (facts.replicatedTo?.includes(name) && !objects.version(bucket.id, key, versionId))
    return 'DstObjectHardDeleted';
  return bucket;
}
