import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { isKnownError, KnownError } from '../core/errors.ts';
import type { JobRequest, Manifest } from '../core/generated/job-request.mjs';
import { objectOfArn } from '../domain/allowed/arns.ts';
import type { FoundManifest, StoredManifest } from '../domain/manifest/found-manifest.ts';
import { manifestOfObjects } from '../domain/manifest/manifest-rows.ts';
import type { ManifestWithEtag } from '../domain/request/create-job-input.ts';
import { s3Client } from './clients.ts';
import { unquoted } from './etags.ts';
import { callAws, statusOf } from './known-errors.ts';

/** The manifest of a request: the object in S3, or a new one from `Objects`. */
export async function findManifest(
  { Manifest, Objects }: JobRequest,
  stack: { bucket: string; tenantMark: string },
): Promise<FoundManifest | undefined> {
  if (Objects) return manifestOfObjects(Objects, stack);
  return Manifest && findStored(Manifest);
}

/**
 * The manifest with its present ETag, and its version if the bucket is versioned. Throws ManifestNotReadable. If the
 * caller sends the ETag, only a missing object is an error.
 */
async function findStored(manifest: Manifest): Promise<StoredManifest> {
  const { ObjectArn, ObjectVersionId, ETag } = manifest.Location;
  const { bucket: Bucket, key: Key } = objectOfArn(ObjectArn);
  const command = new HeadObjectCommand({
    Bucket,
    Key,
    ...(ObjectVersionId && { VersionId: ObjectVersionId }),
  });
  try {
    const head = await callAws(() => s3Client().send(command));
    const versionId = ObjectVersionId ?? (head.VersionId === 'null' ? undefined : head.VersionId);
    return {
      manifest: {
        ...manifest,
        Location: { ...manifest.Location, ...(versionId && { ObjectVersionId: versionId }) },
      },
      etag: unquoted(ETag ?? head.ETag),
      facts: {
        etag: unquoted(head.ETag),
        size: head.ContentLength ?? 0,
        ...(head.ServerSideEncryption && { encryption: head.ServerSideEncryption }),
      },
    };
  } catch (error) {
    if (ETag !== undefined && isKnownError(error) && statusOf(error) !== 404)
      return { manifest, etag: unquoted(ETag), whyUnreadable: error.message };
    // The answer to HEAD has no body, so the status is all that is known.
    if (isKnownError(error, 'RequestRefused', 'JobNotFound'))
      throw new KnownError('ManifestNotReadable', `S3 refused to read ${ObjectArn}: ${error.message}`, {
        faults: [{ pointer: '/Manifest/Location/ObjectArn', detail: 'cannot be read', code: 'manifest' }],
        cause: error,
      });
    throw error;
  }
}

/**
 * The manifest with its ETag; a manifest from `Objects` is stored first. Its key is a hash of its content. The PUT
 * replaces whatever is stored there, and restarts the expiry.
 */
export async function storeManifest(found: FoundManifest, bucket: string): Promise<ManifestWithEtag> {
  const { manifest } = found;
  if (!('csv' in found)) return { manifest, etag: found.etag };
  const command = new PutObjectCommand({
    Bucket: bucket,
    Key: found.key,
    Body: found.csv,
    ContentType: 'text/csv',
  });
  const { ETag } = await callAws(() => s3Client().send(command));
  return { manifest, etag: unquoted(ETag) };
}
