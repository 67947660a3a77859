import type { ObjectTarget } from '../../../batch/object-target.ts';
import { AwsError } from '../../../core/aws-error.ts';
import type { S3Core } from '../core.ts';
import { isArchived } from '../rules/storage-class.ts';
import { type DestinationFault, replicate } from './replicate.ts';

type SourceFault =
  | 'SrcBucketNotFound'
  | 'SrcBucketReplicationConfigMissing'
  | 'SrcKeyNotFound'
  | 'SrcVersionNotFound'
  | 'SrcObjectNotEligible';

const MESSAGES: Record<SourceFault | DestinationFault, string> = {
  SrcBucketNotFound: 'The source bucket does not exist',
  SrcBucketReplicationConfigMissing: 'The source bucket has no replication configuration',
  SrcKeyNotFound: 'The source object does not exist',
  SrcVersionNotFound: 'The version of the source object does not exist',
  SrcObjectNotEligible: 'Object is not eligible for replication',
  DstBucketNotFound: 'The destination bucket does not exist',
  DstBucketUnversioned: 'Versioning is not enabled on the destination bucket',
  DstBucketObjectLockConfigMissing: 'The source bucket has Object Lock, but the destination bucket does not',
  DstObjectHardDeleted: 'The version was permanently deleted from the destination bucket',
};

/**
 * Replicates a version as Batch Replication does: even if it was replicated before, failed before, is older than the
 * rules, or is a replica itself. Throws the first replication failure reason.
 */
export function replicateOnDemand(
  s3: S3Core,
  { bucket: name, key, versionId }: Required<ObjectTarget>,
): void {
  const bucket = s3.buckets.get(name);
  if (!bucket) throw refusal('SrcBucketNotFound');
  if (!bucket.settings.replication) throw refusal('SrcBucketReplicationConfigMissing');
  const version = s3.objects.version(bucket.id, key, versionId);
  if (!version) throw refusal(s3.objects.current(bucket.id, key) ? 'SrcVersionNotFound' : 'SrcKeyNotFound');
  const faults = isArchived(version.facts.storageClass) ? undefined : replicate(s3, bucket, version);
  if (!faults) throw refusal('SrcObjectNotEligible');
  const [first] = faults;
  if (first) throw refusal(first);
}

const refusal = (reason: SourceFault | DestinationFault) => new AwsError(reason, 400, MESSAGES[reason]);
