import { bucketOf, type S3Action, type S3Core } from '../core.ts';
import { illegalVersioning, invalidBucketState, malformedXml, notImplementedHeader } from '../errors.ts';
import type { Bucket } from '../store/buckets.ts';

export const getBucketVersioning =
  (s3: S3Core): S3Action<'GetBucketVersioning'> =>
  (input) => {
    const { versioning } = bucketOf(s3, input).settings;
    return versioning === undefined ? {} : { Status: versioning };
  };

export const putBucketVersioning =
  (s3: S3Core): S3Action<'PutBucketVersioning'> =>
  (input) => {
    const bucket = bucketOf(s3, input);
    const { Status: status, MFADelete: mfaDelete } = input.VersioningConfiguration ?? {};
    if (status === undefined) throw illegalVersioning();
    if (mfaDelete === 'Enabled') throw notImplementedHeader('x-amz-mfa');
    if (status !== 'Enabled' && status !== 'Suspended') throw malformedXml();
    if (status === 'Suspended') checkSuspendable(bucket);
    s3.database.transaction(() => s3.buckets.change(bucket, { versioning: status }));
    return {};
  };

function checkSuspendable({ settings }: Bucket) {
  if (settings.objectLock)
    throw invalidBucketState(
      'An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.',
    );
  if (settings.replication)
    throw invalidBucketState(
      'A replication configuration is present on this bucket, so you cannot change the versioning state. To change the versioning state, first delete the replication configuration.',
    );
}
