import { bucketOf, type S3Core } from '../core.ts';
import { invalidArgument, invalidVersionId, methodNotAllowed, noSuchKey, noSuchVersion } from '../errors.ts';
import type { Bucket } from '../store/buckets.ts';
import { NULL_VERSION, type ObjectVersion } from '../store/version.ts';

/** The object, or the version of it, that a request names. */
export interface VersionTarget {
  Bucket: string | undefined;
  Key: string | undefined;
  VersionId?: string | undefined;
  ExpectedBucketOwner?: string | undefined;
}

/** Throws InvalidArgument for text that cannot be a version id. Without versioning, the only id is `null`. */
export function checkVersionId({ settings }: Bucket, versionId: string | undefined): void {
  if (versionId === '') throw invalidArgument('Version id cannot be the empty string', 'versionId', '');
  if (versionId === undefined || versionId === NULL_VERSION) return;
  if (settings.versioning === undefined || !/^[\w.-]{32}$/.test(versionId)) throw invalidVersionId(versionId);
}

/** The version id as S3 returns it: only if versioning was ever configured for the bucket. */
export const describeVersionId = (
  bucket: Bucket,
  { versionId }: Pick<ObjectVersion, 'versionId'>,
): string | undefined => (bucket.settings.versioning === undefined ? undefined : versionId);

/**
 * The version to read or to change. For a delete marker, throws MethodNotAllowed and describes the marker in `headers`.
 * When a request reads an object without a version id (`hidesMarker`), the error is NoSuchKey.
 */
export function findVersion(
  s3: S3Core,
  target: VersionTarget,
  headers: Record<string, string> = {},
  method = 'GET',
  hidesMarker: boolean = method === 'GET' || method === 'HEAD',
): { bucket: Bucket; version: ObjectVersion } {
  const bucket = bucketOf(s3, target);
  const key = target.Key ?? '';
  checkVersionId(bucket, target.VersionId);
  const version =
    target.VersionId === undefined
      ? s3.objects.current(bucket.id, key)
      : s3.objects.version(bucket.id, key, target.VersionId);
  if (!version) throw target.VersionId === undefined ? noSuchKey(key) : noSuchVersion(key, target.VersionId);
  if (!version.isDeleteMarker) return { bucket, version };
  headers['x-amz-delete-marker'] = 'true';
  headers['x-amz-version-id'] = version.versionId;
  if (target.VersionId === undefined && hidesMarker) throw noSuchKey(key);
  headers['last-modified'] = new Date(version.lastModified).toUTCString();
  headers['allow'] = 'DELETE';
  throw methodNotAllowed(method, 'DeleteMarker');
}
