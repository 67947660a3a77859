import type { ReplicationRule } from '@aws-sdk/client-s3';
import type { S3Core } from '../core.ts';
import type { Bucket } from '../store/buckets.ts';
import type { ObjectVersion } from '../store/version.ts';
import { rulesFor } from './matching-rules.ts';
import { storeReplica } from './store-replica.ts';

/** Why a destination cannot store a replica. The names are the replication failure reasons of S3. */
export type DestinationFault =
  | 'DstBucketNotFound'
  | 'DstBucketUnversioned'
  | 'DstBucketObjectLockConfigMissing'
  | 'DstObjectHardDeleted';

/**
 * Replicates a version by the rules of its bucket and records the replication status. Returns the faults, or undefined
 * if no rule matches. Runs in the transaction of the caller, so the status is never PENDING.
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
    storeReplica(s3, target, version, destination);
    replicatedTo.add(name);
  }
  const outcome = faults.length === 0 ? 'COMPLETED' : 'FAILED';
  const replication = version.facts.replication === 'REPLICA' ? 'REPLICA' : outcome;
  if (!version.isDeleteMarker)
    s3.objects.changeFacts(version, { ...version.facts, replication, replicatedTo: [...replicatedTo] });
  return faults;
}

/** Replicates the current version of a key after a write. */
export function replicateNew(s3: S3Core, bucket: Bucket, key: string): void {
  if (!bucket.settings.replication) return;
  const version = s3.objects.current(bucket.id, key);
  if (version) replicate(s3, bucket, version);
}

const bucketName = (destination: ReplicationRule['Destination']) =>
  (destination?.Bucket ?? '').split(':').at(-1) ?? '';

/** The destination bucket, or why it cannot store the replica. A permanently deleted replica is not stored again. */
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
