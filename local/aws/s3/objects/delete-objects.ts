import type { DeletedObject, _Error as DeleteError, ObjectIdentifier } from '@aws-sdk/client-s3';
import { AwsError } from '../../../core/aws-error.ts';
import { bucketOf, type S3Action, type S3Core } from '../core.ts';
import { invalidRequest, malformedXml, noSuchVersion, notImplementedHeader } from '../errors.ts';
import { hasDigest } from '../payload/verified-body.ts';
import { checkBypass, isDeletable, removeObject } from './delete-object.ts';

const MAX_OBJECTS = 1000;

export const deleteObjects =
  (s3: S3Core): S3Action<'DeleteObjects'> =>
  (input, { request }) => {
    const bucket = bucketOf(s3, input);
    if (!hasDigest(request.headers))
      throw invalidRequest('Missing required header for this request: Content-MD5 OR x-amz-checksum-*');
    checkBypass(bucket, input.BypassGovernanceRetention);
    const { Objects: objects = [], Quiet: quiet = false } = input.Delete ?? {};
    if (objects.length === 0 || objects.length > MAX_OBJECTS) throw malformedXml();
    const deleted: DeletedObject[] = [];
    const errors: DeleteError[] = [];
    s3.database.transaction(() => {
      for (const { Key: key = '', VersionId: versionId, ETag: ifMatch, ...conditions } of objects) {
        try {
          refuseOtherConditions(conditions);
          if (versionId !== undefined && !isDeletable(s3, bucket, key, versionId))
            throw noSuchVersion(key, versionId);
          const bypassGovernance = input.BypassGovernanceRetention;
          const outcome = removeObject(s3, bucket, { key, versionId, ifMatch, bypassGovernance });
          deleted.push(describe(key, versionId, outcome));
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          errors.push({ Key: key, VersionId: versionId, Code: error.code, Message: error.message });
        }
      }
    });
    return { ...(!quiet && { Deleted: deleted }), ...(errors.length > 0 && { Errors: errors }) };
  };

/** Refuses conditions that only directory buckets support. */
function refuseOtherConditions(conditions: Omit<ObjectIdentifier, 'Key' | 'VersionId' | 'ETag'>) {
  const [name] = Object.keys(conditions);
  if (name !== undefined) throw notImplementedHeader(name);
}

const describe = (
  key: string,
  versionId: string | undefined,
  outcome: ReturnType<typeof removeObject>,
): DeletedObject => ({
  Key: key,
  VersionId: versionId,
  ...(outcome.deleteMarker && { DeleteMarker: true, DeleteMarkerVersionId: outcome.versionId }),
});
