import { bucketOf, nowSeconds, type S3Action, type S3Core } from '../core.ts';
import { bypassNotApplicable, invalidVersionId, notImplementedHeader } from '../errors.ts';
import { replicateNew } from '../replication/replicate.ts';
import { checkWriteConditions } from '../rules/conditions.ts';
import { checkRemovable } from '../rules/object-lock.ts';
import { checkVersionId } from '../rules/versions.ts';
import type { Bucket } from '../store/buckets.ts';
import { NULL_VERSION } from '../store/version.ts';
import { wasIssued } from '../store/version-ids.ts';

interface DeleteTarget {
  key: string;
  versionId?: string | undefined;
  ifMatch?: string | undefined;
  bypassGovernance?: boolean | undefined;
}

export interface DeleteOutcome {
  /** The version that was removed, or the delete marker that was created or removed. */
  versionId?: string;
  deleteMarker?: true;
}

export const deleteObject =
  (s3: S3Core): S3Action<'DeleteObject'> =>
  (input, { request }) => {
    const bucket = bucketOf(s3, input);
    checkBypass(bucket, input.BypassGovernanceRetention);
    // Only directory buckets support these conditions.
    for (const header of ['x-amz-if-match-last-modified-time', 'x-amz-if-match-size'])
      if (request.headers[header] !== undefined) throw notImplementedHeader(header);
    const { versionId, deleteMarker } = s3.database.transaction(() =>
      removeObject(s3, bucket, {
        key: input.Key ?? '',
        versionId: input.VersionId,
        ifMatch: input.IfMatch,
        bypassGovernance: input.BypassGovernanceRetention,
      }),
    );
    return { VersionId: versionId, DeleteMarker: deleteMarker };
  };

/** Deletes the named version permanently. Without a version id, a bucket with versioning gets a delete marker. */
export function removeObject(s3: S3Core, bucket: Bucket, target: DeleteTarget): DeleteOutcome {
  const { key, versionId, ifMatch, bypassGovernance } = target;
  checkVersionId(bucket, versionId);
  const current = s3.objects.current(bucket.id, key);
  if (ifMatch !== undefined) checkWriteConditions(key, current, { IfMatch: ifMatch });
  if (versionId !== undefined) return removeVersion(s3, bucket, key, versionId, bypassGovernance);
  if (bucket.settings.versioning === undefined) {
    if (current) s3.objects.remove(current);
    return {};
  }
  const marker = s3.objects.putDeleteMarker(bucket, key, nowSeconds(s3));
  replicateNew(s3, bucket, key);
  return { versionId: marker, deleteMarker: true };
}

function removeVersion(
  s3: S3Core,
  bucket: Bucket,
  key: string,
  versionId: string,
  bypassGovernance = false,
): DeleteOutcome {
  const version = s3.objects.version(bucket.id, key, versionId);
  const outcome = bucket.settings.versioning === undefined ? {} : { versionId };
  if (!version) {
    // A repeated delete succeeds: the id was issued, or nothing is left of the key.
    const isUnknown = !wasIssued(key, versionId) && s3.objects.current(bucket.id, key) !== undefined;
    if (isUnknown && versionId !== NULL_VERSION) throw invalidVersionId(versionId);
    return outcome;
  }
  checkRemovable(s3, version, bypassGovernance);
  s3.objects.remove(version);
  return version.isDeleteMarker ? { ...outcome, deleteMarker: true } : outcome;
}

/** Whether DeleteObjects can delete a version: it exists, or it existed. */
export const isDeletable = (s3: S3Core, { id }: Bucket, key: string, versionId: string): boolean =>
  versionId === NULL_VERSION ||
  wasIssued(key, versionId) ||
  s3.objects.version(id, key, versionId) !== undefined;

/** S3 refuses the bypass header, even with the value `false`, for a bucket without Object Lock. */
export function checkBypass({ settings }: Bucket, bypassGovernance: boolean | undefined): void {
  if (bypassGovernance !== undefined && !settings.objectLock) throw bypassNotApplicable();
}
